"""A dataset that knows its answers beforehand is refused: what is tested on must not have been learned from.

Faults: a vendor, a layout or a company name of the test split in another split; a vendor held out for validation in the training split;
the same or nearly the same text in two splits; an augmented test document; a test vendor in a retrieval index.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from mlcore.dataset.dedupe import SeenTexts
from mlcore.dataset.directory import Entry, Split, read_manifest, read_split
from mlcore.errors import DatasetError
from mlcore.normalize import comparison_key
from mlcore.schema import ValueKind

_TOLD = 12


def check_leaks(folder: Path, retrieval: Collection[str] = ()) -> None:
    """Read a whole dataset directory, its hashes included. Raises ``DatasetError`` that names documents and vendors.

    ``retrieval`` are the vendor keys of an index that a model may look into while it is tested.
    """
    held_out = frozenset(read_manifest(folder).get("vendors", {}).get("held_out", ()))
    watch = _Watch(held_out)
    faults = [f"The retrieval index holds test vendor {key}." for key in sorted(set(retrieval) & _vendors(folder, Split.TEST))]
    for split in (Split.TEST, Split.VALIDATION, Split.TRAIN):
        for entry in read_split(folder, split):
            faults.extend(watch.faults(split, entry))
    if faults:
        more = f" And {len(faults) - _TOLD} more." if len(faults) > _TOLD else ""
        raise DatasetError(f"The dataset {folder} leaks: {' '.join(faults[:_TOLD])}{more} Build it again with these taken out.")


def _vendors(folder: Path, split: Split) -> set[str]:
    return set(read_manifest(folder)["splits"][split.value]["vendors"])


class _Watch:
    """What was seen of the splits; the test split comes first."""

    def __init__(self, held_out: Collection[str]) -> None:
        self._held_out = held_out
        self._tested: dict[tuple[str, str], str] = {}
        self._texts = SeenTexts()
        self._told: set[tuple[str, str, Split]] = set()

    def faults(self, split: Split, entry: Entry) -> Iterator[str]:
        """What is wrong with one entry; a vendor is reported once for each split."""
        name = comparison_key(ValueKind.TEXT, entry.gold.record.vendor.name)
        marks = [("vendor", entry.gold.vendor_key), ("layout", entry.layout), ("company name", name)]
        for mark in marks:
            if not mark[1]:
                continue
            if split is Split.TEST:
                self._tested.setdefault(mark, entry.id)
            elif mark in self._tested and (*mark, split) not in self._told:
                self._told.add((*mark, split))
                yield f"The {mark[0]} {mark[1]} of test document {self._tested[mark]} is in {split} ({entry.id})."
        if split is Split.TRAIN and entry.gold.vendor_key in self._held_out and ("held", entry.gold.vendor_key, split) not in self._told:
            self._told.add(("held", entry.gold.vendor_key, split))
            yield f"Vendor {entry.gold.vendor_key} is held out for validation and trained on ({entry.id})."
        if split is Split.TEST and entry.augmented:
            yield f"Test document {entry.id} is augmented ({', '.join(entry.augmented)})."
        twin = self._texts.add(f"{split} {entry.id}", entry.gold.document, another=lambda _: True)
        if twin is not None and not twin.name.startswith(f"{split} "):
            yield f"{split} {entry.id} has the text of {twin.name} ({'all' if twin.exact else f'{twin.share:.0%}'} of it)."
