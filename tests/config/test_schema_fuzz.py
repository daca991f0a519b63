"""Whatever fits the OpenAPI document, or nearly, is answered without a server error, whoever asks."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import schemathesis
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from invoices.intake import receive
from invoices.models import Vendor, VendorAlias
from invoices.parsing import parse_document
from invoices.prefill import prefill_document
from labeling.assignment.claims import claim_task
from labeling.models import LabelingTask
from labeling.sampling import open_task
from tests.config.test_every_address import API
from tests.conftest import Cast
from tests.invoices.paper import invoice_pdf

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

EXAMPLES = 25
ROLES = ["biller1", "senior", "admin", None]


@pytest.fixture(scope="module")
def schema(tmp_path_factory: Any) -> Any:
    """The product's own OpenAPI document, as schemathesis reads it."""
    path = tmp_path_factory.mktemp("schema") / "openapi.json"
    call_command("spectacular", "--format", "openapi-json", "--file", str(path))
    return schemathesis.openapi.from_dict(json.loads(path.read_text()))


def operations(schema: Any) -> list[Any]:
    found = [result.ok() for result in schema.get_all_operations()]
    return [operation for operation in found if operation.path.startswith("/api/v1/")]


@pytest.fixture
def ids() -> dict[str, int]:
    """What exists: a document that was read and pre-filled, its task, its page, and a vendor with another name."""
    document = receive(name="invoice.pdf", data=invoice_pdf()).document
    parse_document(document.pk, 1)
    prefill_document(document.pk)
    vendor = Vendor.objects.create(name="Apex Infusion")
    alias = VendorAlias.objects.create(vendor=vendor, name="Apex", key="apex")
    task = open_task(document.pk)
    made_up = dict.fromkeys(("correction_id", "adjudication_id", "difference_id", "ruling_id", "gold_id", "person_id"), 1)
    return {"document_id": document.pk, "task_id": task, "number": 1, "vendor_id": vendor.pk, "alias_id": alias.pk, **made_up}


@pytest.mark.parametrize("role", ROLES)
def test_no_request_makes_a_server_error(schema: Any, cast: Cast, ids: dict[str, int], role: str | None) -> None:
    api = APIClient(raise_request_exception=False)
    if role:
        api.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.create(user=getattr(cast, role)).key}")
    checked = operations(schema)
    assert len(checked) >= 27
    for operation in checked:
        if role:
            LabelingTask.objects.update(assignee=None, state="open", postponed_until=None)
            claim_task(user=getattr(cast, role), task_id=ids["task_id"])
        _fuzz(operation, api, ids)


def _fuzz(operation: Any, api: APIClient, ids: dict[str, int]) -> None:
    positive = operation.as_strategy(generation_mode=schemathesis.GenerationMode.POSITIVE)
    negative = operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=st.one_of(positive, negative), aim=st.booleans())
    def run(case: Any, aim: bool) -> None:
        if aim and case.path_parameters:
            case.path_parameters = {name: ids.get(name, 1) for name in case.path_parameters}
        sent = case.as_transport_kwargs(base_url="http://testserver")
        address = urlsplit(sent["url"]).path + "?" + urlencode(sent.get("params") or {}, doseq=True)
        body, kind = _body(operation, case, sent, aim)
        response = api.generic(sent["method"], address, body, content_type=kind)
        assert response.status_code < 500, (operation.label, address, body[:2000])
        if response.status_code >= 400 and sent["method"] != "HEAD":
            assert set(response.json()) >= {"type", "title", "status", "code", "detail"}, (operation.label, address)
        assert response.getvalue() is not None, "a stream is closed when it has been read"

    run()


def _body(operation: Any, case: Any, sent: dict[str, Any], aim: bool) -> tuple[Any, str]:
    """The body as bytes or text, and its content type; uploads are real forms."""
    if operation.label == "POST /api/v1/documents/" and isinstance(case.body, dict):
        parts = {str(name): _part(value) for name, value in case.body.items()}
        return encode_multipart(BOUNDARY, parts), MULTIPART_CONTENT
    body = sent.get("json", sent.get("data"))
    if aim and isinstance(body, dict) and operation.label.endswith(("draft/", "submit/")):
        body = {**body, "version": 0}
    return (body if isinstance(body, bytes) else json.dumps(body)), "application/json"


def _part(value: Any) -> Any:
    if isinstance(value, bytes):
        return SimpleUploadedFile("a.pdf", b"%PDF-1.7" + value)
    return json.dumps(value) if isinstance(value, (dict, list)) or value is None else value


def test_the_schema_is_complete_and_says_so_without_a_warning(tmp_path: Path) -> None:
    target = tmp_path / "openapi.json"
    call_command("spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json", "--file", str(target))
    described = json.loads(target.read_text())["paths"]
    served = {"/" + re.sub(r"<id:(\w+)>", r"{\1}", route) for route in API}
    assert set(described) == served
    bodies = [kind for path in described.values() for verb in path.values() for kind in verb.get("requestBody", {}).get("content", {})]
    assert set(bodies) == {"application/json", "multipart/form-data"}, "forms are taken for uploads only"
