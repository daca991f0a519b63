"""Passes that prepare tests at the same moment, and a person who claims from several windows at once."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from invoices.models import Role, User
from labeling.assignment.claims import claim_next
from labeling.models import LabelingPolicy, LabelingTask, Trial
from labeling.trials.handing_out import hand_out, prepare_tests
from tests.labeling.test_pair_races import at_once
from tests.labeling.trials.test_handing_out import work

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_person_never_gets_a_document_twice_and_no_draw_is_made_twice(cast: Any, settle: Any, make_task: Any) -> None:
    LabelingPolicy.objects.create(test_share=0.5, double_share=0, new_vendor_share=0, new_biller_share=0, audit_share=0)
    for _ in range(14):
        settle()
        make_task()
    people = [cast.biller1, User.objects.create_user("biller3", role=Role.BILLER)]
    prepare_tests()
    for _ in range(8):
        for person in people:
            work(person)
        at_once([prepare_tests] * 4)
    for person in people:
        trials = list(Trial.objects.filter(person=person))
        assert len({trial.document_id for trial in trials}) == len(trials)
        handed = [trial.position for trial in trials if trial.state != "reserved"]
        assert len(set(handed)) == len(handed) >= 3
        assert sum(trial.state == "reserved" for trial in trials) == 2
    assert LabelingTask.objects.filter(purpose="gold_test").count() == Trial.objects.exclude(task=None).count()


def test_two_windows_of_a_person_get_one_test_once_and_nobody_else_any(cast: Any, settle: Any) -> None:
    LabelingPolicy.objects.create(test_share=0.5)
    for _ in range(2):
        settle()
    prepare_tests()
    tasks = {hand_out(trial).pk for trial in Trial.objects.filter(person=cast.biller1)}
    got: dict[str, list[int]] = {name: [] for name in ("biller1", "biller2", "senior")}

    def claim(user: User) -> None:
        view = claim_next(user=user)
        got[user.username].append(view.task.pk if view else 0)

    at_once([partial(claim, user) for user in (cast.biller1, cast.biller1, cast.biller2, cast.senior)])
    assert set(got["biller1"]) <= tasks
    assert got["biller2"] == got["senior"] == [0]
