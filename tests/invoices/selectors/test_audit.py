"""The trail's pages: every way of searching walks an index from its place, and costs the same at any length."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from invoices.audit.entries import AuditEntry
from invoices.selectors.audit import AuditFilter, audit_page, chain_status, entry_view
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

BEGIN = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
ASKED: dict[str, dict[str, Any]] = {
    "everything": {},
    "person": {"person": 3},
    "action": {"action": "page.read"},
    "person and action": {"person": 3, "action": "vendor.merged"},
    "object": {"object": "12/1"},
    "kind and object": {"object": "page 12/1"},
    "document": {"object": "document 12"},
    "days": {"since": dt.date(2026, 11, 1), "until": dt.date(2026, 11, 2)},
    "person and days": {"person": 3, "since": dt.date(2026, 11, 1)},
}


def fill(count: int) -> None:
    """Entries a second apart: mostly reads of two hundred documents by twenty people, one in a hundred a merge."""
    start = AuditEntry.objects.count()
    AuditEntry.objects.bulk_create(
        (
            AuditEntry(
                at=BEGIN + dt.timedelta(seconds=number),
                person_id=number % 20,
                person_name=f"p{number % 20}",
                action="vendor.merged" if number % 100 == 3 else "page.read",
                object_kind="page",
                object_id=f"{number % 199}/1",
                document_id=number % 199,
            )
            for number in range(start, start + count)
        ),
        batch_size=2_000,
    )


def steps(work: Callable[[], Any]) -> int:
    """Virtual machine steps of SQLite, in tens: work, not time."""
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    connection.ensure_connection()
    connection.connection.set_progress_handler(count, 10)
    try:
        work()
    finally:
        connection.connection.set_progress_handler(None, 0)
    return counted


def third_page(**asked: Any) -> None:
    cursor = ""
    for _ in range(3):
        page = audit_page(AuditFilter(**asked, cursor=cursor), size=10)
        cursor = page.next


@pytest.mark.parametrize("name", ASKED)
def test_three_pages_do_the_same_work_at_eight_thousand_entries_as_at_two_thousand(db: None, name: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("counts virtual machine steps, which SQLite has")
    costs = []
    for more in (2_000, 6_000):
        fill(more)
        costs.append(steps(partial(third_page, **ASKED[name])))
    few = 30 if "object" in ASKED[name] else 0  # of one object there are more the second time: up to a page of them
    assert costs[1] <= costs[0] * 1.2 + few * 20, costs


def test_no_page_sorts(db: None) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL sorts small tables whatever their indexes")
    fill(1_000)
    for name, asked in ASKED.items():
        with CaptureQueriesContext(connection) as statements:
            audit_page(AuditFilter(**asked), size=10)
        assert len(statements) == 1
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {statements[0]['sql']}")
            plan = str(cursor.fetchall())
        assert "TEMP B-TREE" not in plan, (name, plan)
        assert "USING INDEX audit_" in plan, (name, plan)


def test_the_state_of_the_chain_costs_three_statements_that_count_no_sealed_entry(db: None) -> None:
    fill(50)
    with CaptureQueriesContext(connection) as statements:
        assert chain_status().waiting == 50
    assert len(statements) == 3
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {statements[2]['sql']}")
            assert "(position=?)" in str(cursor.fetchall()), "those that wait are together in the index of positions"


def test_addresses_that_make_no_sense_ask_for_everything(cast: Cast) -> None:
    wrong = {"person": "x", "action": "y", "since": "z", "until": "2026-13-01", "cursor": "made-up"}
    assert not AuditFilter.from_address(wrong).narrows
    assert audit_page(AuditFilter.from_address(wrong)).rows == []
    assert entry_view(1) is None
