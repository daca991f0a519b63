"""A file on its way in leaves nothing behind, and arrives whole."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from invoices import blobs, intake
from invoices.models import Document
from tests.conftest import Cast
from tests.invoices.paper import invoice_pdf

pytestmark = pytest.mark.django_db

LARGE = invoice_pdf() + b"\n%" + b"Wilhelmina Canary " * 200_000


@pytest.fixture
def api(cast: Cast) -> APIClient:
    """A biller's client."""
    made = APIClient()
    made.force_authenticate(cast.biller1)
    return made


def test_a_large_file_waits_without_a_name_and_arrives_whole(api: APIClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    seen: list[Any] = []
    real = intake.receive

    def watched(**given: Any) -> intake.Received:
        seen.extend(path for path in tmp_path.rglob("*") if path.is_file())
        return real(**given)

    monkeypatch.setattr(intake, "receive", watched)
    answer = api.post("/api/v1/documents/", {"file": SimpleUploadedFile("a.pdf", LARGE)}, format="multipart")
    assert answer.status_code == 201
    assert not seen, "what a killed process would leave behind"
    assert blobs.load(Document.objects.get().sha256) == LARGE


def test_two_files_in_one_form_do_not_mix(api: APIClient) -> None:
    files = [SimpleUploadedFile("a.pdf", LARGE), SimpleUploadedFile("b.pdf", LARGE + b"second")]
    answer = api.post("/api/v1/documents/", {"file": files}, format="multipart")
    assert answer.status_code == 201
    assert blobs.load(Document.objects.get().sha256) in (LARGE, LARGE + b"second")


def test_a_sender_that_goes_away_leaves_no_document(api: APIClient) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n' + LARGE[:3_000_000]
    answer = api.generic("POST", "/api/v1/documents/", body, content_type="multipart/form-data; boundary=x")  # type: ignore[arg-type]  # bytes are taken
    assert answer.status_code == 400
    assert not Document.objects.exists()
