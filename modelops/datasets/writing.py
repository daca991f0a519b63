"""Second pass over the gold of a version: the files of each side, each text once, held-out documents first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mlcore.dataset.dedupe import SeenTexts, Twin
from mlcore.dataset.directory import Entry, Split, SplitFile, write_manifest, write_split
from mlcore.dataset.leaks import check_leaks
from mlcore.dataset.split_rules import company_name
from mlcore.dataset.synthetic import SyntheticDocument
from mlcore.errors import DatasetError
from mlcore.readers.layout import build_layout
from mlcore.templates.fingerprint import fingerprint
from modelops.datasets.candidates import entries_of
from modelops.datasets.rules import Rules
from modelops.datasets.sorting import Kept, LeftOut, Sorted, differ
from modelops.datasets.synthetic import SyntheticDocuments
from modelops.datasets.synthetic_numbers import Synthetic
from modelops.models import Side

COMPRESS_FROM = 5_000
ORDER = (Side.TEST, Side.VALIDATION, Side.TRAIN)
"""Of two documents with the same text the one that comes first here stays."""

SPLITS = {Side.TRAIN: Split.TRAIN, Side.VALIDATION: Split.VALIDATION, Side.TEST: Split.TEST}
Numbers = dict[str, tuple[str | None, Side]]
"""Invoice number and side of every text so far."""

_RULE = (
    "Whole vendors, for good (modelops/datasets/siding.py): train learns from the vendors of its side, validation and test hold vendors "
    "that are not trained on. Vendors that were merged, are called alike or have a layout in common are on one side together."
)


@dataclass
class Written:
    """What stands in the files: gold records of each side in order, documents by vendor, and the manifest."""

    items: dict[Side, list[Kept]] = field(default_factory=lambda: {side: [] for side in Side})
    synthetic: Counter[str] = field(default_factory=Counter)
    vendors: dict[str, dict[str, Any]] = field(default_factory=dict)
    manifest: dict[str, Any] = field(default_factory=dict)
    test_source: str = "gold"


def write_version(folder: Path, found: Sorted, wanted: Synthetic, rules: Rules) -> Written:
    """Write the directory and hold it against leaks. Raises ``DatasetError`` when there is nothing to learn from, or when it leaks.

    The same gold and the same rules give the same bytes. Memory does not grow with the texts.
    """
    written = Written(test_source="gold" if found.sides[Side.TEST] else "synthetic")
    made = _synthetic(found, wanted)
    seen, numbers = SeenTexts(), Numbers()
    files: dict[Split, SplitFile] = {}
    for side in ORDER:
        entries = _entries(side, found, made, seen, numbers, written)
        large = len(found.sides[side]) + made.counts[SPLITS[side]] >= COMPRESS_FROM
        files[SPLITS[side]] = write_split(folder, SPLITS[side], entries, compress=large)
    if not files[Split.TRAIN].documents:
        raise DatasetError(_nothing(found.left_out))
    keys = sorted({one.key for one in written.items[Side.VALIDATION]})
    told = {
        "plan": {"from": ["app"], "rules": rules.to_json(), "synthetic": wanted.to_json()},
        "split_rule": _RULE,
        "vendors": {"held_out": [*keys, *made.held_out()]},
        "removed": dict(sorted(found.left_out.counts.items())),
    }
    written.manifest = write_manifest(folder, told, files)
    check_leaks(folder)
    if made.left_out:
        found.left_out.counts["synthetic"] = made.left_out
    return written


def _synthetic(found: Sorted, wanted: Synthetic) -> SyntheticDocuments:
    counts = {
        Split.TRAIN: wanted.train,
        Split.VALIDATION: max(0, wanted.validation - len(found.sides[Side.VALIDATION])),
        Split.TEST: 0 if found.sides[Side.TEST] else wanted.test,
    }

    def gives_away(split: Split, document: SyntheticDocument) -> bool:
        others = [side for side in Side if SPLITS[side] is not split]
        if any(company_name(document.vendor) in found.names[side] for side in others):
            return True
        marks = fingerprint(build_layout(document.gold.document))
        return any(found.layouts.like(marks, found.members[side]) for side in others)

    return SyntheticDocuments(wanted, counts, gives_away)


def _entries(side: Side, found: Sorted, made: SyntheticDocuments, seen: SeenTexts, numbers: Numbers, written: Written) -> Iterator[Entry]:
    kept = found.sides[side]
    for one, entry in zip(kept, entries_of([(one.gold_id, one.layout, one.weight) for one in kept]), strict=True):
        if why := _repeats(side, entry, seen, numbers):
            found.left_out.add(why, one.document_id)
            continue
        written.items[side].append(one)
        _count(written.vendors.setdefault(one.key, {"side": side.value, "documents": 0, "weighted": 0, "line_types": {}}), entry)
        yield entry
    for entry in made.entries(SPLITS[side]):
        if not _repeats(side, entry, seen, numbers):
            written.synthetic[side.value] += 1
            yield entry


def _repeats(side: Side, entry: Entry, seen: SeenTexts, numbers: Numbers) -> str:
    """Why a text is not taken again; bills of one vendor may share nearly all their words, so another number makes another document, but
    not one that may be learned from while the other is held out."""
    number = entry.gold.record.invoice_number

    def another(twin: Twin) -> bool:
        return not twin.exact and all(differ(number, numbers[other][0]) for other in twin.names)

    twin = seen.add(entry.id, entry.gold.document, another)
    if twin is None or another(twin):
        numbers[entry.id] = number, side
        return "elsewhere" if twin is not None and any(numbers[other][1] is not side for other in twin.names) else ""
    return "duplicate" if twin.exact else "near_duplicate"


def _count(vendor: dict[str, Any], entry: Entry) -> None:
    vendor["documents"] += 1
    vendor["weighted"] += entry.weight != 1.0
    types: dict[str, int] = vendor["line_types"]
    for item in entry.gold.record.line_items:
        if item.type is not None:
            types[item.type.value] = types.get(item.type.value, 0) + 1


def _nothing(left_out: LeftOut) -> str:
    told = ", ".join(f"{count} {reason.replace('_', ' ')}" for reason, count in sorted(left_out.counts.items()) if count)
    why = f" Left out: {told}." if told else ""
    return f"There is no document to learn from.{why} Confirm documents of a vendor that is not held out, or add synthetic ones."


def counts_of(written: Written, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """``{sides: {side: {documents, gold, synthetic, vendors, weighted, line_types}}, vendors: {key: {side, documents, ...}}}``."""
    sides = {}
    for side in Side:
        told, items = manifest["splits"][SPLITS[side].value], written.items[side]
        sides[side.value] = {
            "documents": told["documents"],
            "gold": len(items),
            "synthetic": written.synthetic[side.value],
            "vendors": len({one.key for one in items}),
            "weighted": sum(one.weight != 1.0 for one in items),
            "line_types": told["line_types"],
        }
    return {"sides": sides, "vendors": written.vendors}
