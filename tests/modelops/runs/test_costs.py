"""What a run costs, is expected to cost, and costs over a year."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from modelops.models import DatasetVersion, RunState, TrainingRun, TriggerPolicy
from modelops.runs.costs import CPU_PACE, TOKENS_A_DOCUMENT, cost_of, expected, steps_of, training_documents, year_of_runs
from tests.modelops.runs.small import RECIPE

pytestmark = pytest.mark.django_db
WIDE = replace(RECIPE, max_tokens=4096)


@pytest.fixture
def version() -> DatasetVersion:
    """100 training documents; nothing of it is on the disk."""
    return DatasetVersion.objects.create(number=9, documents=130, validation_documents=20, test_documents=10)


def finished(version: DatasetVersion, *, pace: float, tokens: int, cost: str, device: str = "CPU, 2 cores") -> TrainingRun:
    return TrainingRun.objects.create(
        dataset=version,
        recipe=WIDE.to_json(),
        state=RunState.FINISHED,
        tokens=tokens,
        tokens_per_second=pace,
        step=100,
        steps=100,
        cost=Decimal(cost),
        device=device,
    )


def test_the_specifications_run_costs_240() -> None:
    assert cost_of(8 * 3600, Decimal(30)) == Decimal("240.0000")
    assert cost_of(1800, Decimal(4), processes=2) == Decimal("4.0000")
    assert cost_of(0.1, Decimal("0.5")) == Decimal("0.0000")


def test_steps_are_counted_as_training_counts_them() -> None:
    assert steps_of(12, RECIPE) == 12
    assert steps_of(13, replace(RECIPE, micro_batch=4, accumulate=2, epochs=3)) == 6


def test_without_an_earlier_run_a_rule_of_thumb_is_said_to_be_one(version: DatasetVersion) -> None:
    found = expected(version, WIDE)
    assert (found.measured, found.pace, found.tokens) == (0, CPU_PACE, 2 * 100 * TOKENS_A_DOCUMENT)
    assert found.cost == 0
    assert expected(version, replace(RECIPE, max_tokens=100)).tokens == 2 * 100 * 100, "longer documents are left out"


def test_the_pace_is_that_of_earlier_runs_on_the_device(version: DatasetVersion) -> None:
    TriggerPolicy.objects.create(hourly_rate=Decimal("3.6"))
    finished(version, pace=100.0, tokens=2 * 100 * 1000, cost="2.0000")
    finished(version, pace=5000.0, tokens=2 * 100 * 1000, cost="1.0000", device="NVIDIA H100")
    found = expected(version, WIDE, device="NVIDIA H100")
    assert (found.measured, found.pace, found.tokens, found.seconds) == (1, 5000.0, 200_000, 40.0)
    assert found.cost == Decimal("0.0400")
    assert expected(version, WIDE).measured == 2


def test_a_year_has_as_many_runs_as_the_policy_schedules(version: DatasetVersion) -> None:
    finished(version, pace=100.0, tokens=1000, cost="10.0000")
    finished(version, pace=100.0, tokens=1000, cost="20.0000")
    year = year_of_runs()
    assert (year.runs, year.run, year.year) == (Decimal("4.0"), Decimal("15.0000"), Decimal("60.00"))
    assert (year.specification_run, year.specification_year) == (Decimal(240), Decimal(960))
    TriggerPolicy.objects.create(every_days=0)
    assert year_of_runs().year == 0


def test_the_version_may_say_how_many_documents_are_trained_on(version: DatasetVersion) -> None:
    assert training_documents(version) == 100
    version.counts = {"documents": {"train": 77}}
    assert training_documents(version) == 77
