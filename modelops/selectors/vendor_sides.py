"""Vendors and the side that each is on, as the screen and the API list them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from invoices.models import Vendor
from invoices.selectors.keyset import Ordering, read_cursor, slice_of
from labeling.models import GoldRecord
from modelops.models import DatasetItem, Side, VendorSide

PAGE_SIZE = 30
NONE = "none"
"""The tab of vendors with gold that have no side yet."""

TABS = {Side.TEST.value: "Held out", Side.VALIDATION.value: "Validation", Side.TRAIN.value: "Training", NONE: "Not drawn yet"}


@dataclass(frozen=True, slots=True)
class SideRow:
    """A vendor with its side, if it has one, its gold records, and whether data sets have made the side final (``fixed``)."""

    vendor: Vendor
    side: VendorSide | None
    golds: int
    fixed: bool


@dataclass(frozen=True)
class SideList:
    """One page; ``counts`` has a number for each tab."""

    rows: list[SideRow]
    next: str
    previous: str
    counts: dict[str, int]
    tab: str
    text: str


def side_list(query: Mapping[str, str]) -> SideList:
    """Read ``?side=&q=&cursor=``; values that do not exist are left out. Four statements."""
    tab = query.get("side", "")
    tab = tab if tab in TABS else Side.TEST.value
    text = query.get("q", "").replace("\x00", "").strip()[:200]
    vendors = Vendor.objects.filter(Q(name__icontains=text) | Q(aliases__name__icontains=text)).distinct() if text else Vendor.objects.all()
    page = slice_of(_of_tab(vendors, tab).select_related("merged_into"), Ordering("name"), read_cursor(query.get("cursor", "")), PAGE_SIZE)
    ids = [vendor.pk for vendor in page.rows]
    return SideList(_rows(page.rows, ids), page.next, page.previous, _counts(), tab, text)


def side_row(vendor: Vendor) -> SideRow:
    """One vendor as the list has it."""
    return _rows([vendor], [vendor.pk])[0]


def _of_tab(vendors: QuerySet[Vendor], tab: str) -> QuerySet[Vendor]:
    if tab == NONE:
        golds = GoldRecord.objects.filter(vendor=OuterRef("pk"), is_current=True)
        return vendors.filter(~Exists(VendorSide.objects.filter(vendor=OuterRef("pk"))), Exists(golds))
    return vendors.filter(Exists(VendorSide.objects.filter(vendor=OuterRef("pk"), side=tab)))


def _counts() -> dict[str, int]:
    counts = dict.fromkeys(TABS, 0) | dict(VendorSide.objects.order_by().values_list("side").annotate(Count("pk")))
    counts[NONE] = _of_tab(Vendor.objects.all(), NONE).count()
    return counts


def _rows(vendors: list[Vendor], ids: list[int]) -> list[SideRow]:
    fixed = Exists(DatasetItem.objects.filter(vendor=OuterRef("pk")))
    golds = Count("gold_records", filter=Q(gold_records__is_current=True))
    facts = {pk: (bool(final), count) for pk, final, count in _facts(ids, fixed, golds)}
    sides = {side.vendor_id: side for side in VendorSide.objects.filter(vendor__in=ids).select_related("assigned_by")}
    return [SideRow(vendor, sides.get(vendor.pk), facts[vendor.pk][1], facts[vendor.pk][0]) for vendor in vendors]


def _facts(ids: list[int], fixed: Exists, golds: Count) -> list[tuple[int, bool, int]]:
    rows = Vendor.objects.filter(pk__in=ids).annotate(fixed=fixed, golds=golds)
    return list(rows.values_list("pk", "fixed", "golds"))
