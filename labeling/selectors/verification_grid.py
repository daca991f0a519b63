"""One field across many documents: what batch verification shows, page by page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, QuerySet
from django.urls import reverse

from invoices.models import Document, Page, Prediction
from invoices.selectors.keyset import Ordering, read_cursor, slice_of
from labeling.review.verification import FIELDS, predicted_value, verifiable
from labeling.selectors.documents import vendor_choices
from mlcore.schema import FieldSpec, spec_for

PAGE_SIZE = 24
"""Documents on a page of the grid: as many as a person sees without scrolling far, and as many pictures as a page asks for."""

_NEWEST = Ordering("pk", descending=True)


@dataclass(frozen=True, slots=True)
class GridFilter:
    """The field and vendor to verify. Values that do not exist are left out, so any address works."""

    field: str = "total"
    vendor: int | None = None
    cursor: str = ""

    @classmethod
    def from_address(cls, query: Mapping[str, str]) -> GridFilter:
        """Read ``?field=&vendor=&cursor=``."""
        field, vendor = query.get("field", "total"), query.get("vendor", "")
        return cls(
            field=field if field in FIELDS else "total",
            vendor=int(vendor) if vendor.isascii() and vendor.isdigit() and len(vendor) < 16 else None,
            cursor=query.get("cursor", ""),
        )


@dataclass(frozen=True, slots=True)
class ValueCard:
    """One value with its crop. ``crop`` is the address of the picture; ``percent`` the confidence."""

    document: Document
    prediction_id: int
    value: str
    percent: int
    crop: str

    @property
    def vendor(self) -> str:
        """Whose document it is."""
        return self.document.vendor.name if self.document.vendor else "Vendor not recognised"


@dataclass(frozen=True)
class Grid:
    """One page of the grid, the values of one vendor together.

    ``without`` counts the documents of this page that have no such value, or no place for it.
    """

    spec: FieldSpec
    cards: list[ValueCard]
    without: int
    next: str
    previous: str
    vendors: list[tuple[int, str]]

    @property
    def count(self) -> int:
        """How many values are shown."""
        return len(self.cards)


def verification_grid(wanted: GridFilter) -> Grid:
    """One page: five queries, ``PAGE_SIZE`` documents at most."""
    documents = verifiable(wanted.field).select_related("vendor").defer("text_signature")
    if wanted.vendor is not None:
        documents = documents.filter(vendor_id=wanted.vendor)
    page = slice_of(documents, _NEWEST, read_cursor(wanted.cursor), PAGE_SIZE)
    cards = _cards(page.rows, wanted.field)
    cards.sort(key=lambda card: (card.vendor.casefold(), -card.document.pk))
    return Grid(spec_for(wanted.field), cards, len(page.rows) - len(cards), page.next, page.previous, vendor_choices())


def _cards(documents: list[Document], path: str) -> list[ValueCard]:
    ids = [document.pk for document in documents]
    newest = Prediction.objects.filter(document__in=ids).values("document").annotate(newest=Max("pk")).values("newest")
    predictions = {one.document_id: one for one in Prediction.objects.filter(pk__in=newest).defer("checks")}
    images = images_of(Page.objects.filter(document__in=ids))
    cards = []
    for document in documents:
        prediction = predictions.get(document.pk)
        field = next((one for one in prediction.fields if one["path"] == path), None) if prediction else None
        value = predicted_value(prediction, path) if prediction else None
        if prediction is None or field is None or value is None or not field.get("evidence"):
            continue
        crop = crop_address(document.pk, field["evidence"], images)
        if crop:
            cards.append(ValueCard(document, prediction.pk, value, round(100 * float(field["confidence"])), crop))
    return cards


def images_of(pages: QuerySet[Page]) -> dict[tuple[int, int], str]:
    return {(document, number): sha256 for document, number, sha256 in pages.values_list("document", "number", "image_sha256")}


def crop_address(document_id: int, evidence: list[dict[str, Any]], images: Mapping[tuple[int, int], str]) -> str:
    """The address of the crop around all places on the first one's page."""
    page = int(evidence[0]["page"])
    image = images.get((document_id, page))
    if image is None:
        return ""
    boxes = [place["box"] for place in evidence if int(place["page"]) == page]
    around = [min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)]
    box = ",".join(f"{side:.4f}" for side in around)
    return f"{reverse('document-page-crop', args=[document_id, page])}?box={box}&v={image[:16]}"
