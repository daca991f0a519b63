"""Recommending a pause, pausing, and what a person whose queue is paused may still do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from invoices.models import AuditEntry, User
from labeling.annotation import submit
from labeling.assignment.claims import claim_next, claim_task
from labeling.assignment.leaving import postpone
from labeling.errors import PersonNotFound, QueuePaused, RequestInvalid, RoleNeeded
from labeling.models import Annotation, GoldRecord, LabelingPolicy, LabelingTask, QueuePause, Standing, SuspectGold, Trial
from labeling.pausing.advice import is_recommended, recommended_count, refresh_standings
from labeling.pausing.judged import judged_labels
from labeling.pausing.pausing import pause_queue, resume_queue
from labeling.policies import current_policy
from labeling.submission import read_submission
from tests.conftest import Cast
from tests.labeling.conftest import RECORD
from tests.labeling.trials.conftest import Settle, settle

pytestmark = pytest.mark.django_db
__all__ = ["settle"]

EMPTY = {"vendor": {"name": None, "address": None}, "line_items": []}


@pytest.fixture
def sloppy(cast: Cast, settle: Settle) -> Callable[[int], list[GoldRecord]]:
    """So many settled documents of which the first biller's label had nothing right."""

    def make(count: int) -> list[GoldRecord]:
        golds = [settle(authors=(cast.biller1, cast.senior)) for _ in range(count)]
        for gold in golds:
            Annotation.objects.filter(document=gold.document, author=cast.biller1).update(record=EMPTY)
        return golds

    return make


def test_noise_accuses_nobody(cast: Cast, sloppy: Any, settle: Settle) -> None:
    sloppy(19)
    refresh_standings()
    standing = Standing.objects.get(person=cast.biller1)
    assert (standing.judged, standing.value) == (19, None)
    assert not is_recommended(standing, current_policy())
    for _ in range(5):
        settle(authors=(cast.biller2, cast.senior))
    for _ in range(17):
        settle(authors=(cast.biller2, cast.biller1))
    refresh_standings()
    assert Standing.objects.get(person=cast.biller2).value == 1
    assert recommended_count() == 1


def test_a_person_below_the_limit_is_recommended_with_the_figures_and_is_not_paused_by_itself(cast: Cast, sloppy: Any) -> None:
    sloppy(24)
    assert refresh_standings() == 1
    standing = Standing.objects.get()
    assert standing.high is not None
    assert standing.high < 0.9
    assert is_recommended(standing, current_policy())
    assert recommended_count() == 1
    assert not QueuePause.objects.exists()
    assert refresh_standings() == 0, "nothing is newer"


def test_the_policy_may_pause_by_itself_and_not_again_on_the_same_figures(cast: Cast, sloppy: Any) -> None:
    LabelingPolicy.objects.create(pause_by_itself=1)
    sloppy(24)
    refresh_standings()
    pause = QueuePause.objects.get()
    assert (pause.person, pause.by, pause.figures["judged"], pause.figures["limit"]) == (cast.biller1, None, 24, 0.9)
    assert resume_queue(user=cast.senior, person_id=cast.biller1.pk)
    Standing.objects.update(newest="")
    refresh_standings()
    assert QueuePause.objects.filter(ended_at=None).count() == 0
    sloppy(1)
    refresh_standings()
    assert QueuePause.objects.filter(ended_at=None).count() == 1


def test_records_in_dispute_and_the_onboarding_do_not_count(cast: Cast, sloppy: Any, settle: Settle) -> None:
    one, *_ = sloppy(3)
    SuspectGold.objects.create(gold=one, state="open", score=900, looked_at=one.created_at)
    assert len(judged_labels(cast.biller1.pk)) == 2
    for purpose, count in (("onboarding", 2), ("gold_test", 3)):
        gold = settle()
        task = LabelingTask.objects.create(document=gold.document, purpose=purpose, reserved_for=cast.biller1, state="done", ordinal=100)
        Annotation.objects.create(task=task, document=gold.document, author=cast.biller1, record=EMPTY, request_hash="")
        Trial.objects.create(
            person=cast.biller1, document=gold.document, purpose=purpose, task=task, state="judged", judged_at=gold.created_at
        )
        assert len(judged_labels(cast.biller1.pk)) == count


def work(user: User, task_id: int) -> None:
    submit(user=user, task_id=task_id, submission=read_submission(record=RECORD, version=0, marks={}, unsure=[], evidence={}))


def test_a_paused_person_finishes_what_is_in_hand_and_is_told_why_nothing_comes(cast: Cast, make_task: Any, client_of: Any) -> None:
    for _ in range(4):
        make_task()
    held, ahead = claim_next(user=cast.biller1), claim_next(user=cast.biller1, prefetch=True)
    assert held is not None
    assert ahead is not None
    away = LabelingTask.objects.exclude(pk__in=[held.task.pk, ahead.task.pk])[0]
    claim_task(user=cast.biller1, task_id=away.pk)
    postpone(user=cast.biller1, task_id=away.pk, minutes=5)
    LabelingTask.objects.filter(pk=away.pk).update(postponed_until="2020-01-01T00:00:00Z")
    pause_queue(user=cast.senior, person_id=cast.biller1.pk, reason="Let us talk")
    done = []
    for _ in range(3):
        view = claim_next(user=cast.biller1)
        assert view is not None
        done.append(view.task.pk)
        work(cast.biller1, view.task.pk)
    assert done == [held.task.pk, ahead.task.pk, away.pk]
    with pytest.raises(QueuePaused):
        claim_next(user=cast.biller1)
    left = LabelingTask.objects.get(state="open")
    with pytest.raises(QueuePaused):
        claim_task(user=cast.biller1, task_id=left.pk)
    api = client_of(cast.biller1)
    answer = api.post("/api/v1/tasks/claim/", {}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (403, "queue_paused")
    assert "senior" in answer.json()["detail"]
    assert api.post("/api/v1/tasks/claim/", {"prefetch": True}, format="json").status_code == 204
    assert claim_next(user=cast.biller2) is not None, "others go on"


def test_a_queue_goes_on_as_before(cast: Cast, make_task: Any) -> None:
    make_task()
    pause_queue(user=cast.admin, person_id=cast.biller1.pk)
    assert resume_queue(user=cast.senior, person_id=cast.biller1.pk)
    assert not resume_queue(user=cast.senior, person_id=cast.biller1.pk)
    assert claim_next(user=cast.biller1) is not None
    pause = QueuePause.objects.get()
    assert (pause.by, pause.ended_by) == (cast.admin, cast.senior)
    assert list(AuditEntry.objects.filter(action__startswith="queue.").order_by("pk").values_list("action", "person_name")) == [
        ("queue.paused", "admin"),
        ("queue.resumed", "senior"),
    ]


def test_pausing_twice_is_one_pause_and_who_may(cast: Cast) -> None:
    first = pause_queue(user=cast.senior, person_id=cast.biller1.pk)
    assert pause_queue(user=cast.admin, person_id=cast.biller1.pk).pk == first.pk
    for call in (pause_queue, resume_queue):
        with pytest.raises(RoleNeeded):
            call(user=cast.biller2, person_id=cast.biller1.pk)
        for nobody in (cast.senior.pk, 999_999):
            with pytest.raises(PersonNotFound):
                call(user=cast.admin, person_id=nobody)
    with pytest.raises(RequestInvalid):
        pause_queue(user=cast.senior, person_id=cast.biller2.pk, reason="x" * 501)
