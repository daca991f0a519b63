"""Builds a dataset directory of synthetic documents: split by vendor (``split_rules``), each text once (``dedupe``), training documents
augmented (``augment``), frozen by hash (``directory``) and checked (``leaks``).

The same plan gives the same bytes. Texts are compared before they are augmented, test documents first, then validation, so that what
repeats is taken out of the training documents.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from mlcore.dataset.anonymise import company_key
from mlcore.dataset.augment import AUGMENTATIONS, augmented
from mlcore.dataset.dedupe import SeenTexts
from mlcore.dataset.directory import MANIFEST, Entry, Split, SplitFile, write_manifest, write_split
from mlcore.dataset.ingest import Sorting, read_gold, sort_by_vendor
from mlcore.dataset.leaks import check_leaks
from mlcore.dataset.split_rules import TEST_SEED, SplitRule, composed_rule, guide_rule, keys
from mlcore.documents import DocumentText, TextSource
from mlcore.errors import DatasetError

_COMPRESS_FROM = 5_000
GUIDE_DOCUMENTS = 10_000
MOST_NOISE = 5.0
"""Times the measured noise."""
Watch = Callable[[Split, int, int], None]
"""Told of the split, the documents made so far and those wanted."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How large a dataset is and what is done to its training documents.

    ``documents`` are the training documents; with ``split="guide"`` all documents, and layouts and the counts of the other splits
    follow from it. ``noise`` is the share of training documents with OCR noise of ``noise_level`` (``noise.noisy``); each other
    augmentation of ``augment`` happens to a ``share`` of them.
    """

    split: str = "composed"
    documents: int = 300
    layouts: int = 200
    seed: int = 7
    validation: int = 60
    held_layouts: int = 30
    test: int = 270
    augment: tuple[str, ...] = ("noise",)
    noise: float = 0.5
    noise_level: float = 1.0
    share: float = 0.3

    def checked(self) -> Plan:
        """The plan itself. Raises ``DatasetError`` with every fault."""
        faults = [
            f"{name} is {value}; at least 1 is needed."
            for name in ("documents", "layouts", "validation", "held_layouts", "test")
            if (value := getattr(self, name)) < 1
        ]
        if self.split not in ("composed", "guide"):
            faults.append(f"split is {self.split!r}; composed and guide are known.")
        if self.split == "guide" and self.documents < 100:
            faults.append(f"documents is {self.documents}; the split guide needs 100, so that every vendor writes.")
        if unknown := [name for name in self.augment if name not in AUGMENTATIONS]:
            faults.append(f"There is no augmentation {', '.join(unknown)}; known are {', '.join(AUGMENTATIONS)}.")
        faults += [
            f"{name} is {getattr(self, name)}; it is a share from 0 to 1." for name in ("noise", "share") if not _is_share(self, name)
        ]
        if not 0 <= self.noise_level <= MOST_NOISE:
            faults.append(f"noise_level is {self.noise_level}; 0 to {MOST_NOISE:g} times the measured noise is possible.")
        if faults:
            raise DatasetError(" ".join(faults))
        return self

    def rule(self) -> SplitRule:
        """Vendors and counts of each split."""
        if self.split == "guide":
            return guide_rule(self.documents, self.seed)
        return composed_rule(self.documents, self.validation, self.test, self.layouts, self.held_layouts, self.seed)


def build(folder: Path, plan: Plan, watch: Watch | None = None) -> dict[str, Any]:
    """Write a dataset directory, check it for leaks and return its manifest. Raises ``DatasetError``."""
    rule = plan.checked().rule()
    _empty(folder)
    seen, removed = SeenTexts(), Counter[str]()
    files: dict[Split, SplitFile] = {}
    last_step = _LastStep(plan)
    for split in (Split.TEST, Split.VALIDATION, Split.TRAIN):
        entries = (last_step(entry, split) for entry in _entries(rule, split, seen, removed, watch))
        files[split] = write_split(folder, split, entries, compress=rule.counts[split] >= _COMPRESS_FROM)
    return _frozen(folder, _told(plan, rule, removed), files)


def build_from_files(folder: Path, paths: Sequence[Path], plan: Plan, watch: Watch | None = None) -> dict[str, Any]:
    """As ``build``, from files of labeled documents (``ingest``); of the plan, seed and augmentations count.

    Documents that OCR has read get no noise on top. Raises ``DatasetError``.
    """
    plan.checked()
    sorting = sort_by_vendor(paths, plan.seed)
    _empty(folder)
    files = {}
    last_step = _LastStep(plan)
    for split in (Split.TEST, Split.VALIDATION, Split.TRAIN):
        count = sorting.count(split)
        entries = _watched((last_step(entry, split) for entry in _ingested(paths, sorting, split)), split, count, watch)
        files[split] = write_split(folder, split, entries, compress=count >= _COMPRESS_FROM)
    says = "Whole vendors (with their layouts and names) in an order drawn by the seed: a tenth tests, a tenth validates, the rest trains."
    told = {"plan": {"from": [path.name for path in paths], **_plan_json(plan)}, "split_rule": says}
    vendors = {"held_out": list(sorting.held_out)}
    return _frozen(folder, {**told, "vendors": vendors, "removed": sorting.removed}, files)


def _empty(folder: Path) -> None:
    """No dataset is in the folder until ``_frozen`` says so: half of a new one must not be read as the old one."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST).unlink(missing_ok=True)


