"""Who may do what at every address: the table is written here, and an address that it does not know fails.

A role includes the ones before it. Strangers are whoever is not signed in, and an account that was switched off, by session and token.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from rest_framework.authtoken.models import Token

from invoices.audit.actions import Action
from invoices.audit.entries import AuditEntry
from invoices.audit.recording import Target, record
from invoices.intake import receive
from invoices.models import Document, DocumentStatus, Vendor, VendorAlias
from invoices.parsing import parse_document
from invoices.people import Role, User
from invoices.prefill import prefill_document
from labeling.assignment.claims import claim_task
from labeling.models import LabelingTask, TaskDraft
from labeling.sampling import open_task
from tests.config.roles_of_models import MODELS
from tests.config.test_every_address import ROUTES
from tests.conftest import Cast
from tests.invoices.paper import invoice_pdf

pytestmark = pytest.mark.django_db

PUBLIC, BILLER, SENIOR, ADMIN = "public", Role.BILLER.value, Role.SENIOR.value, Role.ADMIN.value
RANK = {PUBLIC: 0, BILLER: 1, SENIOR: 2, ADMIN: 3}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

TABLE: dict[str, dict[str, str]] = {
    **MODELS,
    "metrics": {"GET": PUBLIC},
    "vendors/<id:vendor_id>/names/<id:alias_id>/remove/": {"POST": SENIOR},
    "api/schema/": {"GET": PUBLIC},
    "api/docs/": {"GET": BILLER},
    "api/v1/agreement/": {"GET": SENIOR},
    "api/v1/agreement/documents/": {"GET": SENIOR},
    "api/v1/agreement/export/": {"GET": SENIOR},
    "api/v1/audit/": {"GET": ADMIN},
    "api/v1/audit/export/": {"GET": ADMIN},
    "api/v1/corrections/": {"GET": BILLER, "POST": BILLER},
    "api/v1/corrections/<id:correction_id>/undo/": {"POST": BILLER},
    "api/v1/documents/": {"GET": BILLER, "POST": BILLER},
    "api/v1/documents/bulk-retry/": {"POST": BILLER},
    "api/v1/documents/<id:document_id>/": {"GET": BILLER},
    "api/v1/documents/<id:document_id>/due/": {"POST": SENIOR},
    "api/v1/documents/<id:document_id>/file": {"GET": BILLER},
    "api/v1/documents/<id:document_id>/gold/": {"GET": BILLER},
    "api/v1/documents/<id:document_id>/pages/<id:number>/crop": {"GET": BILLER},
    "api/v1/documents/<id:document_id>/pages/<id:number>/image": {"GET": BILLER},
    "api/v1/documents/<id:document_id>/prediction/": {"GET": BILLER},
    "api/v1/documents/<id:document_id>/retry/": {"POST": BILLER},
    "api/v1/documents/<id:document_id>/words/": {"GET": BILLER},
    "api/v1/gold/export/": {"GET": SENIOR},
    "api/v1/labeling-policy/": {"GET": ADMIN, "POST": ADMIN},
    "api/v1/adjudications/": {"GET": SENIOR},
    "api/v1/adjudications/<id:adjudication_id>/": {"GET": SENIOR},
    "api/v1/adjudications/<id:adjudication_id>/resolve/": {"POST": SENIOR},
    "api/v1/adjudications/<id:adjudication_id>/reopen/": {"POST": SENIOR},
    "api/v1/differences/<id:difference_id>/": {"PATCH": SENIOR},
    "api/v1/differences/<id:difference_id>/settle/": {"POST": SENIOR},
    "api/v1/differences/<id:difference_id>/undo/": {"POST": SENIOR},
    "api/v1/rulings/": {"GET": SENIOR, "POST": SENIOR},
    "api/v1/rulings/preview/": {"POST": SENIOR},
    "api/v1/rulings/<id:ruling_id>/undo/": {"POST": SENIOR},
    "api/v1/guidelines/": {"GET": BILLER, "POST": SENIOR},
    "api/v1/guidelines/read/": {"POST": BILLER},
    "api/v1/tasks/<id:task_id>/guidance/": {"GET": BILLER},
    "api/v1/me/": {"GET": BILLER, "PATCH": BILLER},
    "api/v1/tasks/": {"GET": BILLER},
    "api/v1/tasks/claim/": {"POST": BILLER},
    "api/v1/tasks/counters/": {"GET": BILLER},
    "api/v1/tasks/<id:task_id>/": {"GET": BILLER},
    "api/v1/tasks/<id:task_id>/draft/": {"PATCH": BILLER},
    "api/v1/tasks/<id:task_id>/postpone/": {"POST": BILLER},
    "api/v1/tasks/<id:task_id>/release/": {"POST": BILLER},
    "api/v1/tasks/<id:task_id>/skip/": {"POST": BILLER},
    "api/v1/tasks/<id:task_id>/submit/": {"POST": BILLER},
    "api/v1/quality/": {"GET": SENIOR},
    "api/v1/quality/anchoring/": {"GET": SENIOR},
    "api/v1/quality/export/": {"GET": SENIOR},
    "api/v1/quality/me/": {"GET": BILLER},
    "api/v1/quality/me/mistakes/": {"GET": BILLER},
    "api/v1/quality/<id:user_id>/": {"GET": BILLER},
    "api/v1/documents/<id:document_id>/known/": {"POST": SENIOR, "DELETE": SENIOR},
    "api/v1/gold-tests/": {"GET": SENIOR},
    "api/v1/onboarding/": {"GET": BILLER},
    "api/v1/pauses/": {"GET": SENIOR},
    "api/v1/people/<id:person_id>/pause/": {"POST": SENIOR},
    "api/v1/people/<id:person_id>/resume/": {"POST": SENIOR},
    "api/v1/suspects/": {"GET": SENIOR},
    "api/v1/suspects/<id:gold_id>/review/": {"POST": SENIOR},
    "api/v1/suspects/<id:gold_id>/right/": {"POST": SENIOR},
    "api/v1/thresholds/": {"GET": SENIOR},
    "api/v1/verifications/": {"POST": SENIOR},
    "api/v1/vendors/": {"GET": BILLER},
    "api/v1/vendors/<id:vendor_id>/": {"GET": BILLER, "PATCH": SENIOR},
    "api/v1/vendors/<id:vendor_id>/aliases/": {"POST": SENIOR},
    "api/v1/vendors/<id:vendor_id>/aliases/<id:alias_id>/": {"DELETE": SENIOR},
    "api/v1/vendors/<id:vendor_id>/merge/": {"POST": SENIOR},
    "": {"GET": BILLER},
    "agreement/": {"GET": SENIOR},
    "agreement/documents/": {"GET": SENIOR},
    "agreement/labelers/": {"GET": SENIOR},
    "agreement/vendors/": {"GET": SENIOR},
    "audit/": {"GET": ADMIN},
    "audit/<id:entry_id>/": {"GET": ADMIN},
    "corrections/<id:gold_id>/<slug:kind>/": {"GET": BILLER},
    "corrections/<id:gold_id>/<slug:kind>/apply/": {"POST": BILLER},
    "corrections/undo/<id:correction_id>/": {"POST": BILLER},
    "documents/": {"GET": BILLER},
    "documents/<id:document_id>/": {"GET": BILLER},
    "documents/<id:document_id>/due/": {"POST": SENIOR},
    "documents/<id:document_id>/original/": {"GET": BILLER},
    "documents/retry/": {"POST": BILLER},
    "documents/rows/": {"GET": BILLER},
    "failures/": {"GET": BILLER},
    "health/": {"GET": PUBLIC},
    "health/live/": {"GET": PUBLIC},
    "label/": {"GET": BILLER},
    "label/<id:task_id>/": {"GET": BILLER},
    "password/": {"GET": BILLER, "POST": BILLER, "PUT": BILLER},
    "people/": {"GET": ADMIN},
    "people/new/": {"POST": ADMIN},
    "people/<id:person_id>/": {"POST": ADMIN},
    "people/<id:person_id>/password/": {"POST": ADMIN},
    "policy/": {"GET": ADMIN, "POST": ADMIN},
    "quality/": {"GET": BILLER},
    "quality/anchoring/": {"GET": SENIOR},
    "quality/mistakes/": {"GET": BILLER},
    "quality/people/": {"GET": SENIOR},
    "quality/people/<id:person_id>/": {"GET": BILLER},
    "quality/people/<id:person_id>/mistakes/": {"GET": BILLER},
    "queue/": {"GET": BILLER},
    "review/": {"GET": SENIOR},
    "adjudicate/": {"GET": SENIOR},
    "adjudicate/<id:adjudication_id>/": {"GET": SENIOR},
    "adjudications/": {"GET": SENIOR},
    "guidelines/": {"GET": BILLER},
    "guidelines/<str:field>/": {"GET": BILLER, "POST": SENIOR},
    "sign-in/": {"GET": PUBLIC, "POST": PUBLIC, "PUT": PUBLIC},
    "sign-out/": {"POST": PUBLIC},
    "documents/<id:document_id>/known/": {"POST": SENIOR},
    "gold-tests/": {"GET": SENIOR},
    "gold-tests/<id:person_id>/tell/": {"POST": SENIOR},
    "onboarding/": {"GET": BILLER},
    "onboarding/<id:person_id>/start/": {"POST": SENIOR},
    "pauses/": {"GET": SENIOR},
    "pauses/<id:person_id>/pause/": {"POST": SENIOR},
    "pauses/<id:person_id>/resume/": {"POST": SENIOR},
    "suspects/": {"GET": SENIOR},
    "suspects/<id:gold_id>/review/": {"POST": SENIOR},
    "suspects/<id:gold_id>/right/": {"POST": SENIOR},
    "thresholds/": {"GET": SENIOR},
    "vendors/": {"GET": BILLER},
    "vendors/proposed/": {"GET": BILLER},
    "vendors/undo-merge/": {"POST": SENIOR},
    "vendors/<id:vendor_id>/": {"GET": BILLER},
    "vendors/<id:vendor_id>/change/": {"POST": SENIOR},
    "vendors/<id:vendor_id>/confirm/": {"POST": SENIOR},
    "vendors/<id:vendor_id>/discard/": {"POST": SENIOR},
    "vendors/<id:vendor_id>/merge/": {"GET": SENIOR},
    "vendors/<id:vendor_id>/merge/do/": {"POST": SENIOR},
    "vendors/<id:vendor_id>/names/": {"POST": SENIOR},
    "verify/": {"GET": SENIOR},
}
"""Address, method, least role. A method that is not named is not served."""


@pytest.fixture
def address(cast: Cast) -> Callable[[str], str]:
    """An address in which every number is the id of something that exists."""
    document = receive(name="invoice.pdf", data=invoice_pdf(), user=cast.biller1).document
    parse_document(document.pk, document.parse_revision)
    prefill_document(document.pk)
    vendor = Vendor.objects.create(name="Zenith")
    alias = VendorAlias.objects.create(vendor=vendor, name="Zenith Inc", key="zenith inc")
    record(Action.PAGE_READ, actor=cast.biller1, object=Target("page", f"{document.pk}/1", document=document.pk))
    ids = {
        "task_id": open_task(document.pk),
        "document_id": document.pk,
        "vendor_id": vendor.pk,
        "alias_id": alias.pk,
        "number": 1,
        "gold_id": 1,
        "correction_id": 1,
        "person_id": cast.biller2.pk,
        "user_id": cast.biller2.pk,
        "entry_id": AuditEntry.objects.values_list("pk", flat=True)[0],
        **dict.fromkeys(("adjudication_id", "difference_id", "ruling_id", "shadow_id", "run_id", "sweep_id"), 1),
        **dict.fromkeys(("adjudication_id", "difference_id", "ruling_id"), 1),
        **dict.fromkeys(("alert_id", "mute_id", "destination_id", "proposal_id"), 1),
        "field": "total",
        "day": "2026-11-26",
    }
    return lambda route: "/" + re.sub(r"<\w+:(\w+)>", lambda found: str(ids[found[1]]), route.replace("<slug:kind>", "date_order"))


def clients(cast: Cast, name: str, route: str) -> list[Client]:
    """The person as a browser and, for the API, as a program; a stranger without anything, too."""
    if name == "anonymous":
        return [Client(raise_request_exception=False)]
    user = getattr(cast, name)
    browser = Client(raise_request_exception=False)
    browser.force_login(user)
    if not route.startswith("api/v1/"):
        return [browser]
    key = Token.objects.get_or_create(user=user)[0].key
    return [browser, Client(raise_request_exception=False, headers={"Authorization": f"Token {key}"})]


def expected(route: str, method: str, role: str) -> tuple[int, ...]:
    """Which answers are right for a role; ``()``: whatever shows that the person was let in."""
    api = route.startswith("api/v1/")
    needed = TABLE[route].get(method)
    if needed is None and route == "sign-in/":
        return (302, 405)  # whoever is signed in is sent on, whatever the method
    if needed is None:
        return (405, 401 if api else 302) if role == PUBLIC else (405, 403)
    if RANK[role] >= RANK[needed]:
        return ()
    if role == PUBLIC:
        return (401,) if api else (302,)
    return (403,)


def test_the_table_knows_every_address_and_no_other() -> None:
    assert sorted(TABLE) == ROUTES


@pytest.mark.parametrize(
    "name",
    [
        "anonymous",
        pytest.param("outsider", marks=pytest.mark.thorough),
        "biller1",
        pytest.param("biller2", marks=pytest.mark.thorough),
        "senior",
        "admin",
    ],
)
def test_every_address_answers_each_role_as_the_table_says(address: Callable[[str], str], cast: Cast, name: str) -> None:
    role = PUBLIC if name in ("anonymous", "outsider") else getattr(cast, name).role
    wrong: list[tuple[str, str, int | str, tuple[int, ...]]] = []
    for route in ROUTES:
        kind = "application/json" if route.startswith("api/") else "application/x-www-form-urlencoded"
        for method in METHODS:
            for client in clients(cast, name, route):
                answer = client.generic(method, address(route), "{}" if "json" in kind else "", content_type=kind)
                answer.getvalue()
                right = expected(route, method, role)
                sent_away = answer.status_code == 302 and answer["Location"].startswith("/sign-in/")
                let_in = answer.status_code not in (401, 403, 405) and answer.status_code < 500 and not sent_away
                if answer.status_code not in right if right else not let_in and route != "sign-out/":
                    wrong.append((method, route, answer.status_code, right))
                if right == (302,) and not sent_away:
                    wrong.append((method, route, answer.get("Location", ""), right))
    assert wrong == []


@pytest.fixture
def held(address: Callable[[str], str], cast: Cast) -> LabelingTask:
    """A task that the first biller has open, with a draft."""
    task = LabelingTask.objects.get()
    claim_task(user=cast.biller1, task_id=task.pk)
    answer = api(cast.biller1).patch(f"/api/v1/tasks/{task.pk}/draft/", draft("mine"), content_type="application/json")
    assert answer.status_code == 200
    task.refresh_from_db()
    return task


def api(user: User) -> Client:
    return Client(headers={"Authorization": f"Token {Token.objects.get_or_create(user=user)[0].key}"})


def draft(value: str) -> dict[str, Any]:
    cell: dict[str, Any] = {"value": value, "mark": None, "unsure": False, "confirmed": True, "evidence": [], "cause": "typed"}
    edit = {"id": str(uuid.uuid4()), "key": "invoice_number", "cell": cell, "at": "2026-11-22T10:00:05Z", "active_ms": 1, "keystrokes": 1}
    return {"version": 0, "edits": [edit]}


def everything_of(task: LabelingTask, user: User) -> list[Any]:
    rows = LabelingTask.objects.filter(pk=task.pk).values_list("state", "assignee", "lease_expires_at", "postponed_until", "escalated")
    return [*rows, *TaskDraft.objects.filter(task=task, author=user).values_list("version", "cells"), *task.skips.values_list("user")]


@pytest.mark.parametrize("name", ["biller2", "senior", "admin"])
def test_nobody_acts_on_a_task_that_another_holds(held: LabelingTask, cast: Cast, name: str) -> None:
    before = everything_of(held, cast.biller1)
    other = api(getattr(cast, name))
    sent: dict[str, tuple[str, Any, set[int]]] = {
        "claim": ("POST", {"task": held.pk}, {409}),
        "draft": ("PATCH", draft("theirs"), {410}),
        "submit": ("POST", {"record": {}, "version": 0}, {400, 410}),
        "release": ("POST", {}, {204}),
        "skip": ("POST", {"reason": "illegible"}, {410}),
        "postpone": ("POST", {"minutes": 60}, {410}),
    }
    for what, (method, body, answers) in sent.items():
        path = "/api/v1/tasks/claim/" if what == "claim" else f"/api/v1/tasks/{held.pk}/{what}/"
        answer = other.generic(method, path, json.dumps(body), content_type="application/json")
        assert answer.status_code in answers, (what, answer.content)
        assert everything_of(held, cast.biller1) == before, what


@pytest.mark.parametrize("name", ["biller2", "senior", "admin"])
def test_nobody_reads_the_draft_of_another(held: LabelingTask, cast: Cast, name: str) -> None:
    seen = api(getattr(cast, name)).get(f"/api/v1/tasks/{held.pk}/")
    assert seen.status_code == 200
    assert seen.json()["draft"] == {"version": 0, "cells": {}, "rows": None, "saved_at": None, "active_ms": 0, "keystrokes": 0}
    assert b"mine" not in seen.content


def test_a_task_that_another_finished_is_not_there_for_a_biller(held: LabelingTask, cast: Cast) -> None:
    held.state = "done"
    held.save()
    for method, what in (("GET", ""), ("PATCH", "draft/")):
        answer = api(cast.biller2).generic(method, f"/api/v1/tasks/{held.pk}/{what}", "{}", content_type="application/json")
        assert answer.status_code in (400, 404, 409), (method, what)
        assert b"mine" not in answer.content


@pytest.mark.parametrize(("name", "status"), [("biller1", 202), ("biller2", 403), ("senior", 202), ("admin", 202)])
def test_a_biller_has_only_their_own_upload_read_again(address: Callable[[str], str], cast: Cast, name: str, status: int) -> None:
    document = Document.objects.get()
    Document.objects.update(status=DocumentStatus.FAILED, error_code="timeout")
    client = api(getattr(cast, name))
    answer = client.post(f"/api/v1/documents/{document.pk}/retry/")
    assert answer.status_code == status, answer.content
    if status == 403:
        assert answer.json()["code"] == "not_yours"
        for body in ({"ids": [document.pk]}, {"error_code": "timeout"}):
            assert client.post("/api/v1/documents/bulk-retry/", body, content_type="application/json").json() == {"retried": 0}
    document.refresh_from_db()
    assert (document.status == DocumentStatus.FAILED) == (status == 403)


def test_what_no_person_sent_in_is_everybodys_to_read_again(address: Callable[[str], str], cast: Cast) -> None:
    document = Document.objects.get()
    Document.objects.update(status=DocumentStatus.FAILED, uploaded_by=None)
    assert api(cast.biller2).post(f"/api/v1/documents/{document.pk}/retry/").status_code == 202
