"""Real documents as a dataset: gold examples that the app exports and labeled documents of other projects, split by vendor.

Lines are read twice and never held: first to see who sent what and what repeats, then to write. Documents that share a vendor, a layout,
a printed company name or nearly all their text go together. Groups in an order drawn by the seed fill the test split until it has its
share of the documents, then validation; the rest is trained on. So the validation vendors are held out as well, and a set of fewer than
three groups is refused. A document with the text of an earlier one is left out; one with nearly the same text too, unless both have
invoice numbers and these differ (the product's own rule: bills of one vendor may share nearly all their words).
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from mlcore.compare import same
from mlcore.dataset.dedupe import SeenTexts, Twin
from mlcore.dataset.directory import Entry, Split, entry_from_json
from mlcore.dataset.external import external_entry
from mlcore.errors import DatasetError, RecordError
from mlcore.normalize import comparison_key
from mlcore.schema import ValueKind


@dataclass(frozen=True)
class Sorting:
    """Where each document goes: ``splits[n]`` for document ``n`` of the files together, ``None`` for one that is left out."""

    splits: tuple[Split | None, ...]
    removed: dict[str, int]
    held_out: tuple[str, ...]

    def count(self, split: Split) -> int:
        """Documents of a split."""
        return self.splits.count(split)


def read_gold(path: Path) -> Iterator[Entry]:
    """The examples of a file, one JSON object a line: gold with its document (``gold/export/?format=examples``, or a split of a dataset),
    or labeled external documents (``external``). Raises ``DatasetError`` that names the line."""
    number = 0
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                yield _entry(line, number)
    except (OSError, ValueError, KeyError, TypeError, RecordError) as error:
        raise DatasetError(f"Line {number} of {path} cannot be read as a gold example: {error}") from error


def sort_by_vendor(paths: Sequence[Path], seed: int, share: float = 0.1) -> Sorting:
    """Decide where every document goes; ``share`` of the documents, in whole vendors, tests, and as much validates."""
    seen, removed = SeenTexts(), Counter[str]()
    numbers: dict[str, str | None] = {}
    groups = _Groups()
    marks: list[tuple[str, str] | None] = []
    for place, entry in enumerate(entry for path in paths for entry in read_gold(path)):
        name, number = str(place), entry.gold.record.invoice_number

        def another(twin: Twin, number: str | None = number) -> bool:
            return not twin.exact and all(_differ(number, numbers[other]) for other in twin.names)

        twin = seen.add(name, entry.gold.document, another)
        if twin is not None and not another(twin):
            removed["exact" if twin.exact else "near"] += 1
            marks.append(None)
            continue
        numbers[name] = number
        company = comparison_key(ValueKind.TEXT, entry.gold.record.vendor.name)
        kinds = (("vendor", entry.gold.vendor_key), ("layout", entry.layout), ("name", company))
        alike = [mark[0] for other in (twin.names if twin else ()) if (mark := marks[int(other)])]
        marks.append((groups.join(*alike, *(f"{kind}:{mark}" for kind, mark in kinds if mark)), entry.gold.vendor_key))
    return _sorted(groups, marks, dict(sorted(removed.items())), seed, share)


def _sorted(groups: _Groups, marks: Sequence[tuple[str, str] | None], removed: dict[str, int], seed: int, share: float) -> Sorting:
    found = [(groups.root(mark[0]), mark[1]) if mark else None for mark in marks]
    sizes = Counter(one[0] for one in found if one)
    if len(sizes) < 3:
        raise DatasetError(f"The documents are of {len(sizes)} groups of vendors; three are needed, one for each split. Add other vendors.")
    order = sorted(sizes, key=lambda key: hashlib.sha256(f"{seed}:{key}".encode()).digest())
    wanted, total = share * sizes.total(), 0
    homes: dict[str, Split] = {}
    targets = [Split.TEST, Split.VALIDATION]
    for key in order:
        homes[key] = targets[0] if targets else Split.TRAIN
        total += sizes[key]
        if targets and (total >= wanted or len(order) - len(homes) <= len(targets)):
            targets.pop(0)
            total = 0
    splits = tuple(homes[one[0]] if one else None for one in found)
    held_out = sorted({one[1] for one, split in zip(found, splits, strict=True) if one and split is Split.VALIDATION})
    return Sorting(splits, removed, tuple(held_out))


class _Groups:
    """Marks that belong together, by the smallest of them."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def root(self, mark: str) -> str:
        """The mark that stands for the group of a mark."""
        while (above := self._above.setdefault(mark, mark)) != mark:
            mark = above
        return mark

    def join(self, *marks: str) -> str:
        """Put the groups of the marks together; blank ones are no marks. Returns one of the marks."""
        roots = sorted(self.root(mark) for mark in marks if mark)
        for other in roots[1:]:
            self._above[other] = roots[0]
        return roots[0]


def _differ(one: str | None, other: str | None) -> bool:
    return bool(one and other) and not same(ValueKind.IDENTIFIER, one, other)


def _entry(line: str, number: int) -> Entry:
    row = json.loads(line)
    if not isinstance(row, dict):
        raise ValueError("it is no JSON object")
    if "label" in row:
        return external_entry(json.loads(line, parse_float=Decimal))
    if "document" not in row or not isinstance(row["document"], dict):
        raise ValueError("it has no words of the document; export gold with format=examples")
    return entry_from_json({"id": number, **row})
