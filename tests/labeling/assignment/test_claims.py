"""Who is handed what: order, leases, prefetch, skipped and postponed tasks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from labeling.assignment.claims import claim_next, claim_task
from labeling.assignment.leaving import postpone, release, skip
from labeling.errors import LeaseLost, RequestInvalid, TaskFinished, TaskHeld, TaskNotFound
from labeling.models import LabelingTask, SkipReason, TaskSkip, TaskState

pytestmark = pytest.mark.django_db


def claimed(user: Any, **arguments: Any) -> int | None:
    view = claim_next(user=user, **arguments)
    return view.task.pk if view else None


def lapse(*tasks: LabelingTask) -> None:
    LabelingTask.objects.filter(pk__in=[t.pk for t in tasks]).update(lease_expires_at=timezone.now() - timedelta(seconds=1))


def test_the_highest_priority_comes_first_and_equal_ones_by_age(cast: Any, make_task: Any) -> None:
    first, second, urgent = make_task(), make_task(), make_task()
    LabelingTask.objects.filter(pk=urgent.pk).update(priority=99)
    seen = []
    while (view := claim_next(user=cast.biller1)) is not None:
        seen.append(view.task.pk)
        LabelingTask.objects.filter(pk=view.task.pk).update(state=TaskState.DONE)
    assert seen == [urgent.pk, first.pk, second.pk]


def test_a_doubtful_pre_fill_comes_before_a_sure_one_of_the_same_day(cast: Any, make_task: Any) -> None:
    make_task(confidence=0.95)
    doubtful = make_task(confidence=0.2)
    assert claimed(cast.biller1) == doubtful.pk


def test_a_plain_claim_comes_back_to_the_task_in_hand(cast: Any, make_task: Any) -> None:
    first, _ = make_task(), make_task()
    assert claimed(cast.biller1) == claimed(cast.biller1) == first.pk


def test_a_prefetch_holds_one_task_ahead_that_nobody_else_gets(cast: Any, make_task: Any) -> None:
    first, second, third = make_task(), make_task(), make_task()
    assert claimed(cast.biller1) == first.pk
    assert claimed(cast.biller1, prefetch=True, current=first.pk) == second.pk
    assert claimed(cast.biller1, prefetch=True, current=first.pk) == second.pk
    assert LabelingTask.objects.filter(assignee=cast.biller1, prefetched=True).count() == 1
    assert claimed(cast.biller2) == third.pk
    assert claimed(cast.biller1) == first.pk
    LabelingTask.objects.filter(pk=first.pk).update(state=TaskState.DONE)
    assert claimed(cast.biller1) == second.pk
    second.refresh_from_db()
    assert second.prefetched is False


def test_an_expired_lease_is_anybodys(cast: Any, make_task: Any) -> None:
    task = make_task()
    assert claimed(cast.biller1) == task.pk
    assert claimed(cast.biller2) is None
    lapse(task)
    assert claimed(cast.biller2) == task.pk
    with pytest.raises(TaskHeld):
        claim_task(user=cast.biller1, task_id=task.pk)


def test_opening_a_finished_or_unknown_task_is_refused(cast: Any, make_task: Any) -> None:
    with pytest.raises(TaskNotFound):
        claim_task(user=cast.biller1, task_id=999_999)
    task = make_task()
    LabelingTask.objects.filter(pk=task.pk).update(kind="adjudicate")
    with pytest.raises(TaskNotFound):
        claim_task(user=cast.biller1, task_id=task.pk)
    with pytest.raises(RequestInvalid) as caught:
        claim_next(user=cast.biller1, kind="adjudicate")
    assert caught.value.code == "kind_not_allowed"


def test_a_finished_task_names_the_answer(cast: Any, make_task: Any, client_of: Any, record: Any) -> None:
    task = make_task()
    claim_task(user=cast.biller1, task_id=task.pk)
    client_of(cast.biller1).post(f"/api/v1/tasks/{task.pk}/submit/", {"record": record, "version": 0}, format="json")
    with pytest.raises(TaskFinished) as caught:
        claim_task(user=cast.biller2, task_id=task.pk)
    assert caught.value.extra["current"]["by_me"] is False


def test_released_tasks_return_and_releasing_again_changes_nothing(cast: Any, make_task: Any) -> None:
    task = make_task()
    claimed(cast.biller1)
    release(user=cast.biller1, task_id=task.pk)
    assert claimed(cast.biller2) == task.pk
    release(user=cast.biller1, task_id=task.pk)
    task.refresh_from_db()
    assert task.assignee_id == cast.biller2.pk


def test_a_skipped_task_is_not_handed_to_the_same_person(cast: Any, make_task: Any) -> None:
    task = make_task()
    claimed(cast.biller1)
    skip(user=cast.biller1, task_id=task.pk, reason=SkipReason.ILLEGIBLE)
    skip(user=cast.biller1, task_id=task.pk, reason=SkipReason.ILLEGIBLE)
    assert TaskSkip.objects.count() == 1
    assert claimed(cast.biller1) is None
    assert claimed(cast.biller2) == task.pk
    with pytest.raises(LeaseLost):
        skip(user=cast.senior, task_id=task.pk, reason=SkipReason.ILLEGIBLE)


def test_other_needs_a_comment(cast: Any, make_task: Any) -> None:
    task = make_task()
    claimed(cast.biller1)
    with pytest.raises(RequestInvalid) as caught:
        skip(user=cast.biller1, task_id=task.pk, reason=SkipReason.OTHER)
    assert caught.value.code == "comment_missing"
    skip(user=cast.biller1, task_id=task.pk, reason=SkipReason.OTHER, comment="two invoices in one file")
    assert TaskSkip.objects.get().comment == "two invoices in one file"


def test_what_needs_a_senior_is_the_seniors_next_task(cast: Any, make_task: Any) -> None:
    hard, easy = make_task(), make_task()
    LabelingTask.objects.filter(pk=easy.pk).update(priority=500)
    claim_task(user=cast.biller1, task_id=hard.pk)
    skip(user=cast.biller1, task_id=hard.pk, reason=SkipReason.NEEDS_SENIOR)
    assert claimed(cast.senior) == hard.pk
    assert claimed(cast.biller2) == easy.pk


def test_a_postponed_task_returns_to_its_person_first(cast: Any, make_task: Any, settings: Any) -> None:
    task, urgent = make_task(), make_task()
    claim_task(user=cast.biller1, task_id=task.pk)
    postpone(user=cast.biller1, task_id=task.pk, minutes=5)
    LabelingTask.objects.filter(pk=urgent.pk).update(priority=500)
    assert claimed(cast.biller2) == urgent.pk
    assert claimed(cast.biller1) is None
    LabelingTask.objects.filter(pk=task.pk).update(postponed_until=timezone.now() - timedelta(seconds=1))
    assert claimed(cast.senior) is None, "its person has a lease time to come back"
    make_task()
    LabelingTask.objects.update(priority=0)
    assert claimed(cast.biller1) == task.pk


def test_a_postponed_task_becomes_everybodys_after_a_lease_time(cast: Any, make_task: Any, settings: Any) -> None:
    task = make_task()
    claimed(cast.biller1)
    postpone(user=cast.biller1, task_id=task.pk, minutes=5)
    LabelingTask.objects.update(postponed_until=timezone.now() - settings.LEASE - timedelta(seconds=1))
    assert claimed(cast.biller2) == task.pk


@pytest.mark.parametrize("minutes", [4, 10_081, -1])
def test_postponing_has_limits(cast: Any, make_task: Any, minutes: int) -> None:
    task = make_task()
    claimed(cast.biller1)
    with pytest.raises(RequestInvalid) as caught:
        postpone(user=cast.biller1, task_id=task.pk, minutes=minutes)
    assert caught.value.code == "minutes_out_of_range"
    assert "10,080" in str(caught.value)
