"""Where the picture of a place on a page is fetched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from invoices.models import Page


def page_images(pages: QuerySet[Page]) -> dict[tuple[int, int], str]:
    """Document and page number to the hash of the page's image: one statement."""
    return {(document, number): sha256 for document, number, sha256 in pages.values_list("document", "number", "image_sha256")}


def crop_address(document_id: int, evidence: Sequence[Mapping[str, Any]], images: Mapping[tuple[int, int], str]) -> str:
    """The address of the crop around all places on the first one's page; ``""`` when that page is not there."""
    page = int(evidence[0]["page"])
    image = images.get((document_id, page))
    if image is None:
        return ""
    boxes = [place["box"] for place in evidence if int(place["page"]) == page]
    around = [min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)]
    box = ",".join(f"{side:.4f}" for side in around)
    return f"{reverse('document-page-crop', args=[document_id, page])}?box={box}&v={image[:16]}"
