"""The database refuses to change the trail, whoever asks; so does the model."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from invoices.audit.entries import AuditEntry, AuditSeal
from invoices.audit.sealing import seal_waiting
from invoices.audit.verifying import note, verify

pytestmark = pytest.mark.django_db

REFUSED = [
    "UPDATE invoices_auditentry SET person_name = 'nobody'",
    "UPDATE invoices_auditentry SET at = at, after = NULL",
    "UPDATE invoices_auditentry SET hash = 'f' WHERE position IS NOT NULL",
    "UPDATE invoices_auditentry SET position = NULL WHERE position IS NOT NULL",
    "UPDATE invoices_auditentry SET hash = 'f' WHERE position IS NULL",
    "DELETE FROM invoices_auditentry",
    "INSERT INTO invoices_auditentry (at, person_name, role, address, request_id, action, object_kind, object_id, previous, hash, position)"
    " VALUES ('2026-11-26', '', '', '', '', 'page.read', '', '', '', '', 99)",
    "UPDATE invoices_auditseal SET hash = 'f'",
    "DELETE FROM invoices_auditseal",
    "UPDATE invoices_auditverification SET faults = 0",
    "DELETE FROM invoices_auditverification",
]
BY_REPLACEMENT = [
    "REPLACE INTO invoices_auditentry (id, at, person_name, role, address, request_id, action, object_kind, object_id, previous, hash)"
    " SELECT id, at, 'nobody', role, address, request_id, action, object_kind, object_id, '', '' FROM invoices_auditentry LIMIT 1",
    "UPDATE OR REPLACE invoices_auditentry SET position = 1 WHERE position IS NULL",
    "REPLACE INTO invoices_auditseal (position, hash, entries, sealed_at) SELECT position, 'f', 1, sealed_at FROM invoices_auditseal",
]


@pytest.fixture
def some(write: Callable[[int], None]) -> None:
    """Three entries in the chain and two that wait."""
    write(3)
    seal_waiting()
    write(2)
    note(verify())


def state() -> list[object]:
    seals = AuditSeal.objects.values_list("position", "hash")
    return [*AuditEntry.objects.order_by("pk").values_list("pk", "person_name", "after", "position", "hash"), *seals]


@pytest.mark.parametrize("statement", REFUSED)
def test_the_database_refuses(some: None, statement: str) -> None:
    before = state()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert state() == before


@pytest.mark.parametrize("statement", BY_REPLACEMENT)
def test_sqlite_replaces_nothing(some: None, statement: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite replaces rows")
    before = state()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert state() == before


def test_postgresql_truncates_nothing(some: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL truncates")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE invoices_auditentry")


def test_the_models_refuse_too(some: None) -> None:
    for row in (AuditEntry.objects.first(), AuditSeal.objects.first()):
        assert row is not None
        with pytest.raises(TypeError, match="append-only"):
            row.save()
        with pytest.raises(TypeError, match="append-only"):
            row.delete()
