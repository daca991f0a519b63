"""What a run costs, and how large it is."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from modelops.models import TriggerPolicy
from modelops.runs.costs import cost_of, current_rate, steps_of
from tests.modelops.runs.small import RECIPE

pytestmark = pytest.mark.django_db


def test_the_specifications_run_costs_240() -> None:
    assert cost_of(8 * 3600, Decimal(30)) == Decimal("240.0000")
    assert cost_of(1800, Decimal(4), processes=2) == Decimal("4.0000")
    assert cost_of(0.1, Decimal("0.5")) == Decimal("0.0000")


def test_steps_are_counted_as_training_counts_them() -> None:
    assert steps_of(12, RECIPE) == 12
    assert steps_of(13, replace(RECIPE, micro_batch=4, accumulate=2, epochs=3)) == 6


def test_the_rate_is_that_of_the_newest_policy() -> None:
    assert current_rate() == 0
    for rate in ("3.5", "4.25"):
        TriggerPolicy.objects.create(hourly_rate=Decimal(rate))
    assert current_rate() == Decimal("4.25")
