"""Numbers of models in words."""

from __future__ import annotations

import pytest

from mlcore.evaluation.scores import Estimate
from modelops.templatetags import model_numbers


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Estimate(None), "–"),
        (Estimate(0.0231), "+2.3"),
        (Estimate(-0.0004, -0.02, 0.0), "0.0 (−2.0 to 0.0)"),
        (0.5, "+50.0"),
        (None, "–"),
    ],
)
def test_differences_in_points(found: Estimate | float | None, said: str) -> None:
    assert model_numbers.points(found) == said


def test_intervals_that_lie_on_one_side() -> None:
    assert model_numbers.sign_of(Estimate(0.1, 0.01, 0.2)) == "better"
    assert model_numbers.sign_of(Estimate(-0.1, -0.2, -0.01)) == "worse"
    assert model_numbers.sign_of(Estimate(0.1, 0.0, 0.2)) == model_numbers.sign_of(Estimate(0.1)) == model_numbers.sign_of(None) == ""


def test_estimates_of_files_and_of_memory() -> None:
    for found in (Estimate(0.984, 0.97, 0.99), {"value": 0.984, "low": 0.97, "high": 0.99}):
        assert model_numbers.estimate(found) == "98.4 %"
        assert model_numbers.interval(found) == "97.0–99.0 %"
    assert (model_numbers.estimate(None), model_numbers.interval({"value": 1.0, "low": None, "high": None})) == ("–", "")


def test_numbers_of_checks() -> None:
    assert [model_numbers.number(one) for one in (True, 0.123456, 1234, None, [100, 5], "x")] == [
        *("yes", "0.1235", "1,234", "–", "100, 5", "x")
    ]
    assert [model_numbers.probability(one) for one in (0.0001, 0.0312, 1.0)] == ["< 0.001", "0.031", "1.000"]
