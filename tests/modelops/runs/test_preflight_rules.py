"""What refuses and what has to be confirmed, each from the facts alone, at its limit and beside it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from mlcore.gate import GatePolicy
from mlcore.training.config import Recipe
from mlcore.training.presets import DEFAULT, FURTHER
from modelops.runs.expectations import PastRun, expect, pace_of
from modelops.runs.facts import ComparisonFacts, Corrections, DatasetFacts, Facts, LabelFacts, OpenRun, PlaceFacts, Share, StartFacts
from modelops.runs.preflight_answer import Preflight, decide
from modelops.runs.preflight_rules import MIB, Finding
from modelops.runs.recipes import stored

TYPES = {"standard_medication": 900, "compound_medication": 40, "dme_rental": 30, "bundled_service": 30}
DATA = DatasetFacts(
    number=4,
    documents={"train": 800, "validation": 60, "test": 120},
    vendors={"train": 40, "validation": 6, "test": 8},
    types={"train": TYPES, "validation": TYPES, "test": TYPES},
    gold={"train": 500, "validation": 60, "test": 120},
    largest=(Share("Apex", 90), Share("Zenith", 80)),
)
FACTS = Facts(dataset=DATA, place=PlaceFacts(workers=1, disk_free=100 * 1024 * MIB), corrections=Corrections(3, 40))


def warned(facts: Facts, recipe: Recipe = DEFAULT, needed: int = 600 * MIB) -> set[str]:
    return {one.code for one in decide(facts, recipe, bytes_needed=needed).warnings}


def data(**changes: object) -> Facts:
    return replace(FACTS, dataset=replace(DATA, **changes))  # type: ignore[arg-type]


def test_nothing_is_asked_where_all_is_well() -> None:
    answer = decide(FACTS, DEFAULT)
    assert answer.clean
    assert answer.may_start


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (replace(FACTS, trained_before=7), "trained_before"),
        (replace(FACTS, corrections=Corrections(3, 0)), "nothing_new"),
        (data(newer=5), "newer_dataset"),
        (data(documents={"train": 800, "validation": 19, "test": 120}), "no_confidence"),
        (data(vendors={"train": 40, "validation": 4, "test": 8}), "no_confidence"),
        (replace(FACTS, labels=LabelFacts(disputed={"train": 1})), "labels_disputed"),
        (replace(FACTS, labels=LabelFacts(superseded=1)), "labels_superseded"),
        (replace(FACTS, labels=LabelFacts(unadjudicated=34)), "unadjudicated"),
        (data(gold={}), "only_synthetic"),
        (data(largest=(Share("Apex", 251), Share("Zenith", 200))), "one_vendor_dominates"),
        (data(types={"train": {"standard_medication": 900}, "test": TYPES}), "line_type_missing"),
        (replace(FACTS, place=replace(FACTS.place, workers=0)), "no_worker"),
        (replace(FACTS, place=replace(FACTS.place, open_runs=(OpenRun(9, "ada", "running", 3, {}),))), "runs_ahead"),
        (replace(FACTS, place=replace(FACTS.place, disk_free=601 * MIB)), "disk_tight"),
        (data(documents={"train": 800, "validation": 60, "test": 99}), "gate_cannot_judge"),
        (data(vendors={"train": 40, "validation": 6, "test": 4}), "gate_cannot_judge"),
        (replace(FACTS, comparison=ComparisonFacts(champion=2, leaked=1)), "champion_knows_vendors"),
        (replace(FACTS, past=(PastRun(1, "cpu", "keyed-1", 10, 4, 40_000, 0.5),)), "long_run"),
        (replace(FACTS, hourly_rate=Decimal(1000)), "expensive"),
    ],
)
def test_each_warning_by_itself(facts: Facts, code: str) -> None:
    assert warned(facts) == {code}


@pytest.mark.parametrize(
    "facts",
    [
        replace(FACTS, corrections=Corrections(None, 0)),
        data(documents={"train": 317, "validation": 20, "test": 100}, vendors={"train": 4, "validation": 5, "test": 5}),
        replace(FACTS, labels=LabelFacts(unadjudicated=33)),
        data(largest=(Share("Apex", 250), Share("Zenith", 200))),
        data(largest=(Share("Apex", 500),)),
        replace(FACTS, place=replace(FACTS.place, workers=None)),
        replace(FACTS, place=replace(FACTS.place, disk_free=1624 * MIB)),
        replace(FACTS, comparison=ComparisonFacts(champion=2)),
    ],
)
def test_and_not_beside_its_limit(facts: Facts) -> None:
    assert warned(facts) == set()


def test_a_rare_line_type_asks_for_a_weight() -> None:
    rare = data(types={"train": TYPES | {"dme_rental": 19}, "test": TYPES})
    assert warned(rare, replace(DEFAULT, rare_weight=1.0)) == {"rare_line_type"}
    assert warned(rare) == set()
    assert warned(data(types={"train": TYPES, "test": TYPES}), replace(DEFAULT, rare_weight=1.0)) == set()


def test_few_documents_and_few_steps_are_told() -> None:
    few = data(documents={"train": 99, "validation": 60, "test": 120})
    assert warned(few, replace(DEFAULT, epochs=4)) == {"few_documents"}
    assert warned(few) == {"few_documents", "few_steps"}
    assert warned(data(documents={"train": 316, "validation": 60, "test": 120})) == {"few_steps"}


def test_a_warm_up_longer_than_the_run_is_told() -> None:
    assert warned(FACTS, replace(DEFAULT, schedule=replace(DEFAULT.schedule, warmup_steps=200))) == {"warmup_too_long"}
    assert warned(FACTS, replace(DEFAULT, schedule=replace(DEFAULT.schedule, warmup_steps=199))) == set()


def test_a_leak_and_the_same_run_refuse() -> None:
    leaking = decide(data(leak="The vendor apex is in both."), DEFAULT)
    assert [one.code for one in leaking.refusals] == ["dataset_leaks"]
    assert not leaking.may_start
    twin = OpenRun(9, "ada", "running", 4, stored(DEFAULT))
    same = decide(replace(FACTS, place=replace(FACTS.place, open_runs=(twin,))), DEFAULT)
    assert [one.code for one in same.refusals] == ["same_run_open"]
    assert "ada" in same.refusals[0].sentence
    assert same.warnings == (), "the same run is no run that comes first"
    other = replace(DEFAULT, seed=8)
    assert warned(replace(FACTS, place=replace(FACTS.place, open_runs=(twin,))), other) == {"runs_ahead"}


def test_a_set_that_cannot_be_used_is_refused_and_nothing_asked() -> None:
    standing = [Finding("dataset_not_frozen", "Not frozen", "Data set 4 is being put together.")]
    answer = decide(replace(data(usable=False, newer=5), trained_before=3), DEFAULT, standing)
    assert [one.code for one in answer.refusals] == ["dataset_not_frozen"]
    assert answer.warnings == ()


def test_warnings_are_confirmed_one_by_one() -> None:
    answer = decide(replace(data(newer=5), trained_before=7), DEFAULT)
    assert answer.unconfirmed([]) == ["trained_before", "newer_dataset"]
    assert answer.unconfirmed(["newer_dataset", "something_else"]) == ["trained_before"]
    assert answer.unconfirmed(["newer_dataset", "trained_before"]) == []
    assert not answer.clean


@pytest.mark.parametrize(("significance", "documents", "least"), [(0.05, 120, 6), (0.05, 5, None), (0.0625, 120, 6), (0.001, 120, 11)])
def test_how_many_lost_documents_show_a_loss(significance: float, documents: int, least: int | None) -> None:
    facts = replace(
        data(documents={"train": 800, "validation": 60, "test": documents}),
        comparison=ComparisonFacts(policy=GatePolicy(significance=significance)),
    )
    answer: Preflight = decide(facts, DEFAULT)
    assert answer.loss_shown_from == least
    if least:
        assert 2 / 2**least < significance <= 2 / 2 ** (least - 1)


def test_time_and_money_follow_from_what_was_measured() -> None:
    past = [PastRun(n, "cuda H100", "keyed-1", 100, 4, 400_000, speed) for n, speed in ((3, 3000.0), (2, 2000.0), (1, 4000.0))]
    pace = pace_of(DEFAULT, [*past, PastRun(0, "cpu", "keyed-1", 10, 4, 80_000, 100.0)], (1.5, 2))
    assert (pace.device, pace.tokens_per_second, pace.tokens_per_document, pace.seconds_per_reading) == ("cuda H100", 3000.0, 1000.0, 1.5)
    assert pace.measured
    expected = expect(DEFAULT, pace, documents=600, validation=60, test=120, read_twice=True, hourly_rate=Decimal("3.00"), every_days=91)
    assert expected.steps == 150
    assert expected.training_minutes == pytest.approx((600 + 20) * 1000 / 3000 / 60)
    assert expected.reading_minutes == pytest.approx(60 * 1.5 / 60)
    assert expected.evaluating_minutes == pytest.approx(2 * 120 * 1.5 / 60)
    assert expected.cost == Decimal("0.5472")
    assert expected.per_year == Decimal("0.5472") * 4
    assert expected.to_json()["specification_cost"] == "240.00"


def test_without_a_measured_run_everything_is_said_to_be_assumed() -> None:
    pace = pace_of(replace(DEFAULT, max_tokens=256), [], None)
    assert not pace.measured
    assert pace.tokens_per_document == 256
    assert all("assumed" in sentence for sentence in pace.basis)
    expected = expect(DEFAULT, pace, documents=0, validation=0, test=0, read_twice=False, hourly_rate=Decimal(0), every_days=0)
    assert (expected.steps, expected.minutes, expected.cost, expected.per_year, expected.runs_per_year) == (0, 0.0, None, None, 4)


START = StartFacts(number=3, documents=1400, rate=3e-4)


def test_nothing_is_asked_about_a_start_that_fits() -> None:
    assert decide(replace(FACTS, start=START), FURTHER).clean


@pytest.mark.parametrize(
    ("start", "rate", "code"),
    [
        (replace(START, unknown=True), 3e-4, "start_unknown"),
        (replace(START, same_dataset=True), 3e-4, "start_knows_dataset"),
        (replace(START, generated=1), 3e-4, "start_knows_validation"),
        (START, 6.1e-4, "start_rate_high"),
    ],
)
def test_what_is_odd_about_a_start_is_asked(start: StartFacts, rate: float, code: str) -> None:
    recipe = replace(FURTHER, schedule=replace(FURTHER.schedule, learning_rate=rate))
    assert warned(replace(FACTS, start=start), recipe) == {code}


def test_a_rate_is_no_question_at_its_limit_or_where_nothing_is_known() -> None:
    twice = replace(FURTHER, schedule=replace(FURTHER.schedule, learning_rate=6e-4))
    assert not warned(replace(FACTS, start=START), twice)
    assert not warned(replace(FACTS, start=replace(START, rate=0.0)), DEFAULT)


def test_a_start_that_knows_what_is_tested_is_refused() -> None:
    answer = decide(replace(FACTS, start=replace(START, leak="Model 3 has learned from 1 vendor (7) that data set 4 holds out.")), FURTHER)
    assert [one.code for one in answer.refusals] == ["start_leaks"]
    assert answer.refusals[0].sentence.endswith("Start from the base, or from a model that has not learned from them.")


def test_few_steps_are_fewer_for_a_model_that_knows_the_form() -> None:
    few = data(documents={"train": 101, "validation": 60, "test": 120})
    assert "few_steps" in warned(few, DEFAULT)
    assert "few_steps" not in warned(replace(few, start=START), FURTHER)
    one = replace(FURTHER, epochs=1, accumulate=8)
    assert "few_steps" in warned(replace(few, start=START), one)


def test_a_run_from_another_start_is_another_run() -> None:
    twin = OpenRun(9, "ada", "running", 4, stored(FURTHER), start=3)
    open_runs = replace(FACTS, place=replace(FACTS.place, open_runs=(twin,)))
    assert [one.code for one in decide(replace(open_runs, start=START), FURTHER).refusals] == ["same_run_open"]
    assert warned(replace(open_runs, start=replace(START, number=4)), FURTHER) == warned(open_runs, FURTHER) == {"runs_ahead"}
