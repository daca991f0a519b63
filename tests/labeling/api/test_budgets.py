"""How many statements the hot requests cost, sign-in and trail included, and that the queue's length does not matter.

The use of a token is recorded once an hour; what is counted here are the requests after that.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from invoices.models import Document, Prediction
from labeling.assignment import lease_sql
from labeling.assignment.strategies import claim_steps
from labeling.models import LabelingTask
from labeling.signals import gold_recorded

pytestmark = pytest.mark.django_db
STEPS = claim_steps(senior=False, prefetch=False)
_CONTROL = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


class Statements(CaptureQueriesContext):
    """SQL statements without transaction control."""

    @property
    def sql(self) -> list[str]:
        return [q["sql"] for q in self.captured_queries if not q["sql"].lstrip().startswith(_CONTROL)]


def counting() -> Statements:
    return Statements(connection)


@pytest.fixture(params=["token", "session"])
def api(request: Any, cast: Any, client_of: Any, django_capture_on_commit_callbacks: Any) -> Any:
    """The first biller by either way of signing in, not for the first time in this hour."""
    if request.param == "token":
        client = client_of(cast.biller1)
        with django_capture_on_commit_callbacks(execute=True):
            client.get("/api/v1/me/")
        return client
    from rest_framework.test import APIClient

    client = APIClient()
    client.force_login(cast.biller1)
    client.get("/api/v1/me/")
    return client


def test_a_claim_costs_six_statements_and_one_for_a_session(api: Any, make_task: Any) -> None:
    make_task()
    make_task()
    limit = 7 if api.cookies else 6
    with counting() as fresh:
        first = api.post("/api/v1/tasks/claim/", {}, format="json").json()
    with counting() as prefetch:
        api.post("/api/v1/tasks/claim/", {"prefetch": True, "task": first["id"]}, format="json")
    with counting() as given:
        api.post("/api/v1/tasks/claim/", {"task": first["id"]}, format="json")
    assert max(len(fresh.sql), len(prefetch.sql), len(given.sql)) <= limit, fresh.sql


def test_a_draft_save_costs_eight_statements_at_most(api: Any, make_task: Any, edit: Any) -> None:
    task = make_task()
    api.post("/api/v1/tasks/claim/", {}, format="json")
    for version in (0, 1):
        edits = [edit(f"p0.{name}", "1") for name in ("quantity", "unit_price", "total")]
        with counting() as statements:
            answer = api.patch(f"/api/v1/tasks/{task.pk}/draft/", {"version": version, "edits": edits}, format="json")
        assert answer.status_code == 200
        assert len(statements.sql) <= 8, statements.sql


def test_submitting_fifteen_fields_costs_eight_statements_in_one_transaction(api: Any, make_task: Any, edit: Any, record: Any) -> None:
    task = make_task()
    api.post("/api/v1/tasks/claim/", {}, format="json")
    keys = [f"p{row}.{name}" for row in (0, 1) for name in record["line_items"][0]] + ["total"]
    assert len(keys) == 15
    edits = [edit(key, "1") for key in keys]
    api.patch(f"/api/v1/tasks/{task.pk}/draft/", {"version": 0, "edits": edits}, format="json")
    with counting() as statements:
        answer = api.post(f"/api/v1/tasks/{task.pk}/submit/", {"record": record, "version": 1}, format="json")
    assert answer.status_code == 200
    authentication = [sql for sql in statements.sql if "authtoken" in sql or "django_session" in sql or 'FROM "invoices_user"' in sql]
    announced = len(gold_recorded.receivers)
    work = [sql for sql in statements.sql if sql not in authentication and "workers_job" not in sql]
    assert len(work) <= 8, work
    assert len(statements.sql) <= len(authentication) + 8 + announced, statements.sql


def test_a_page_of_thirty_costs_eight_statements_at_most(api: Any, make_task: Any) -> None:
    for _ in range(32):
        make_task()
    with counting() as statements:
        page = api.get("/api/v1/tasks/?state=open&ordering=-priority").json()
    assert len(page["results"]) == 30
    assert page["next"]
    assert len(statements.sql) <= 8
    rest = api.get("/api/v1/tasks/", {"state": "open", "ordering": "-priority", "cursor": page["next"]}).json()
    assert len(rest["results"]) == 2
    assert rest["next"] is None


@pytest.mark.parametrize("ordering", ["-priority", "priority", "-id", "id"])
def test_pages_walk_an_index_from_their_place_and_sort_nothing(api: Any, cast: Any, ordering: str) -> None:
    """With the values bound as they are in service: with literals SQLite plans otherwise."""
    many_tasks(200)
    run: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "LIMIT 31" in sql:
            run.append((sql, params))
        return execute(sql, params, many, context)

    cursor = ""
    with connection.execute_wrapper(note):
        for _ in range(3):
            page = api.get("/api/v1/tasks/", {"state": "open", "ordering": ordering, "cursor": cursor}).json()
            assert len(page["results"]) == 30
            cursor = page["next"]
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL sorts small tables whatever their indexes")
    assert len(run) == 3
    for sql, params in run:
        with connection.cursor() as explained:
            explained.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            plan = str(explained.fetchall())
        assert "TEMP B-TREE" not in plan, plan
        assert "MULTI-INDEX" not in plan, plan


@pytest.mark.thorough
@pytest.mark.parametrize("ordering", ["-priority", "-id"])
def test_a_page_does_the_same_work_at_ten_thousand_tasks_as_at_one_thousand(api: Any, cast: Any, ordering: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("counts virtual machine steps, which SQLite has")
    costs = []
    for more in (1_000, 9_000):
        many_tasks(more, priority=lambda pk: pk % 3)
        cursor = ""
        for _ in range(5):
            address = {"state": "open", "ordering": ordering, "cursor": cursor}
            steps, answer = steps_of_virtual_machine(partial(api.get, "/api/v1/tasks/", address))
            cursor = answer.json()["next"]
        costs.append(steps)
    assert costs[1] <= costs[0] * 1.1, costs


def test_counters_cost_two_statements(api: Any, make_task: Any) -> None:
    make_task()
    with counting() as statements:
        assert api.get("/api/v1/tasks/counters/").json() == {"today": 0, "left": 1, "active_seconds_today": 0}
    assert len(statements.sql) <= 2 + 2


def many_tasks(count: int, priority: Callable[[int], int] = lambda pk: pk % 300) -> None:
    """Open tasks without pages, quickly."""
    start = Document.objects.count()
    documents = Document.objects.bulk_create(
        Document(sha256=f"{start + n:064x}", name=f"d{n}.pdf", media_type="application/pdf", size=1) for n in range(count)
    )
    predictions = Prediction.objects.bulk_create(
        Prediction(document=document, model_id="m", record={}, fields=[], route="review") for document in documents
    )
    LabelingTask.objects.bulk_create(
        LabelingTask(document=document, prediction=prediction, priority=priority(document.pk))
        for document, prediction in zip(documents, predictions, strict=True)
    )


def steps_of_virtual_machine(work: Callable[[], Any]) -> tuple[int, Any]:
    """How many virtual machine steps of SQLite (in tens) ``work`` takes, which is work and not time; and its answer."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    connection.ensure_connection()
    connection.connection.set_progress_handler(count, 10)
    try:
        answer = work()
    finally:
        connection.connection.set_progress_handler(None, 0)
    return steps, answer


