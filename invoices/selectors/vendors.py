"""The vendor master as the screens show it. A merged vendor is not listed; its page leads to the one that took it over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Lower

from invoices.models import Document, Vendor, VendorAlias, VendorStatus, VendorTemplate
from invoices.selectors.keyset import Ordering, Slice, ordering_named, read_cursor, slice_of
from invoices.vendor_master.editing import alias_key

PAGE_SIZE = 30
ORDERINGS = {
    "name": Ordering("sort_name"),
    "documents": Ordering("document_count"),
    "examples": Ordering("example_count"),
    "added": Ordering("created_at"),
}
DEFAULT_ORDERING = "name"
MERGE_CHOICES = 20


@dataclass(frozen=True, slots=True)
class VendorFilter:
    """What a person asked the list for. Values that do not exist are left out, so any address works."""

    status: str = ""
    text: str = ""
    sort: str = DEFAULT_ORDERING
    cursor: str = ""

    @classmethod
    def from_address(cls, query: Mapping[str, str]) -> VendorFilter:
        """Read ``?status=&q=&sort=&cursor=``."""
        status = query.get("status", "")
        return cls(
            status=status if status in VendorStatus.values else "",
            text=query.get("q", "").replace("\x00", "").strip()[:200],
            sort=query.get("sort", DEFAULT_ORDERING),
            cursor=query.get("cursor", ""),
        )

    @property
    def narrows(self) -> bool:
        """Whether anything is filtered out."""
        return bool(self.status or self.text)


@dataclass(frozen=True)
class VendorList:
    """One page of vendors with ``document_count`` and ``example_count``; ``counts`` has a number for each status."""

    rows: list[Vendor]
    next: str
    previous: str
    sort: str
    counts: dict[str, int]


@dataclass(frozen=True)
class VendorPage:
    """One vendor with its other names and its newest documents."""

    vendor: Vendor
    aliases: list[VendorAlias]
    documents: list[Document]
    document_count: int
    template: VendorTemplate | None
    merged: list[Vendor]


def vendor_list(wanted: VendorFilter) -> VendorList:
    """One page of vendors: two queries."""
    vendors = _matching(wanted.text)
    counts = dict(vendors.order_by().values_list("status").annotate(Count("pk")))
    sort, ordering = ordering_named(wanted.sort, ORDERINGS, DEFAULT_ORDERING)
    chosen = _counted(vendors.filter(status=wanted.status) if wanted.status else vendors)
    page: Slice[Vendor] = slice_of(chosen, ordering, read_cursor(wanted.cursor), PAGE_SIZE)
    by_status = {status: counts.get(status, 0) for status in VendorStatus.values}
    return VendorList(page.rows, page.next, page.previous, sort, {"": sum(counts.values()), **by_status})


def vendor_page(vendor_id: int) -> VendorPage | None:
    """One vendor, or ``None`` when there is none: six queries."""
    vendor = Vendor.objects.select_related("merged_into").filter(pk=vendor_id).first()
    if vendor is None:
        return None
    documents = Document.objects.filter(vendor=vendor)
    return VendorPage(
        vendor=vendor,
        aliases=list(vendor.aliases.exclude(key=alias_key(vendor.name)).order_by("name")),
        documents=list(documents.defer("text_signature").order_by("-pk")[:20]),
        document_count=documents.count(),
        template=vendor.templates.defer("payload").order_by("-pk").first(),
        merged=list(vendor.merged.order_by("name")),
    )


def merge_choices(vendor: Vendor, text: str) -> list[Vendor]:
    """Vendors that ``vendor`` could be merged into: those that match ``text``, most documents first; one query."""
    others = _counted(_matching(text.strip()[:200]).exclude(pk=vendor.pk))
    return list(others.order_by(F("document_count").desc(), "name")[:MERGE_CHOICES])


def _matching(text: str) -> QuerySet[Vendor]:
    vendors = Vendor.objects.filter(merged_into=None)
    if text:
        by_alias = VendorAlias.objects.filter(name__icontains=text).values("vendor")
        vendors = vendors.filter(Q(name__icontains=text) | Q(address__icontains=text) | Q(pk__in=by_alias))
    return vendors


def _counted(vendors: QuerySet[Vendor]) -> QuerySet[Vendor]:
    documents = Document.objects.filter(vendor=OuterRef("pk")).order_by().values("vendor").annotate(count=Count("pk")).values("count")
    examples = VendorTemplate.objects.filter(vendor=OuterRef("pk")).order_by("-pk").values("example_count")[:1]
    return vendors.annotate(
        sort_name=Lower(F("name")),
        document_count=Coalesce(Subquery(documents, output_field=IntegerField()), Value(0)),
        example_count=Coalesce(Subquery(examples, output_field=IntegerField()), Value(0)),
    )
