"""The scheduler asks for counting while pairs wait; a worker counts them all."""

from __future__ import annotations

import pytest

from labeling.agreement.counting import count_pairs, waiting
from labeling.models import AgreementTally
from tests.conftest import Cast
from tests.labeling.agreement.frozen_pairs import freeze, some
from workers.models import Job
from workers.schedules import BEAT_SCHEDULE
from workers.tasks.agreement import count_agreement
from workers.tasks.housekeeping import ask_for_counting_agreement

pytestmark = pytest.mark.django_db


def test_what_waits_is_counted(cast: Cast) -> None:
    ask_for_counting_agreement()
    assert not Job.objects.exists(), "nothing waits"
    freeze(some([cast.biller1, cast.biller2], 60))
    ask_for_counting_agreement()
    assert count_agreement(Job.objects.get(kind="count_agreement").pk) == "done"
    assert waiting() == 0
    assert AgreementTally.objects.get(kind="all").documents == 60


def test_damaged_sums_end_no_job_as_dead(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    """The schedule asks every minute: dead jobs would pile up until somebody mends the sums."""
    freeze(some([cast.biller1, cast.biller2], 2))
    count_pairs(1)
    AgreementTally.objects.filter(kind="all").update(tally="{")
    ask_for_counting_agreement()
    assert count_agreement(Job.objects.get(kind="count_agreement").pk) == "done"
    assert "manage.py recount_agreement" in caplog.text
    assert waiting() == 1


def test_it_is_in_the_schedule() -> None:
    assert "workers.ask_for_counting_agreement" in {entry["task"] for entry in BEAT_SCHEDULE.values()}
