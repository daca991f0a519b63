"""Nothing acknowledged is ever lost: retries, two windows, lost leases, finished tasks, in any order."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from invoices.models import User
from labeling.annotation import submit
from labeling.assignment.claims import claim_task
from labeling.assignment.leaving import release
from labeling.draft_edits import DraftRequest, Edit
from labeling.drafts import save_draft
from labeling.errors import LeaseLost, StaleVersion, TaskFinished, TaskHeld
from labeling.models import FieldEdit, LabelingTask, TaskDraft
from labeling.submission import read_submission

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 22, 10, tzinfo=dt.UTC)


def edit(key: str, value: str | None) -> Edit:
    return Edit(uuid.uuid4(), key, {"value": value, "mark": None, "cause": "typed"}, NOW, 10, 1)


def save(user: User, task: LabelingTask, version: int, *edits: Edit, **rest: Any) -> Any:
    return save_draft(user=user, task_id=task.pk, request=DraftRequest(version, edits, **rest))


@pytest.fixture
def held(cast: Any, make_task: Any) -> LabelingTask:
    task: LabelingTask = make_task()
    claim_task(user=cast.biller1, task_id=task.pk)
    return task


def test_a_retry_after_a_lost_answer_is_acknowledged_and_changes_nothing(cast: Any, held: LabelingTask) -> None:
    first = edit("total", "1.00")
    save(cast.biller1, held, 0, first)
    again = save(cast.biller1, held, 0, first)
    assert (again.version, again.acknowledged) == (1, (first.id,))
    assert FieldEdit.objects.count() == 1
    more = edit("total", "2.00")
    assert save(cast.biller1, held, 0, first, more).version == 2
    assert TaskDraft.objects.get().cells["total"]["value"] == "2.00"


def test_a_second_window_is_told_and_stores_nothing(cast: Any, held: LabelingTask) -> None:
    save(cast.biller1, held, 0, edit("total", "1.00"))
    with pytest.raises(StaleVersion) as caught:
        save(cast.biller1, held, 0, edit("tax", "5.00"))
    assert caught.value.extra["current"]["cells"]["total"]["value"] == "1.00"
    assert list(TaskDraft.objects.get().cells) == ["total"]
    with pytest.raises(StaleVersion):
        save(cast.biller1, held, 0)


def test_rows_of_another_window_are_news_but_the_same_rows_again_are_not(cast: Any, held: LabelingTask) -> None:
    rows = {"rows": ["p0", "n8f2", "p1"], "sets_rows": True}
    assert save(cast.biller1, held, 0, **rows).version == 1
    assert save(cast.biller1, held, 0, **rows).version == 1
    with pytest.raises(StaleVersion):
        save(cast.biller1, held, 0, rows=["p1"], sets_rows=True)


def test_a_heartbeat_moves_the_lease_of_the_open_and_the_prefetched_task(cast: Any, held: LabelingTask, make_task: Any) -> None:
    ahead = make_task()
    LabelingTask.objects.filter(pk=ahead.pk).update(
        assignee=cast.biller1, prefetched=True, lease_expires_at=timezone.now() + dt.timedelta(seconds=5)
    )
    LabelingTask.objects.filter(pk=held.pk).update(lease_expires_at=timezone.now() + dt.timedelta(seconds=5))
    saved = save(cast.biller1, held, 0, active_ms=700, keystrokes=3)
    assert saved.version == 0
    for task in (held, ahead):
        task.refresh_from_db()
        assert task.lease_expires_at is not None
        assert task.lease_expires_at > timezone.now() + dt.timedelta(seconds=60)


def test_whatever_was_typed_is_taken(cast: Any, held: LabelingTask) -> None:
    odd = ["", "12,,3", "not a date", "’; drop table", "x" * 20_000, None]
    for version, value in enumerate(odd):
        save(cast.biller1, held, version, edit("date", value))
    assert TaskDraft.objects.get().version == len(odd)
    assert [e.after for e in FieldEdit.objects.order_by("id")] == [value or "" for value in odd]


def test_a_cell_goes_back_to_the_pre_fill(cast: Any, held: LabelingTask) -> None:
    save(cast.biller1, held, 0, edit("total", "1.00"))
    save(cast.biller1, held, 1, Edit(uuid.uuid4(), "total", None, NOW))
    assert TaskDraft.objects.get().cells == {}
    first, second = FieldEdit.objects.order_by("id")
    assert (first.before, first.after) == ("90.00", "1.00")
    assert (second.before, second.after, second.cause) == ("1.00", "90.00", "undo")


def test_a_late_edit_after_a_release_is_kept_and_does_not_take_the_task_back(cast: Any, held: LabelingTask) -> None:
    release(user=cast.biller1, task_id=held.pk)
    with pytest.raises(LeaseLost) as caught:
        save(cast.biller1, held, 0, edit("total", "1.00"))
    assert caught.value.extra["draft"]["cells"]["total"]["value"] == "1.00"
    held.refresh_from_db()
    assert held.assignee_id is None


def test_an_edit_after_somebody_elses_submit_is_kept(cast: Any, held: LabelingTask, record: Any) -> None:
    LabelingTask.objects.update(lease_expires_at=timezone.now() - dt.timedelta(seconds=1))
    claim_task(user=cast.biller2, task_id=held.pk)
    submit(user=cast.biller2, task_id=held.pk, submission=read_submission(record=record, version=0, marks={}, unsure=[], evidence={}))
    late = edit("total", "1.00")
    with pytest.raises(TaskFinished) as caught:
        save(cast.biller1, held, 0, late)
    assert caught.value.extra["current"]["by_me"] is False
    assert caught.value.extra["acknowledged"] == [str(late.id)]
    assert FieldEdit.objects.get().annotation_id is None


@dataclass
class Window:
    """One browser window: what it knows, what it has not been answered."""

    version: int = 0
    outbox: list[Edit] = field(default_factory=list)


OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(["type", "send", "send_lost", "heartbeat", "refresh", "lapse", "taken", "returned"]),
        st.integers(0, 1),
        st.sampled_from(["total", "tax", "p0.quantity", "nabc.description"]),
        st.text(alphabet="0123456789.,abc", max_size=6),
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(operations=OPERATIONS)
def test_no_interleaving_loses_an_acknowledged_edit(cast: Any, make_task: Any, operations: list[tuple[str, int, str, str]]) -> None:
    task = make_task()
    claim_task(user=cast.biller1, task_id=task.pk)
    windows = [Window(), Window()]
    stored: dict[uuid.UUID, Edit] = {}
    expected: dict[str, str] = {}

    def send(window: Window, *, answered: bool) -> None:
        sent = tuple(window.outbox)
        try:
            saved = save(cast.biller1, task, window.version, *sent)
            version, acknowledged = saved.version, saved.acknowledged
        except StaleVersion as stale:
            if answered:
                window.version = stale.extra["current"]["version"]
            return
        except LeaseLost as lost:
            version, acknowledged = lost.extra["draft"]["version"], tuple(uuid.UUID(e) for e in lost.extra["acknowledged"])
        assert set(acknowledged) == {e.id for e in sent}
        for each in sent:
            if each.id not in stored:
                stored[each.id] = each
                assert each.cell is not None
                expected[each.key] = str(each.cell["value"])
        if answered:
            window.version = version
            window.outbox = [e for e in window.outbox if e.id not in acknowledged]

    for operation, index, key, value in operations:
        window = windows[index]
        if operation == "type":
            window.outbox.append(edit(key, value))
        elif operation in ("send", "send_lost"):
            send(window, answered=operation == "send")
        elif operation == "heartbeat":
            held_back, window.outbox = window.outbox, []
            send(window, answered=True)
            window.outbox = held_back
        elif operation == "refresh":
            draft = TaskDraft.objects.filter(task=task).first()
            window.version = draft.version if draft else 0
        elif operation == "lapse":
            LabelingTask.objects.filter(pk=task.pk).update(lease_expires_at=timezone.now() - dt.timedelta(seconds=1))
        else:
            try:
                claim_task(user=cast.biller2 if operation == "taken" else cast.biller1, task_id=task.pk)
            except TaskHeld:
                continue

    draft = TaskDraft.objects.filter(task=task, author=cast.biller1).first()
    cells = draft.cells if draft else {}
    assert {key: cell["value"] for key, cell in cells.items()} == expected
    kept = {e.edit_id: e.after for e in FieldEdit.objects.filter(draft__task=task)}
    assert kept == {id_: str((e.cell or {})["value"]) for id_, e in stored.items()}
