"""Recipes that fit the number of documents."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mlcore.training.presets import DEFAULT, FURTHER, GUIDE
from modelops.runs.costs import steps_of
from modelops.runs.fitting import FURTHER_EPOCHS, FURTHER_STEPS, LEAST_STEPS, MOST_EPOCHS, fitted, further_from, remarks


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


@given(st.integers(min_value=1, max_value=5000))
def test_a_model_that_knows_the_form_goes_over_few_documents_less_often(documents: int) -> None:
    made = fitted(documents, FURTHER, further=True).checked()
    assert made.epochs <= FURTHER_EPOCHS
    assert steps_of(documents, made) >= FURTHER_STEPS or documents * FURTHER_EPOCHS < FURTHER_STEPS
    assert made.schedule.learning_rate == FURTHER.schedule.learning_rate
    assert made.lora == DEFAULT.lora
    assert steps_of(documents, made) <= steps_of(documents, fitted(documents)) or documents * 2 >= LEAST_STEPS


def test_what_is_odd_about_going_on_is_said_in_its_own_words() -> None:
    assert remarks(8, FURTHER, further=True)[0] == "8 documents in batches of 4 are 4 steps; fewer than 20 change a model hardly."
    assert not remarks(300, fitted(300, FURTHER, further=True), further=True)


def test_a_recipe_for_going_on_keeps_what_the_model_is() -> None:
    made = further_from(GUIDE)
    assert (made.lora, made.form, made.precision, made.max_tokens) == (GUIDE.lora, GUIDE.form, GUIDE.precision, GUIDE.max_tokens)
    assert (made.schedule.learning_rate, made.schedule.warmup_steps, made.epochs) == (1e-5, 5, FURTHER.epochs)
    assert further_from(made, again=True).schedule.learning_rate == 1e-5
