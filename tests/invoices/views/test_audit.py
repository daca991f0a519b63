"""The screen of the trail: for admins, with the state of the chain, every entry with before and after."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from invoices.audit.actions import Action
from invoices.audit.entries import AuditEntry
from invoices.audit.recording import Target, record
from invoices.audit.sealing import seal_waiting
from invoices.audit.verifying import note, verify
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def body(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("name", ["biller1", "senior"])
def test_nobody_else_opens_it(client: Client, cast: Cast, name: str) -> None:
    client.force_login(getattr(cast, name))
    assert client.get("/audit/").status_code == 403
    assert client.get("/audit/1/").status_code == 403
    assert "/audit/" not in body(client, "/queue/")


def test_it_says_how_far_the_chain_is_verified(admin: Client) -> None:
    assert "Not verified yet" in body(admin, "/audit/")
    seal_waiting()
    note(verify())
    page = body(admin, "/audit/")
    assert "Verified up to entry <strong>2</strong> of the chain" in page
    assert "Whole" in page


def test_a_broken_chain_is_said_loudly(admin: Client) -> None:
    trail: Any = import_module("invoices.migrations.0006_audit_trail")
    seal_waiting()
    with connection.cursor() as cursor:
        for statement in trail.removal(connection.vendor):
            cursor.execute(statement)
        cursor.execute("UPDATE invoices_auditentry SET person_name = 'x'")
        for statement in trail.statements(connection.vendor):
            cursor.execute(statement)
    note(verify())
    page = body(admin, "/audit/")
    assert "Broken" in page
    assert "hash: position 1, entry " in page
    entry = AuditEntry.objects.get(position=1)
    assert "Does not fit" in body(admin, f"/audit/{entry.pk}/")


def test_an_entry_shows_before_and_after_and_its_neighbours(admin: Client, cast: Cast) -> None:
    record(Action.PERSON_CHANGED, actor=cast.admin, object=Target("person", 4), before={"role": "biller"}, after={"role": "<senior>"})
    entry = AuditEntry.objects.get(action=Action.PERSON_CHANGED)
    assert "Waits to be sealed" in body(admin, f"/audit/{entry.pk}/")
    seal_waiting()
    page = body(admin, f"/audit/{entry.pk}/")
    assert "biller</td>" in page
    assert "&lt;senior&gt;" in page
    assert "Fits" in page
    assert 'rel="prev"' in page
    assert admin.get("/audit/999999/").status_code == 404


def test_looking_is_recorded_once(admin: Client, cast: Cast) -> None:
    for address in ("/audit/", "/audit/?person=1", "/audit/"):
        body(admin, address)
    assert AuditEntry.objects.filter(action=Action.AUDIT_READ, person_id=cast.admin.pk).count() == 1


def test_a_search_without_a_match_says_what_to_do(admin: Client) -> None:
    assert "Nothing matches" in body(admin, "/audit/?object=vendor+4711")


def test_searching_keeps_the_filter_in_the_exports(admin: Client, cast: Cast, make: Callable[[], None]) -> None:
    make()
    page = body(admin, f"/audit/?person={cast.biller1.pk}")
    assert f"/api/v1/audit/export/?person={cast.biller1.pk}&amp;format=csv" in page
    assert "Looked at a page</a>" in page


@pytest.fixture
def make(cast: Cast) -> Callable[[], None]:
    return lambda: record(Action.PAGE_READ, actor=cast.biller1, object=Target("page", "1/1", document=1))
