"""What the model adds to the template, and what the template's lead saves."""

from __future__ import annotations

import pytest

from benchmarks.two_readers import cross_fitted, outcome, shares
from mlcore.confidence.fit import prepare
from tests.mlcore.confidence.simulated import simulated_samples


@pytest.mark.thorough
def test_each_labeled_value_is_counted_once_and_a_great_lead_changes_nothing() -> None:
    prepared = [prepare(one) for one in simulated_samples(30, 5, vendors=10)]
    counted = shares(prepared)
    assert counted[""].total() == sum(counts.total() for name, counts in counted.items() if name) > 0
    assert counted["total"].total() == len(prepared)
    odds = cross_fitted(prepared)
    free, held = outcome(prepared, odds, 0.0), outcome(prepared, odds, 50.0)
    assert free["won"] + free["lost"] > 0
    assert held["won"] + held["lost"] == 0
