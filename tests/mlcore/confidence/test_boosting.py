from __future__ import annotations

import json

import numpy as np
import pytest

from mlcore.confidence.boosting import BoostedTrees, Boosting, fit_trees

RNG = np.random.default_rng(7)
SMALL = Boosting(trees=30, depth=3, rate=0.3, leaf=1.0)


def sigmoid(odds: np.ndarray) -> np.ndarray:
    probabilities: np.ndarray = 1 / (1 + np.exp(-odds))
    return probabilities


def test_trees_learn_what_no_straight_line_tells_apart() -> None:
    rows = RNG.uniform(-1, 1, (2_000, 3))
    right = rows[:, 0] * rows[:, 2] > 0
    fresh = RNG.uniform(-1, 1, (2_000, 3))
    answer = fit_trees(rows, right, SMALL).log_odds(fresh) > 0
    assert np.mean(answer == (fresh[:, 0] * fresh[:, 2] > 0)) > 0.95


def test_log_odds_are_those_of_the_distribution() -> None:
    rows = RNG.integers(0, 4, (20_000, 1)).astype(float)
    truth = np.array([0.1, 0.4, 0.7, 0.95])
    right = RNG.random(20_000) < truth[rows[:, 0].astype(int)]
    said = sigmoid(fit_trees(rows, right, Boosting(trees=60, depth=2, rate=0.3)).log_odds(np.arange(4.0).reshape(-1, 1)))
    assert said == pytest.approx(truth, abs=4 * np.sqrt(0.25 / 5_000))


def test_what_is_read_from_json_answers_the_same_to_the_last_digit() -> None:
    rows = RNG.normal(size=(500, 4))
    trees = fit_trees(rows, rows[:, 1] + RNG.normal(size=500) > 0, SMALL)
    again = BoostedTrees.from_json(json.loads(json.dumps(trees.to_json(), allow_nan=False)))
    assert np.array_equal(again.log_odds(rows), trees.log_odds(rows))


def test_the_same_rows_give_the_same_trees_and_another_seed_does_not() -> None:
    rows = RNG.normal(size=(400, 4))
    right = rows[:, 1] + RNG.normal(size=400) > 0
    first, again, other = (fit_trees(rows, right, Boosting(trees=5, seed=seed)) for seed in (1, 1, 2))
    assert first.to_json() == again.to_json() != other.to_json()


def test_a_row_is_answered_alone_as_among_others_and_none_as_none() -> None:
    rows = RNG.normal(size=(300, 3))
    trees = fit_trees(rows, rows[:, 0] > 0, SMALL)
    together = trees.log_odds(rows)
    assert [trees.log_odds(rows[n : n + 1])[0] for n in range(50)] == together[:50].tolist()
    assert trees.log_odds(np.empty((0, 3))).shape == (0,)


@pytest.mark.parametrize("right", [True, False])
def test_one_answer_alone_is_learned_without_certainty(right: bool) -> None:
    rows = RNG.normal(size=(50, 2))
    said = sigmoid(fit_trees(rows, np.full(50, right), SMALL).log_odds(rows))
    assert ((said > 0.9) if right else (said < 0.1)).all()
    assert ((said > 0) & (said < 1)).all()


def test_no_leaf_is_lighter_than_asked() -> None:
    rows = RNG.normal(size=(200, 2))
    right = RNG.random(200) < 0.5
    heavy = fit_trees(rows, right, Boosting(trees=1, depth=4, leaf=12.0, share=1.0))
    counts = np.unique(heavy.log_odds(rows), return_counts=True)[1]
    assert counts.min() >= 48  # an example of an even chance weighs a quarter
    assert len(counts) > 1


@pytest.mark.parametrize(
    "change", [{"leaves": [[0.0]]}, {"features": [[0, 0]], "thresholds": [[0.0, 0.0]], "leaves": [[0.0] * 3]}, {"features": [[-1]]}]
)
def test_what_are_no_trees_is_refused(change: dict[str, object]) -> None:
    whole = {"bias": 0.0, "features": [[0]], "thresholds": [[0.5]], "leaves": [[0.0, 1.0]]}
    assert BoostedTrees.from_json(whole).log_odds(np.array([[0.0], [1.0]])).tolist() == [0.0, 1.0]
    with pytest.raises(ValueError, match="trees"):
        BoostedTrees.from_json({**whole, **change})
