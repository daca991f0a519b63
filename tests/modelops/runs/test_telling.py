"""What is told is kept once, whoever is killed in between."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mlcore.training.events import EpochEnd, Notice
from modelops.models import RunState, TrainingRun
from modelops.runs.faults import RunTaken
from modelops.runs.hold import Hold
from modelops.runs.telling import tell
from tests.modelops.runs.conftest import Started
from tests.modelops.runs.small import told
from tests.modelops.runs.test_news import progress, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(started: Started) -> TrainingRun:
    """In the hands of a worker."""
    made = started()
    TrainingRun.objects.filter(pk=made.pk).update(state=RunState.RUNNING)
    made.refresh_from_db()
    return made


def hold_of(run: TrainingRun) -> Hold:
    return Hold(run.pk, run.attempts, fence=lambda: None, got_on=lambda: None, hourly_rate=Decimal("3.6"))


def losses(run: TrainingRun) -> list[tuple[int, float | None, float | None]]:
    return list(run.points.order_by("step").values_list("step", "loss", "validation_loss"))


def test_steps_that_are_made_again_after_a_kill_change_their_points(run: TrainingRun, tmp_path: Path) -> None:
    events = written(tmp_path / "events.jsonl", progress(1), progress(2), EpochEnd(0, 2, 1.5, 1.2, True).to_json(), progress(3, epoch=1))
    tell(hold_of(run), events, 0)
    run.refresh_from_db()
    assert run.told_bytes == events.stat().st_size
    lines = told(run)
    written(events, Notice(2, "Goes on from step 2.").to_json(), progress(3, loss=1.0, epoch=1), progress(4, loss=0.9, epoch=1))
    tell(hold_of(run), events, run.told_bytes)
    assert losses(run) == [(1, 1.5, None), (2, 1.5, 1.2), (3, 1.0, None), (4, 0.9, None)]
    assert told(run) == [*lines, "Goes on from step 2."]


def test_the_same_news_told_twice_leave_the_same_rows(run: TrainingRun, tmp_path: Path) -> None:
    events = written(tmp_path / "events.jsonl", progress(1), progress(2), EpochEnd(0, 2, 1.5, 1.2, True).to_json())
    for _ in range(2):
        tell(hold_of(run), events, 0)
    assert losses(run) == [(1, 1.5, None), (2, 1.5, 1.2)]


def test_a_worker_that_was_overtaken_tells_nothing(run: TrainingRun, tmp_path: Path) -> None:
    events = written(tmp_path / "events.jsonl", progress(1))
    hold = hold_of(run)
    TrainingRun.objects.filter(pk=run.pk).update(attempts=2)
    with pytest.raises(RunTaken):
        tell(hold, events, 0)
    run.refresh_from_db()
    assert (run.points.count(), run.told_bytes, run.step) == (0, 0, 0)


def test_many_steps_are_a_few_statements_and_no_news_is_none(run: TrainingRun, tmp_path: Path) -> None:
    events = written(tmp_path / "events.jsonl", *(progress(step, 400) for step in range(1, 401)))
    hold = hold_of(run)
    with CaptureQueriesContext(connection) as found:
        position = tell(hold, events, 0)
    assert len(found) <= 8
    with CaptureQueriesContext(connection) as found:
        assert tell(hold, events, position) == position
    assert len(found) == 0
    assert run.points.count() == 400


def test_the_clock_runs_and_costs(run: TrainingRun) -> None:
    hold = hold_of(run)
    hold._since -= 1000
    hold.write()
    hold.write()
    run.refresh_from_db()
    assert 1000 <= run.seconds < 1100
    assert run.cost is not None
    assert Decimal("1.0") <= run.cost < Decimal("1.1"), "3.60 an hour is a thousandth a second"
