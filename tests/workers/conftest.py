"""The serving model of the worker tests, and documents that came in and were pre-filled."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest
from django.utils import timezone

from invoices.models import Document, DocumentStatus, Page
from invoices.prefill import prefill_document
from invoices.serving import serving
from mlcore.documents import document_to_json
from tests.invoices.paper import LINES
from tests.mlcore.conftest import typewritten
from tests.workers.second_reader import SecondReader
from workers import model_process
from workers.readers import Readers


@pytest.fixture
def second_reader(monkeypatch: pytest.MonkeyPatch) -> SecondReader:
    """This process has a model in memory."""
    reader = SecondReader()
    monkeypatch.setattr(model_process, "_kept", model_process._Kept(readers=Readers(reader, choice=serving())))
    return reader


@pytest.fixture
def prefilled(db: None) -> Callable[..., Document]:
    """An invoice of that number as it is after reading, filled in from templates; no file stands behind it."""

    def make(number: str, *more: str) -> Document:
        lines = [line.replace("INV-204881", number) for line in (*LINES, *more)]
        document = Document.objects.create(
            sha256=hashlib.sha256(number.encode()).hexdigest(),
            name=f"{number}.pdf",
            media_type="application/pdf",
            size=1,
            status=DocumentStatus.PARSING,
            parsed_at=timezone.now(),
            page_count=1,
        )
        [page] = document_to_json(typewritten("\n".join(lines)))["pages"]
        Page.objects.create(document=document, **page, image_sha256=document.sha256, image_width=1275, image_height=1650)
        prefill_document(document.pk)
        return document

    return make
