"""Recipes that fit the number of documents."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mlcore.training.presets import DEFAULT, GUIDE
from modelops.runs.costs import steps_of
from modelops.runs.fitting import LEAST_STEPS, MOST_EPOCHS, fitted, remarks


@given(st.integers(min_value=1, max_value=5000), st.sampled_from([DEFAULT, GUIDE]))
def test_what_is_fitted_is_a_recipe_that_warms_up_and_saves_in_time(documents: int, preset: object) -> None:
    made = fitted(documents, preset).checked()  # type: ignore[arg-type]
    total = steps_of(documents, made)
    assert made.schedule.warmup_steps <= max(1, round(total * 0.15))
    assert made.save_every_steps <= max(1, total // 8)
    assert not any("warm-up" in remark or "saved" in remark for remark in remarks(documents, made)) or total < 8


def test_few_documents_are_gone_over_more_often_and_many_are_not() -> None:
    few, many = fitted(40), fitted(3000)
    assert few.epochs <= MOST_EPOCHS
    assert steps_of(40, few) >= LEAST_STEPS
    assert few.patience == 2
    assert (many.epochs, many.accumulate, many.schedule, many.save_every_steps) == (1, 4, DEFAULT.schedule, 40)


def test_a_handful_is_said_to_be_too_few() -> None:
    assert any("seldom learn the form" in remark for remark in remarks(8, fitted(8)))


def test_the_guides_warm_up_is_longer_than_a_short_run() -> None:
    assert [remark.split(",")[0] for remark in remarks(100, GUIDE)] == [
        "100 documents in batches of 16 are 21 steps; fewer than 80 seldom learn the form.",
        "The warm-up takes 100 of 21 steps",
        "It is saved every 200 steps and has 21: when it is interrupted",
    ]
