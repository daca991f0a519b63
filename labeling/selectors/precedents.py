"""Rulings as precedents: what was decided for the same vendor and field before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from invoices.models import Page, Vendor
from labeling.models import Difference, Ruling

SHOWN = 3
_LOOKED_AT = 12


@dataclass(frozen=True, slots=True)
class Precedent:
    """A ruling, and the page that its crop is on (``None`` without a place)."""

    ruling: Ruling
    page: Page | None


def precedents(vendor_id: int | None, field: str, *, not_of: int | None = None, limit: int = SHOWN) -> list[Precedent]:
    """The rulings for a vendor and field to be shown, those with a reason first, then the newest; none twice. Two statements.

    ``not_of`` is the document they are shown beside: a ruling that settled something of it is left out.
    """
    return precedents_by_field(vendor_id, [field], not_of=not_of, limit=limit).get(field, [])


def precedents_by_field(
    vendor_id: int | None, fields: Iterable[str], *, not_of: int | None = None, limit: int = SHOWN
) -> dict[str, list[Precedent]]:
    """As ``precedents``, for several fields; three statements at most, however many there are."""
    wanted = sorted(set(fields))
    if vendor_id is None or not wanted:
        return {}
    by_field: dict[str, list[Ruling]] = {}
    for ruling in _latest(vendor_id, wanted, not_of):
        by_field.setdefault(ruling.field, []).append(ruling)
    chosen = {field: _worth_showing(rulings)[:limit] for field, rulings in by_field.items()}
    pages = _pages(ruling for rulings in chosen.values() for ruling in rulings)
    return {
        field: [Precedent(ruling, pages.get((ruling.place.get("document"), ruling.place.get("page")))) for ruling in rulings]
        for field, rulings in chosen.items()
    }


def _latest(vendor_id: int, fields: list[str], not_of: int | None) -> QuerySet[Ruling]:
    """The newest rulings of each field, by one index lookup each inside of one statement."""
    standing = Vendor.objects.filter(Q(pk=vendor_id) | Q(merged_into=vendor_id)).values_list("pk", flat=True)
    rows = Ruling.objects.filter(undone_at=None)
    if not_of is not None:
        rows = rows.exclude(Exists(Difference.objects.filter(ruling=OuterRef("pk"), adjudication__document=not_of)))
    newest = Q()
    for vendor in standing:
        for field in fields:
            newest |= Q(pk__in=rows.filter(vendor=vendor, field=field).order_by("-pk").values("pk")[:_LOOKED_AT])
    return Ruling.objects.filter(newest).select_related("author", "guideline").order_by("-pk") if newest else Ruling.objects.none()


def _worth_showing(rulings: list[Ruling]) -> list[Ruling]:
    distinct = {(ruling.value, ruling.choice == "absent", ruling.reason): ruling for ruling in reversed(rulings)}
    return sorted(distinct.values(), key=lambda ruling: (not ruling.reason, -ruling.pk))


def _pages(rulings: Iterable[Ruling]) -> dict[tuple[int, int], Page]:
    at = {(ruling.place["document"], ruling.place["page"]) for ruling in rulings if ruling.place}
    if not at:
        return {}
    rows = Page.objects.filter(document__in={document for document, _ in at}, number__in={number for _, number in at})
    rows = rows.only("document_id", "number", "image_sha256", "image_width", "image_height")
    return {(page.document_id, page.number): page for page in rows}
