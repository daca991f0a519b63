"""API clients of the cast, and pre-filled documents without files."""

from __future__ import annotations

import copy
import hashlib
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from invoices.models import Document, DocumentStatus, Page, Prediction, User, Vendor
from labeling.models import LabelingTask
from labeling.sampling import open_task
from tests.labeling.blind_pairs import Pair, open_adjudication, place_in

RECORD: dict[str, Any] = {
    "vendor": {"name": "Apex Infusion", "address": "12 Elm St, Dayton, OH"},
    "invoice_number": "INV-1001",
    "date": "2026-03-04",
    "subtotal": "90.00",
    "tax": "0.00",
    "total": "90.00",
    "line_items": [
        {
            "description": "Ondansetron 4 mg",
            "ndc_code": "00069-3150-83",
            "cpt_code": "J2405",
            "type": "standard_medication",
            "quantity": "2",
            "unit_price": "22.50",
            "total": "45.00",
        },
        {
            "description": "Infusion, first hour",
            "ndc_code": None,
            "cpt_code": "96365",
            "type": "bundled_service",
            "quantity": "1",
            "unit_price": "45.00",
            "total": "45.00",
        },
    ],
}


@pytest.fixture
def client_of() -> Callable[[User], APIClient]:
    """An API client that sends this user's token."""

    def client(user: User) -> APIClient:
        token, _ = Token.objects.get_or_create(user=user)
        api = APIClient()
        api.credentials(HTTP_AUTHORIZATION=f"Token {token.key}")
        return api

    return client


def prediction_fields(record: dict[str, Any]) -> list[dict[str, Any]]:
    """A predicted field with a place for every header value and cell that is present."""
    header = {k: v for k, v in record.items() if k not in ("vendor", "line_items")}
    values = {"vendor.name": record["vendor"]["name"], "vendor.address": record["vendor"]["address"], **header}
    for row, item in enumerate(record["line_items"]):
        values.update({f"line_items[{row}].{name}": value for name, value in item.items()})
    place = [{"page": 1, "box": [0.1, 0.1, 0.2, 0.12]}]
    return [
        {"path": path, "value": value, "confidence": 0.9, "evidence": place, "raw": value, "note": ""}
        for path, value in values.items()
        if value is not None
    ]


@pytest.fixture
def make_document(one_signature: None) -> Callable[..., Document]:
    """A read and pre-filled document with one page of words; no files behind it."""

    def make(name: str = "apex.pdf", vendor: str | None = "Apex Infusion", prefill: bool = True, confidence: float = 0.9) -> Document:
        owner = Vendor.objects.get_or_create(name=vendor, defaults={"status": "confirmed"})[0] if vendor else None
        sha256 = hashlib.sha256(uuid.uuid4().bytes).hexdigest()
        document = Document.objects.create(
            sha256=sha256,
            name=name,
            media_type="application/pdf",
            size=1000,
            status=DocumentStatus.PREFILLED,
            page_count=1,
            vendor=owner,
        )
        Page.objects.create(
            document=document,
            number=1,
            width=612,
            height=792,
            source="text_layer",
            words=[["Apex", 0.1, 0.1, 0.15, 0.12, 0, 1.0], ["Infusion", 0.16, 0.1, 0.2, 0.12, 0, 1.0]],
            image_sha256=sha256,
            image_width=1275,
            image_height=1650,
        )
        if prefill:
            fields = [{**field, "confidence": confidence} for field in prediction_fields(RECORD)]
            Prediction.objects.create(document=document, model_id="template:test", record=RECORD, fields=fields, checks=[], route="review")
        return document

    return make


@pytest.fixture
def make_task(make_document: Callable[..., Document]) -> Callable[..., LabelingTask]:
    """An open label task of a fresh document."""

    def make(**document: Any) -> LabelingTask:
        return LabelingTask.objects.get(pk=open_task(make_document(**document).pk))

    return make


@pytest.fixture
def make_pair(cast: Any, make_document: Callable[..., Document]) -> Callable[..., Pair]:
    """A document that the two billers labeled differently: the second label has ``changes`` (path -> value)."""

    def make(
        changes: dict[str, str | None] | None = None,
        *,
        authors: Any = None,
        missing_row: int | None = None,
        document: Any = None,
        **more: Any,
    ) -> Pair:
        first, second = copy.deepcopy(RECORD), copy.deepcopy(RECORD)
        for path, value in ({"total": "95.00"} if changes is None else changes).items():
            place_in(second, path, value)
        if missing_row is not None:
            del second["line_items"][missing_row]
        one, two = authors or (cast.biller1, cast.biller2)
        return open_adjudication(document or make_document(), ((one, first), (two, second)), **more)

    return make


@pytest.fixture
def record() -> dict[str, Any]:
    """A record like the pre-fill; free to change."""
    return copy.deepcopy(RECORD)


@pytest.fixture
def edit() -> Callable[..., dict[str, Any]]:
    """One edit as the browser sends it."""

    def make(key: str, value: str | None, **cell: Any) -> dict[str, Any]:
        return {
            "id": str(uuid.uuid4()),
            "key": key,
            "cell": {"value": value, "mark": None, "unsure": False, "confirmed": True, "evidence": [], "cause": "typed", **cell},
            "at": "2026-11-22T10:00:05Z",
            "active_ms": 900,
            "keystrokes": 5,
        }

    return make
