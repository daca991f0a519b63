"""Crops: small, around the place, whatever the box."""

from __future__ import annotations

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image, ImageDraw
from rest_framework.test import APIClient

from invoices import blobs
from invoices.audit.entries import AuditEntry
from invoices.crops import MAX_HEIGHT, MAX_WIDTH, crop
from invoices.models import Document, Page
from mlcore.documents import Box
from tests.conftest import Cast


def page_image() -> bytes:
    image = Image.new("RGB", (1275, 1650), "white")
    ImageDraw.Draw(image).rectangle((600, 800, 700, 820), fill="black")
    out = io.BytesIO()
    image.save(out, "WEBP")
    return out.getvalue()


@pytest.mark.parametrize("box", [Box(0.47, 0.48, 0.55, 0.5), Box(0, 0, 1, 1), Box(1, 1, 1, 1), Box(0, 0, 0, 0), Box(0.2, 0.1, 0.2, 0.9)])
def test_a_crop_is_a_small_picture(box: Box) -> None:
    made = crop(page_image(), box)
    with Image.open(io.BytesIO(made.data)) as picture:
        assert 1 <= picture.width <= MAX_WIDTH
        assert 1 <= picture.height <= MAX_HEIGHT
    assert len(made.data) < 12_000


def test_it_shows_the_place() -> None:
    with Image.open(io.BytesIO(crop(page_image(), Box(600 / 1275, 800 / 1650, 700 / 1275, 820 / 1650)).data)) as picture:
        grey = picture.convert("L")
        assert grey.getpixel((grey.width // 2, grey.height // 2)) < 40  # type: ignore[operator]
        assert grey.getpixel((1, 1)) > 200  # type: ignore[operator]


@pytest.mark.django_db
def test_the_endpoint_is_for_people_and_may_be_kept(cast: Cast) -> None:
    sha256 = blobs.store_bytes(page_image())
    document = Document.objects.create(sha256="0" * 64, name="a.pdf", media_type="application/pdf", size=1)
    Page.objects.create(
        document=document, number=1, width=612, height=792, source="ocr", image_sha256=sha256, image_width=1275, image_height=1650
    )
    address = f"/api/v1/documents/{document.pk}/pages/1/crop"
    assert APIClient().get(address).status_code == 401
    api = APIClient()
    api.force_authenticate(cast.biller1)
    answer = api.get(f"{address}?box=0.1,0.1,0.2,0.2&v={sha256[:16]}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/webp"
    assert "immutable" in answer["Cache-Control"]
    for bad in ("", "?box=1,2", "?box=0.5,0,0.2,1", "?box=nan,0,1,1", "?box=a,b,c,d"):
        assert api.get(address + bad).status_code == 400, bad
    assert api.get(f"/api/v1/documents/{document.pk}/pages/2/crop?box=0,0,1,1").status_code == 404


@pytest.mark.django_db
def test_what_is_no_place_is_refused_before_anything_is_read_or_recorded(cast: Cast) -> None:
    api = APIClient()
    api.force_authenticate(cast.biller1)
    with CaptureQueriesContext(connection) as statements:
        assert api.get("/api/v1/documents/1/pages/1/crop?box=a,b,c,d").status_code == 400
    assert len(statements) == 0
    assert not AuditEntry.objects.exists()
