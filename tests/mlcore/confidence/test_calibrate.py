from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore.confidence.calibrate import Sigmoid, Steps, calibrate, calibrate_each, calibrator_from_json
from mlcore.confidence.quality import ece

RNG = np.random.default_rng(3)


def drawn(count: int, slope: float, shift: float) -> tuple[np.ndarray, np.ndarray]:
    scores = RNG.normal(1, 2, count)
    return scores, RNG.random(count) < 1 / (1 + np.exp(-(slope * scores + shift)))


def test_a_sigmoid_finds_the_slope_and_the_shift_that_made_the_labels() -> None:
    calibrator = calibrate(*drawn(990, 0.5, -0.4))
    assert isinstance(calibrator, Sigmoid)
    assert (calibrator.slope, calibrator.shift) == pytest.approx((0.5, -0.4), abs=0.2)


@pytest.mark.parametrize("count", [900, 20_000])
def test_calibration_makes_overconfident_scores_true_on_other_values(count: int) -> None:
    scores, right = drawn(count, 0.4, -0.5)
    fresh, truth = drawn(20_000, 0.4, -0.5)
    before, after = ece(1 / (1 + np.exp(-fresh)), truth), ece(calibrate(scores, right)(fresh), truth)
    assert before > 0.08
    assert after < before / 2.5


def test_steps_follow_a_shape_that_no_sigmoid_has() -> None:
    scores = RNG.uniform(-3, 3, 20_000)
    truth = np.where(scores < 0, 0.3, np.where(scores < 2, 0.6, 0.95))
    calibrator = calibrate(scores, RNG.random(20_000) < truth)
    assert isinstance(calibrator, Steps)
    assert calibrator(np.array([-1.5, 1.0, 2.5])) == pytest.approx([0.3, 0.6, 0.95], abs=0.03)


SCORED = st.lists(st.tuples(st.floats(-6, 6), st.booleans()), min_size=1, max_size=60)


@settings(deadline=None, max_examples=40)
@given(SCORED, st.sampled_from([0, 20]))
def test_any_calibration_rises_never_says_certain_and_survives_json(evidence: list[tuple[float, bool]], copies: int) -> None:
    scores, right = (np.array(part) for part in zip(*(evidence * (copies + 1)), strict=True))
    calibrator = calibrate(scores, right)
    grid = np.linspace(-8, 8, 41)
    said = calibrator(grid)
    assert (np.diff(said) >= -1e-12).all()
    assert ((said > 0) & (said < 1)).all()
    assert np.array_equal(calibrator_from_json(json.loads(json.dumps(calibrator.to_json())))(grid), said)


def test_fields_with_too_few_values_share_a_calibration() -> None:
    scores, right = drawn(3_000, 1.0, 0.0)
    names = np.array(["total"] * 1_500 + ["tax"] * 1_460 + ["date"] * 40)
    found = calibrate_each(scores, right, names)
    assert set(found) == {"", "total", "tax"}
    assert set(calibrate_each(scores, np.ones(3_000, dtype=bool), names)) == {""}


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "table"},
        {"kind": "isotonic", "scores": [0, 1], "probabilities": [0.9, 0.1]},
        {"kind": "isotonic", "scores": [1, 0], "probabilities": [0.1, 0.9]},
        {"kind": "isotonic", "scores": [0, 1], "probabilities": [0.1, 1.2]},
        {"kind": "isotonic", "scores": [], "probabilities": []},
    ],
)
def test_what_is_no_calibration_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="calibration"):
        calibrator_from_json(data)
