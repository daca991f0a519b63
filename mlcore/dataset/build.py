"""Which documents a synthetic dataset is made of: vendors for each split, the seeds of each stream, and which documents are noisy.

Training documents come from ``layouts`` composed vendors of the seed. Half of the validation documents come from the same vendors (other
documents), half from vendors of another seed, which are never trained on. Test documents come from the 27 hand-made vendors and do not
depend on the seed, the number of layouts or of training documents: every dataset built with the same counts has the same test split.
Composed vendor ``n`` of a seed is always the same company, so more layouts include the fewer. A company that shares its name with
one of an earlier split (the test's first) is left out.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mlcore.dataset.directory import Entry, Split, SplitFile, write_manifest, write_split
from mlcore.dataset.relabel import noisy_example
from mlcore.dataset.synthetic import SyntheticDocument, Vendor, generate
from mlcore.dataset.synthetic.composed import compose_vendor
from mlcore.dataset.synthetic.vendors import HAND_MADE
from mlcore.errors import DatasetError
from mlcore.normalize import comparison_key
from mlcore.schema import ValueKind

TEST_SEED = 40_001
_HELD_SEED = 500_000
_SEEN_STREAM, _UNSEEN_STREAM = 1_000_000, 2_000_000
_COMPRESS_FROM = 5_000
Watch = Callable[[Split, int, int], None]
"""Told of the split, the documents written so far and those wanted."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How large a dataset is. ``noise`` is the share of noisy training documents, ``noise_level`` as in ``noise.noisy``."""

    documents: int = 300
    layouts: int = 200
    seed: int = 7
    validation: int = 60
    held_layouts: int = 30
    test: int = 270
    noise: float = 0.5
    noise_level: float = 1.0

    def checked(self) -> Plan:
        """The plan itself. Raises ``DatasetError`` with every fault."""
        faults = [
            f"{name} is {value}; at least 1 is needed."
            for name in ("documents", "layouts", "validation", "held_layouts", "test")
            if (value := getattr(self, name)) < 1
        ]
        if not 0 <= self.noise <= 1:
            faults.append(f"noise is {self.noise}; it is a share from 0 to 1.")
        if not 0 <= self.noise_level <= 5:
            faults.append(f"noise_level is {self.noise_level}; 0 to 5 times the measured noise is possible.")
        if faults:
            raise DatasetError(" ".join(faults))
        return self


@dataclass(frozen=True)
class Vendors:
    """The companies of each split; ``held_out`` validates only."""

    trained: tuple[Vendor, ...]
    held_out: tuple[Vendor, ...]
    test: tuple[Vendor, ...] = HAND_MADE


def vendors_of(plan: Plan) -> Vendors:
    """The companies of a plan; no name is in two splits."""
    taken = {_name(maker) for maker in HAND_MADE}
    trained = _distinct(plan.layouts, plan.seed, taken)
    taken |= {_name(maker) for maker in trained}
    return Vendors(trained, _distinct(plan.held_layouts, plan.seed + _HELD_SEED, taken))


def build(folder: Path, plan: Plan, watch: Watch | None = None) -> dict[str, Any]:
    """Write a dataset directory and return its manifest. The same plan gives the same bytes. Raises ``DatasetError``."""
    plan.checked()
    makers = vendors_of(plan)
    folder.mkdir(parents=True, exist_ok=True)
    streams: dict[Split, tuple[int, Iterator[Entry]]] = {
        Split.TRAIN: (plan.documents, _training(plan, makers)),
        Split.VALIDATION: (plan.validation, _validation(plan, makers)),
        Split.TEST: (plan.test, (_entry(document) for document in generate(plan.test, TEST_SEED, makers.test))),
    }
    files: dict[Split, SplitFile] = {}
    for split, (count, entries) in streams.items():
        files[split] = write_split(folder, split, _watched(entries, split, count, watch), compress=count >= _COMPRESS_FROM)
    return write_manifest(folder, _rule(plan, makers), files)


def _training(plan: Plan, makers: Vendors) -> Iterator[Entry]:
    for document in generate(plan.documents, plan.seed, makers.trained):
        entry = _entry(document)
        rng = random.Random(f"noise:{plan.seed}:{entry.id}")  # noqa: S311 - reproducible, nothing secret
        if rng.random() < plan.noise:
            entry = Entry(entry.id, entry.layout, noisy_example(entry.gold, rng, plan.noise_level), entry.set, ("noise",))
        yield entry


def _validation(plan: Plan, makers: Vendors) -> Iterator[Entry]:
    """Documents of seen and unseen vendors in turn, so that any beginning of the file has both."""
    unseen = plan.validation // 2
    streams = (
        generate(plan.validation - unseen, plan.seed + _SEEN_STREAM, makers.trained),
        generate(unseen, plan.seed + _UNSEEN_STREAM, makers.held_out),
    )
    for number in range(plan.validation):
        yield _entry(next(streams[number % 2]))


def _entry(document: SyntheticDocument) -> Entry:
    return Entry(document.id, document.vendor.key, document.gold, "synthetic")


def _watched(entries: Iterator[Entry], split: Split, count: int, watch: Watch | None) -> Iterator[Entry]:
    for number, entry in enumerate(entries, start=1):
        yield entry
        if watch is not None:
            watch(split, number, count)


def _distinct(count: int, seed: int, taken: set[str]) -> tuple[Vendor, ...]:
    """The first ``count`` composed vendors of a seed whose names are not taken."""
    found: list[Vendor] = []
    index = 0
    while len(found) < count:
        maker = compose_vendor(index, seed)
        index += 1
        if _name(maker) not in taken:
            found.append(maker)
        elif index > 20 * count + 1_000:
            raise DatasetError(f"Only {len(found)} of {count} layouts have a company name of their own; ask for fewer.")
    return tuple(found)


def _name(maker: Vendor) -> str:
    return comparison_key(ValueKind.TEXT, maker.name)


def _keys(makers: Sequence[Vendor]) -> list[str]:
    return [maker.key for maker in makers]


def _rule(plan: Plan, makers: Vendors) -> dict[str, Any]:
    rule = "Train: composed vendors. Validation: the same and held-out composed vendors, in turn. Test: the hand-made vendors alone."
    vendors = {"trained": _keys(makers.trained), "held_out": _keys(makers.held_out), "test": _keys(makers.test)}
    return {"plan": asdict(plan), "test_seed": TEST_SEED, "split_rule": rule, "vendors": vendors}
