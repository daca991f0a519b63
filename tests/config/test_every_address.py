"""Every address of the web process for every kind of person, found in the URL configuration: a new one is covered at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver
from rest_framework.authtoken.models import Token

from invoices.audit.actions import Action
from invoices.audit.entries import AuditEntry
from invoices.audit.recording import Target, record
from invoices.intake import receive
from invoices.models import Document
from invoices.parsing import parse_document
from invoices.people import User
from invoices.prefill import prefill_document
from labeling.models import LabelingTask
from labeling.sampling import open_task
from tests.addresses import routes
from tests.conftest import Cast
from tests.invoices.paper import invoice_pdf

pytestmark = pytest.mark.django_db

PUBLIC = {"api/schema/", "api/docs/", "health/", "health/live/", "metrics", "sign-in/", "sign-out/"}
"""What may be seen without signing in: the description of the API, whether the station is up (for programs here also how), the way in
and out."""

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
ADMIN_API = {
    ("GET", "api/v1/audit/"),
    ("GET", "api/v1/audit/export/"),
    ("GET", "api/v1/labeling-policy/"),
    *(("GET", f"api/v1/metrics/{part}/") for part in ("calibration", "daily", "daily/<str:day>/documents", "vendors")),
    ("POST", "api/v1/labeling-policy/"),
    *((method, "api/v1/deployments/") for method in ("GET", "POST")),
    ("POST", "api/v1/deployments/rollback/"),
    *(("POST", f"api/v1/models/<id:number>/{what}/") for what in ("promote", "shadow")),
    *((method, "api/v1/shadow-runs/<id:shadow_id>/") for method in ("GET", "DELETE")),
    *((method, "api/v1/models/") for method in ("GET", "POST")),
    *((method, "api/v1/models/<id:number>/") for method in ("GET", "PATCH")),
    ("GET", "api/v1/models/compare/"),
    ("POST", "api/v1/models/<id:number>/evaluate/"),
    ("GET", "api/v1/models/<id:number>/gate/"),
    *((method, "api/v1/gate-policy/") for method in ("GET", "POST")),
    ("POST", "api/v1/gate-results/<id:number>/override/"),
    ("GET", "api/v1/dataset-versions/"),
    ("POST", "api/v1/dataset-versions/"),
    *(("GET", f"api/v1/dataset-versions/<id:number>/{part}") for part in ("", "diff/", "export/", "lineage/")),
    ("GET", "api/v1/vendor-sides/"),
    ("POST", "api/v1/vendor-sides/"),
    ("GET", "api/v1/documents/<id:document_id>/removal/"),
    ("POST", "api/v1/documents/<id:document_id>/removal/"),
    *((method, f"api/v1/{name}/") for method in ("GET", "POST") for name in ("alert-policy", "trigger-policy", "alert-destinations")),
    *((method, "api/v1/alert-mutes/") for method in ("GET", "POST")),
    ("DELETE", "api/v1/alert-mutes/<id:mute_id>/"),
    *(("GET", f"api/v1/{address}/") for address in ("alerts", "alerts/<id:alert_id>", "proposals")),
    *(("POST", f"api/v1/alerts/<id:alert_id>/{what}/") for what in ("acknowledge", "mute", "resolve")),
    *((method, "api/v1/alert-destinations/<id:destination_id>/") for method in ("PATCH", "DELETE")),
    ("POST", "api/v1/alert-destinations/<id:destination_id>/test/"),
    *(("POST", f"api/v1/proposals/<id:proposal_id>/{what}/") for what in ("start", "dismiss")),
    *((method, f"api/v1/training-{what}/") for method in ("GET", "POST") for what in ("runs", "sweeps")),
    ("POST", "api/v1/training-runs/preflight/"),
    ("GET", "api/v1/training-runs/compare/"),
    ("GET", "api/v1/training-runs/<id:run_id>/"),
    *(("GET", f"api/v1/training-runs/<id:run_id>/{what}/") for what in ("points", "lines")),
    *(("POST", f"api/v1/training-runs/<id:run_id>/{what}/") for what in ("cancel", "resume")),
    ("GET", "api/v1/training-sweeps/<id:sweep_id>/"),
}
ADMIN_SCREENS = (
    "people/",
    "audit/",
    "policy/",
    "serving/",
    "shadow/",
    "data-sets/",
    "vendor-sides/",
    "documents/<id:document_id>/remove/",
    "alerts/",
    "alert-policy/",
    "triggers/",
    "trigger-policy/",
    "dashboard/",
    "models/",
    "gate-policy/",
    "monitoring/",
    "runs/",
    "sweeps/",
)
SENIOR_API = {
    ("GET", "api/v1/gold/export/"),
    ("POST", "api/v1/documents/<id:document_id>/due/"),
    ("GET", "api/v1/quality/"),
    ("GET", "api/v1/quality/anchoring/"),
    ("GET", "api/v1/quality/export/"),
    ("GET", "api/v1/gold-tests/"),
    ("GET", "api/v1/pauses/"),
    ("GET", "api/v1/suspects/"),
    *(("POST", f"api/v1/suspects/<id:gold_id>/{what}/") for what in ("right", "review")),
    *(("POST", f"api/v1/people/<id:person_id>/{what}/") for what in ("pause", "resume")),
    *((method, "api/v1/documents/<id:document_id>/known/") for method in ("POST", "DELETE")),
    ("GET", "api/v1/thresholds/"),
    *(("GET", f"api/v1/agreement/{part}") for part in ("", "documents/", "export/")),
    ("POST", "api/v1/verifications/"),
    ("GET", "api/v1/adjudications/"),
    ("GET", "api/v1/adjudications/<id:adjudication_id>/"),
    ("POST", "api/v1/adjudications/<id:adjudication_id>/resolve/"),
    ("POST", "api/v1/adjudications/<id:adjudication_id>/reopen/"),
    ("PATCH", "api/v1/differences/<id:difference_id>/"),
    ("POST", "api/v1/differences/<id:difference_id>/settle/"),
    ("POST", "api/v1/differences/<id:difference_id>/undo/"),
    ("GET", "api/v1/rulings/"),
    ("POST", "api/v1/rulings/"),
    ("POST", "api/v1/rulings/preview/"),
    ("POST", "api/v1/guidelines/"),
    ("POST", "api/v1/rulings/<id:ruling_id>/undo/"),
    ("PATCH", "api/v1/vendors/<id:vendor_id>/"),
    ("POST", "api/v1/vendors/<id:vendor_id>/merge/"),
    ("POST", "api/v1/vendors/<id:vendor_id>/aliases/"),
    ("DELETE", "api/v1/vendors/<id:vendor_id>/aliases/<id:alias_id>/"),
}


ROUTES = sorted(set(routes(get_resolver())))
API = [route for route in ROUTES if route.startswith("api/v1/")]
SCREENS = [route for route in ROUTES if not route.startswith("api/") and route not in PUBLIC]


@pytest.fixture
def address(cast: Cast) -> Callable[[str], str]:
    """An address in which every number is the id of something that exists."""
    document = receive(name="invoice.pdf", data=invoice_pdf()).document
    parse_document(document.pk, document.parse_revision)
    prefill_document(document.pk)
    document.refresh_from_db()
    ids = {"task_id": open_task(document.pk), "document_id": document.pk, "vendor_id": document.vendor_id or 1, "number": 1}
    record(Action.PAGE_READ, actor=cast.biller1, object=Target("page", f"{document.pk}/1", document=document.pk))
    ids |= {"person_id": cast.biller2.pk, "entry_id": AuditEntry.objects.values_list("pk", flat=True)[0]}
    return lambda route: "/" + re.sub(r"<id:(\w+)>", lambda found: str(ids.get(found[1], 1)), route.replace("<slug:kind>", "date_order"))


def with_token(user: User, key: str = "") -> Client:
    return Client(raise_request_exception=False, headers={"Authorization": f"Token {key or Token.objects.get_or_create(user=user)[0].key}"})


def state() -> list[Any]:
    tasks = LabelingTask.objects.values_list("pk", "state", "assignee", "postponed_until")
    return [*tasks, *Document.objects.values_list("pk", "status", "vendor"), *User.objects.values_list("pk", "role", "password")]


def test_strangers_get_nothing_from_the_api(address: Callable[[str], str], cast: Cast) -> None:
    before = state()
    for client in (Client(), with_token(cast.outsider), with_token(cast.biller1, "0" * 40)):
        for route, method in product(API, METHODS):
            answer = client.generic(method, address(route), "{}", content_type="application/json")
            assert answer.status_code == 401, (method, route)
            assert method == "HEAD" or answer.json()["code"] in ("not_authenticated", "authentication_failed")
    assert state() == before


def test_strangers_are_sent_to_sign_in(address: Callable[[str], str]) -> None:
    before = state()
    for route, method in product(SCREENS, METHODS):
        answer = Client().generic(method, address(route), "", content_type="application/x-www-form-urlencoded")
        assert answer.status_code in (302, 405), (method, route)
        assert answer.status_code == 405 or answer["Location"].startswith("/sign-in/"), (method, route)
    assert state() == before


@pytest.mark.parametrize("role", ["biller1", "senior", "admin"])
def test_a_role_may_what_it_may_and_nothing_breaks(address: Callable[[str], str], cast: Cast, role: str) -> None:
    client = with_token(getattr(cast, role))
    for route, method in product(API, METHODS):
        answer = client.generic(method, address(route), "{}", content_type="application/json")
        assert answer.status_code < 500, (method, route)
        assert answer.getvalue() is not None, "a stream is closed when it has been read"
        refused = {"biller1": SENIOR_API | ADMIN_API, "senior": ADMIN_API, "admin": set[tuple[str, str]]()}[role]
        if (method, route) in refused:
            assert answer.json()["code"] == "permission_denied", (method, route)
        elif answer.status_code == 403:
            assert any(route == closed for _, closed in refused), (method, route)


@pytest.mark.parametrize("role", ["biller1", "senior", "admin"])
def test_screens_open_or_refuse(address: Callable[[str], str], cast: Cast, role: str) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(getattr(cast, role))
    for route in SCREENS:
        answer = client.get(address(route))
        assert answer.getvalue() is not None
        if role != "admin" and route.startswith(ADMIN_SCREENS):
            assert answer.status_code == 403, route
        else:
            assert answer.status_code in (200, 302, 404, 405, *([403] if role == "biller1" else [])), route


def test_what_does_not_exist_is_not_found(cast: Cast) -> None:
    client = with_token(cast.admin)
    for route in [route for route in API if "<id:" in route]:
        for method in ("GET", "POST"):
            answer = client.generic(method, "/" + re.sub(r"<id:\w+>", "999999", route), content_type="application/json")
            assert answer.status_code in (404, 405, 400), (method, route)
            assert answer.status_code != 400 or method == "POST" or route.endswith("/crop"), "the form is looked at first"


def test_there_are_addresses() -> None:
    assert len(API) >= 24
    assert len(SCREENS) >= 20
