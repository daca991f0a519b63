"""What two data set versions do not have in common, document by document."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from invoices.selectors.keyset import Ordering, Slice, read_cursor, slice_of
from modelops.models import DatasetItem, DatasetVersion
from modelops.selectors.datasets import items_of

PAGE_SIZE = 50
KINDS = {"added": "Added", "changed": "Corrected since", "weighed": "Counts differently", "gone": "Not in it any more"}
"""``changed``: another gold record of the same document; ``weighed``: the same record with another weight."""


@dataclass(frozen=True)
class DatasetDiff:
    """``counts`` for every kind and one page of one of them. Items of ``gone`` are the other version's."""

    version: DatasetVersion
    against: DatasetVersion
    counts: dict[str, int]
    kind: str
    page: Slice[DatasetItem]

    @property
    def both(self) -> tuple[DatasetVersion, DatasetVersion]:
        """The older one first."""
        one, other = sorted((self.version, self.against), key=lambda version: version.number)
        return one, other


def dataset_diff(version: DatasetVersion, against: DatasetVersion, kind: str = "", cursor: str = "") -> DatasetDiff:
    """How a version differs from another one: five statements."""
    sets = {name: rows(version, against, name) for name in KINDS}
    counts = {name: found.order_by().count() for name, found in sets.items()}
    first = next((name for name, count in counts.items() if count), "added")
    chosen = kind if kind in KINDS else first
    page = slice_of(sets[chosen], Ordering("pk"), read_cursor(cursor), PAGE_SIZE)
    return DatasetDiff(version, against, counts, chosen, page)


def rows(version: DatasetVersion, against: DatasetVersion, kind: str) -> QuerySet[DatasetItem]:
    """The items of one kind of difference, in no order."""
    if kind == "gone":
        return items_of(against).filter(~_same_document(version), removed_at=None)
    mine = items_of(version)
    same_gold = DatasetItem.objects.filter(version=against, gold=OuterRef("gold"))
    if kind == "added":
        return mine.filter(~_same_document(against))
    if kind == "changed":
        return mine.filter(_same_document(against), ~Exists(same_gold))
    return mine.filter(Exists(same_gold.exclude(weight=OuterRef("weight"))))


def _same_document(version: DatasetVersion) -> Exists:
    return Exists(DatasetItem.objects.filter(version=version, gold__document=OuterRef("gold__document"), removed_at=None))