def _frozen(folder: Path, told: dict[str, Any], files: dict[Split, SplitFile]) -> dict[str, Any]:
    """Write the manifest and check; a dataset that leaks keeps no manifest, so that nothing reads it."""
    manifest = write_manifest(folder, told, files)
    try:
        check_leaks(folder)
    except DatasetError:
        (folder / MANIFEST).unlink()
        raise
    return manifest


class _LastStep:
    """Training documents are augmented, with no invented name of a company that tests or validates: the training split comes last."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._reserved: set[str] = set()

    def __call__(self, entry: Entry, split: Split) -> Entry:
        if split is Split.TRAIN:
            return augmented_entry(entry, self._plan, self._reserved)
        self._reserved.add(company_key(entry.gold.record.vendor.name))
        return entry


def _ingested(paths: Sequence[Path], sorting: Sorting, split: Split) -> Iterator[Entry]:
    entries = (entry for path in paths for entry in read_gold(path))
    return (entry for entry, home in zip(entries, sorting.splits, strict=True) if home is split)


def _watched(entries: Iterator[Entry], split: Split, count: int, watch: Watch | None) -> Iterator[Entry]:
    for number, entry in enumerate(entries, start=1):
        yield entry
        if watch is not None:
            watch(split, number, count)


def _entries(rule: SplitRule, split: Split, seen: SeenTexts, removed: Counter[str], watch: Watch | None) -> Iterator[Entry]:
    for number, document in enumerate(rule.documents(split), start=1):
        entry = Entry(document.id, document.vendor.key, document.gold, "synthetic")
        twin = seen.add(entry.id, entry.gold.document)
        if twin is not None:
            removed["exact" if twin.exact else "near"] += 1
        else:
            yield entry
        if watch is not None:
            watch(split, number, rule.counts[split])


def augmented_entry(entry: Entry, plan: Plan, reserved: Collection[str] = ()) -> Entry:
    """A training document with each augmentation that fell to it, beside those that it has. Which these are depends on its id alone.

    ``reserved`` are names that are not invented (``anonymise.company_key``).
    """
    rng = random.Random(f"noise:{plan.seed}:{entry.id}")  # noqa: S311 - reproducible, nothing secret
    noisy = "noise" in plan.augment and rng.random() < plan.noise and is_printed(entry.gold.document)
    chosen = {name for name in AUGMENTATIONS if name in plan.augment and name != "noise" and rng.random() < plan.share}
    steps = tuple(name for name in AUGMENTATIONS if name in chosen or (name == "noise" and noisy))
    if not steps:
        return entry
    gold, done = augmented(entry.gold, steps, rng, plan.noise_level, reserved)
    return replace(entry, gold=gold, augmented=(*entry.augmented, *done))


def is_printed(document: DocumentText) -> bool:
    """Whether no page of a document was read by OCR."""
    return all(page.source is TextSource.TEXT_LAYER for page in document.pages)


def _is_share(plan: Plan, name: str) -> bool:
    return 0 <= float(getattr(plan, name)) <= 1


def _told(plan: Plan, rule: SplitRule, removed: Counter[str]) -> dict[str, Any]:
    vendors = {"trained": keys(rule.trained), "held_out": keys(rule.held_out), "test": keys(rule.test)}
    says = "Train: vendors trained. Validation: vendors trained and held_out. Test: vendors test, never trained on."
    return {
        "plan": _plan_json(plan),
        "test_seed": TEST_SEED,
        "split_rule": says,
        "vendors": vendors,
        "removed": dict(sorted(removed.items())),
    }


def _plan_json(plan: Plan) -> dict[str, Any]:
    return {**asdict(plan), "augment": list(plan.augment)}