def find_one(user: Any) -> int | None:
    return lease_sql.find(STEPS, user=user, line="label", other_than=0)


@pytest.mark.thorough
def test_a_claim_does_the_same_work_at_ten_thousand_tasks_as_at_one_thousand(cast: Any) -> None:
    many_tasks(1_000)
    statement = lease_sql.find_statement(STEPS, "label", connection.vendor, 900)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE labeling_labelingtask")
        prefix = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
        cursor.execute(prefix + statement, {"user": cast.biller1.pk, "pairs": 1, "other": 0})
        plan = str(cursor.fetchall())
    assert "task_claim" in plan, plan
    assert "TEMP B-TREE" not in plan.rpartition("task_claim")[2], plan
    if connection.vendor != "sqlite":
        pytest.skip("counts virtual machine steps, which SQLite has")
    small, found = steps_of_virtual_machine(lambda: find_one(cast.biller1))
    assert found is not None
    many_tasks(9_000)
    assert steps_of_virtual_machine(lambda: find_one(cast.biller1))[0] <= small * 1.1


@pytest.mark.parametrize("line", ["label", "review", "adjudicate"])
def test_escalated_and_due_tasks_are_found_without_going_through_their_line(cast: Any, line: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL reads small tables whatever their indexes")
    statement = lease_sql.find_statement(claim_steps(senior=True, prefetch=False), line, connection.vendor, 900)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}", {"user": cast.senior.pk, "pairs": 1, "other": 0})
        plan = str(cursor.fetchall())
    assert "USING INDEX task_escalated" in plan, plan
    assert "USING INDEX task_due" in plan, plan


def test_what_is_left_is_counted_off_the_index_alone(cast: Any, api: Any) -> None:
    many_tasks(50)
    run: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "COUNT(*)" in sql and "labeling_labelingtask" in sql:
            run.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        assert api.get("/api/v1/tasks/counters/").json()["left"] == 50
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL reads small tables whatever their indexes")
    ((sql, params),) = run
    with connection.cursor() as explained:
        explained.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        plan = str(explained.fetchall())
    assert "COVERING INDEX task_claim" in plan, plan
