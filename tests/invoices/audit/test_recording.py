"""What an entry says, that it is stored with its change, and that a read is written once an hour."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from invoices.audit.actions import Action
from invoices.audit.entries import AuditEntry
from invoices.audit.recent import Recent, recent
from invoices.audit.recording import Target, record, record_many, record_read
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
PAGE = Target("page", "12/3", document=12)


def test_an_entry_says_who_what_when_and_on_what(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as statements:
        record(Action.VENDOR_MERGED, actor=cast.senior, object=Target("vendor", 7), before={"into": None}, after={"into": 9})
    entry = AuditEntry.objects.get()
    assert len(statements) == 1
    assert (entry.person_id, entry.person_name, entry.role) == (cast.senior.pk, "senior", "senior")
    assert (entry.action, entry.object_kind, entry.object_id, entry.document_id) == ("vendor.merged", "vendor", "7", None)
    assert (entry.before, entry.after) == ({"into": None}, {"into": 9})
    assert abs(entry.at - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=5)
    assert (entry.position, entry.hash) == (None, "")


def test_the_name_is_that_of_the_time(cast: Cast) -> None:
    record(Action.TASK_RELEASED, actor=cast.biller1, object=Target("task", 1))
    cast.biller1.username = "renamed"
    cast.biller1.save()
    assert AuditEntry.objects.get().person_name == "biller1"


def test_an_entry_goes_with_its_change(cast: Cast) -> None:
    with suppress(LookupError), transaction.atomic():
        record(Action.TASK_RELEASED, actor=cast.biller1, object=Target("task", 1))
        raise LookupError
    assert not AuditEntry.objects.exists()


def test_many_objects_have_an_entry_each_by_few_statements(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as statements:
        record_many(Action.DOCUMENT_READ_AGAIN, actor=cast.senior, objects=[Target("document", pk) for pk in range(1, 451)])
    assert len(statements) == 3
    assert AuditEntry.objects.filter(document_id__isnull=False).count() == 450


def test_what_is_too_long_is_recorded_by_its_hash(cast: Cast) -> None:
    record(Action.POLICY_CHANGED, actor=cast.admin, object=Target("policy", 2), after={"long": "x" * 5_000})
    after: Any = AuditEntry.objects.get().after
    assert set(after) == {"sha256", "bytes"}
    assert len(after["sha256"]) == 64


def test_a_read_is_written_once_for_person_object_and_hour(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for person in (cast.biller1, cast.biller1, cast.biller2):
        with CaptureQueriesContext(connection) as statements:
            record_read(Action.PAGE_READ, actor=person, object=PAGE)
        assert len([q for q in statements.captured_queries if q["sql"].startswith("INSERT")]) <= 1
    assert AuditEntry.objects.count() == 2
    later = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
    monkeypatch.setattr("invoices.audit.recording.timezone.now", lambda: later)
    record_read(Action.PAGE_READ, actor=cast.biller1, object=PAGE)
    assert AuditEntry.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_what_was_read_just_now_costs_no_statement(cast: Cast) -> None:
    record_read(Action.PAGE_READ, actor=cast.biller1, object=PAGE)
    with CaptureQueriesContext(connection) as statements:
        record_read(Action.PAGE_READ, actor=cast.biller1, object=PAGE)
    assert len(statements) == 0


@pytest.mark.django_db(transaction=True)
def test_a_read_that_is_rolled_back_is_not_taken_for_recorded(cast: Cast) -> None:
    with suppress(LookupError), transaction.atomic():
        record_read(Action.PAGE_READ, actor=cast.biller1, object=PAGE)
        raise LookupError
    record_read(Action.PAGE_READ, actor=cast.biller1, object=PAGE)
    assert AuditEntry.objects.count() == 1


@pytest.fixture
def unwritable(cast: Cast) -> None:
    """A trail that takes nothing."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            body = "BEGIN SELECT RAISE(ABORT, 'full'); END"
            cursor.execute(f"CREATE TRIGGER full_trail BEFORE INSERT ON invoices_auditentry {body}")
        else:
            cursor.execute("ALTER TABLE invoices_auditentry ADD CONSTRAINT full_trail CHECK (id < 0) NOT VALID")


