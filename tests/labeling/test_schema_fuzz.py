"""Whatever fits the OpenAPI document, or nearly, is answered without a server error, whoever asks."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import schemathesis
from django.core.management import call_command
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from labeling.assignment.claims import claim_task
from labeling.models import LabelingTask

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

OURS = ("/api/v1/tasks/", "/api/v1/gold/", "/api/v1/me/", "/api/v1/documents/{document_id}/gold/")
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
    return [operation for operation in found if operation.path.startswith(OURS)]


@pytest.mark.parametrize("role", ROLES)
def test_no_request_makes_a_server_error(schema: Any, cast: Any, make_task: Any, role: str | None) -> None:
    task = make_task()
    api = APIClient(raise_request_exception=False)
    if role:
        api.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.create(user=getattr(cast, role)).key}")
    checked = operations(schema)
    assert len(checked) >= 13
    for operation in checked:
        if role:
            LabelingTask.objects.update(assignee=None, state="open", postponed_until=None)
            claim_task(user=getattr(cast, role), task_id=task.pk)
        _fuzz(operation, api, task.pk, task.document_id)


def _fuzz(operation: Any, api: APIClient, task_id: int, document_id: int) -> None:
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
            case.path_parameters = {"task_id": task_id, "document_id": document_id}
        sent = case.as_transport_kwargs(base_url="http://testserver")
        body = sent.get("json", sent.get("data"))
        if aim and isinstance(body, dict) and operation.label.endswith(("draft/", "submit/")):
            body = {**body, "version": 0}
        data: Any = body if isinstance(body, bytes) else json.dumps(body)
        address = urlsplit(sent["url"]).path + "?" + urlencode(sent.get("params") or {}, doseq=True)
        response = api.generic(sent["method"], address, data, content_type="application/json")
        assert response.status_code < 500, (operation.label, address, data[:2000])

    run()