def test_a_read_is_not_refused_when_it_cannot_be_recorded(cast: Cast, unwritable: None) -> None:
    record_read(Action.PAGE_READ, actor=cast.biller1, object=PAGE)
    assert not AuditEntry.objects.exists()


def test_a_strict_station_refuses_it(cast: Cast, unwritable: None, settings: Any) -> None:
    settings.AUDIT_STRICT = True
    with pytest.raises(DatabaseError), transaction.atomic():
        record_read(Action.PAGE_READ, actor=cast.biller1, object=PAGE)


def test_a_change_is_refused_when_it_cannot_be_recorded(cast: Cast, unwritable: None) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        record(Action.TASK_RELEASED, actor=cast.biller1, object=Target("task", 1))


def test_memory_of_reads_is_bounded() -> None:
    kept = Recent(most=3)
    for key in "abcd":
        kept.remember(key)
    assert [kept.knows(key) for key in "abcd"] == [False, True, True, True]
    assert not recent.knows("a")


def test_requests_are_recorded_with_address_and_id(cast: Cast, client: Client) -> None:
    cast.biller1.set_password("open sesame 417")
    cast.biller1.save()
    sent = {"username": "biller1", "password": "open sesame 417"}
    client.post("/sign-in/", sent, headers={"X-Request-ID": "request-4711"}, REMOTE_ADDR="192.0.2.7")
    entry = AuditEntry.objects.get(action=Action.SIGNED_IN)
    assert (entry.address, entry.request_id, entry.person_name) == ("192.0.2.7", "request-4711", "biller1")
    client.post("/sign-out/")
    assert AuditEntry.objects.filter(action=Action.SIGNED_OUT, person_id=cast.biller1.pk).count() == 1


@pytest.mark.parametrize(("name", "found"), [("biller1", True), ("my-secret-password", False)])
def test_a_failed_sign_in_keeps_nothing_that_was_typed(cast: Cast, client: Client, name: str, found: bool) -> None:
    client.post("/sign-in/", {"username": name, "password": "wrong"})
    entry = AuditEntry.objects.get(action=Action.SIGN_IN_FAILED)
    assert entry.object_id == (str(cast.biller1.pk) if found else "unknown")
    kept = str(list(AuditEntry.objects.filter(pk=entry.pk).values()))
    assert name not in kept
    assert "wrong" not in kept


def test_a_name_that_no_database_can_hold_is_refused_by_the_form_and_no_attempt_at_anything(cast: Cast, client: Client) -> None:
    answer = client.post("/sign-in/", {"username": "a\x00b", "password": "wrong"})
    assert answer.status_code == 200
    assert b"Null characters are not allowed" in answer.content
    assert not AuditEntry.objects.exists()


def test_tokens_are_recorded_once_an_hour_and_address(cast: Cast, client_with_token: Any) -> None:
    for address in ("192.0.2.7", "192.0.2.7", "192.0.2.8"):
        assert client_with_token(cast.biller1).get("/api/v1/me/", REMOTE_ADDR=address).status_code == 200
    assert AuditEntry.objects.filter(action=Action.TOKEN_USED, person_id=cast.biller1.pk).count() == 2
    for _ in range(2):
        assert client_with_token(cast.outsider).get("/api/v1/me/").status_code == 401
    refused = AuditEntry.objects.get(action=Action.TOKEN_REFUSED)
    assert (refused.object_id, refused.person_id) == (str(cast.outsider.pk), None)


@pytest.fixture
def client_with_token() -> Any:
    from rest_framework.authtoken.models import Token

    return lambda user: Client(headers={"Authorization": f"Token {Token.objects.get_or_create(user=user)[0].key}"})


def test_commands_are_the_stations(cast: Cast) -> None:
    call_command("create_admin", "admin")
    found = AuditEntry.objects.order_by("pk").values_list("action", "person_id", "address")
    assert list(found) == [("person.changed", None, ""), ("person.password_reset", None, "")]
