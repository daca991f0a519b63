"""Each question of the gate: what passes, what does not, and what cannot be said."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from mlcore.gate import Check, GatePolicy, Measured, State, System, Verdict, decide
from tests.mlcore.gate.systems import RIGHT, Fault, no_answer, system, wrong_total

POLICY = GatePolicy()


def check(verdict: Verdict, code: str) -> Check:
    (found,) = [one for one in verdict.checks if one.code == code]
    return found


def states(verdict: Verdict) -> dict[str, str]:
    return {one.code: one.state.value for one in verdict.checks}


def test_the_same_system_again_may_serve() -> None:
    verdict = decide(system(), system("champion"), POLICY)
    assert verdict.passed, verdict.reason
    assert set(states(verdict).values()) == {"passed"}
    assert {"field:total", "field:line_items.quantity", "vendor:v0"} <= set(states(verdict))
    assert verdict.reason == f"candidate may serve: all {len(verdict.checks)} checks passed."


def test_without_a_champion_nothing_is_compared() -> None:
    verdict = decide(system(), None, POLICY)
    assert verdict.passed
    assert states(verdict) == {
        "held_out": "passed", "accuracy": "passed", "champion": "skipped", "calibration": "passed", "valid": "passed", "seconds": "passed",
    }  # fmt: skip


def test_accuracy_has_to_be_above_the_limit() -> None:
    """Of ten values of a document one is wrong in a fifth of the documents: exactly .98."""
    assert sum(1 for _ in RIGHT.line_items) == 1
    at_limit = decide(system(fault=wrong_total(range(24))), None, GatePolicy(accuracy=0.98))
    found = check(at_limit, "accuracy")
    share = found.numbers["value"]
    assert check(decide(system(fault=wrong_total(range(24))), None, GatePolicy(accuracy=share)), "accuracy").state is State.FAILED
    assert check(decide(system(fault=wrong_total(range(24))), None, GatePolicy(accuracy=share - 1e-6)), "accuracy").state is State.PASSED
    below = check(decide(system(fault=wrong_total(range(90))), None, POLICY), "accuracy")
    assert below.state is State.FAILED
    assert "has to be above 98.0 %" in below.sentence


def test_the_lower_end_may_be_asked_for() -> None:
    candidate = system(fault=wrong_total(range(0, 12, 6)))
    value, low = (check(decide(candidate, None, POLICY), "accuracy").numbers[name] for name in ("value", "low"))
    assert low < value
    between = GatePolicy(accuracy=(low + value) / 2)
    assert check(decide(candidate, None, between), "accuracy").state is State.PASSED
    assert check(decide(candidate, None, GatePolicy(accuracy=between.accuracy, by_lower_bound=True)), "accuracy").state is State.FAILED


def test_a_vendor_that_was_trained_on_is_named() -> None:
    verdict = decide(system(trained_vendors=frozenset({"v3", "elsewhere"})), None, POLICY)
    assert check(verdict, "held_out").state is State.FAILED
    assert "(v3)" in check(verdict, "held_out").sentence
    assert not verdict.passed


def test_a_model_of_unknown_descent_is_no_pass() -> None:
    verdict = decide(system(vendors_known=False), system("champion"), GatePolicy())
    assert [(check.code, check.state) for check in verdict.against] == [("held_out", State.UNKNOWN)]
    assert "Nothing says which vendors" in verdict.reason
    kept = System.from_json(system(vendors_known=False).to_json())
    assert not kept.vendors_known
    older = {name: part for name, part in system().to_json().items() if name != "vendors_known"}
    assert System.from_json(older).vendors_known


def test_too_few_documents_or_vendors_are_no_pass() -> None:
    for few in (system(documents=99), system(vendors=4)):
        verdict = decide(few, None, POLICY)
        assert check(verdict, "held_out").state is State.UNKNOWN
        assert not verdict.passed
        assert "are the least" in verdict.reason


def test_losing_whole_documents_is_seen_though_few_values_are_lost() -> None:
    verdict = decide(system(fault=wrong_total(range(0, 30, 3))), system("champion"), POLICY)
    assert check(verdict, "documents").state is State.FAILED
    assert (check(verdict, "documents").numbers["won"], check(verdict, "documents").numbers["lost"]) == (0, 10)
    won = decide(system(), system("champion", fault=wrong_total(range(0, 30, 3))), POLICY)
    assert check(won, "documents").state is State.PASSED, "winning as many is no loss"


def test_a_critical_field_may_not_be_worse_by_more_than_the_margin() -> None:
    verdict = decide(system(fault=wrong_total(range(0, 12, 2))), system("champion"), POLICY)
    assert check(verdict, "field:total").state is State.FAILED
    assert check(verdict, "field:date").state is State.PASSED
    assert check(
        decide(system(fault=wrong_total(range(0, 12, 2))), system("champion"), GatePolicy(field_margin=0.5)), "field:total"
    ).state is (State.PASSED)


def test_one_vendor_may_not_pay_for_the_others() -> None:
    only_v0 = wrong_total([n for n in range(120) if n % 6 == 0])
    verdict = decide(system(fault=only_v0), system("champion"), POLICY)
    assert check(verdict, "vendor:v0").state is State.FAILED
    assert check(verdict, "vendor:v1").state is State.PASSED


def test_a_vendor_with_few_documents_is_not_judged_by_itself() -> None:
    verdict = decide(system(vendors=12), system("champion", vendors=12), POLICY)
    assert check(verdict, "vendor:v0").state is State.SKIPPED
    assert verdict.passed


def test_answers_that_are_none_calibration_and_time_have_limits() -> None:
    candidate = system(fault=no_answer([7]), calibration=Measured(0.2, 300), seconds=Measured(1.3, 120))
    verdict = decide(candidate, system("champion"), POLICY)
    assert {code: states(verdict)[code] for code in ("valid", "calibration", "seconds")} == dict.fromkeys(
        ("valid", "calibration", "seconds"), "failed"
    )
    assert "119 of 120" in check(verdict, "valid").sentence
    assert check(decide(system(seconds=Measured(2.0, 9)), None, GatePolicy(seconds=1.5)), "seconds").state is State.FAILED
    assert check(decide(system(seconds=Measured(2.0, 9)), None, POLICY), "seconds").state is State.PASSED


def test_what_was_not_measured_is_no_pass() -> None:
    verdict = decide(system(calibration=None, seconds=None), None, POLICY)
    assert {one.code for one in verdict.against} == {"calibration", "seconds"}
    assert all(one.state is State.UNKNOWN for one in verdict.against)


def test_systems_that_read_other_documents_are_not_compared() -> None:
    nothing_shared = System("champion", system(documents=120).evaluation, frozenset())
    other = decide(_renamed(system()), nothing_shared, POLICY)
    assert check(other, "champion").state is State.UNKNOWN
    assert not other.passed
    few = decide(system(), system("champion", documents=60), POLICY)
    assert "60 documents; 100 are the least" in check(few, "champion").sentence


@pytest.mark.thorough
def test_a_worse_model_seldom_passes_and_an_equal_one_mostly_does() -> None:
    """A total that is worse by half as much again as the margin is not let through by chance, one that is not worse is."""
    rng = np.random.default_rng(5)
    margin, passed = 0.10, {"worse": 0, "equal": 0}
    for _ in range(12):
        for name, lost in (("worse", margin + 0.05), ("equal", 0.0)):
            noise = set(np.flatnonzero(rng.random(200) < 0.05).tolist())
            worse = set(np.flatnonzero(rng.random(200) < lost).tolist())
            champion = system("champion", wrong_total(noise), 200, 20)
            candidate = system("candidate", wrong_total(noise | worse), 200, 20)
            verdict = decide(candidate, champion, GatePolicy(field_margin=margin, top_vendors=0))
            passed[name] += check(verdict, "field:total").state is State.PASSED
    assert passed["worse"] == 0
    assert passed["equal"] == 12


def test_a_verdict_has_every_number_and_is_plain_json() -> None:
    verdict = decide(system(fault=wrong_total(range(90))), system("champion"), POLICY)
    data = json.loads(json.dumps(verdict.to_json()))
    assert data["passed"] is False
    assert GatePolicy.from_json(data["policy"]) == POLICY
    assert [one["code"] for one in data["checks"]][:3] == ["held_out", "accuracy", "champion"]
    assert all(one["sentence"].endswith(".") for one in data["checks"])


def test_evidence_is_read_back() -> None:
    candidate = system(fault=wrong_total(range(9)), trained_vendors=frozenset({"b", "a"}), seconds=None)
    again = System.from_json(json.loads(json.dumps(candidate.to_json())))
    assert (again.name, again.trained_vendors, again.calibration, again.seconds) == (
        "candidate", frozenset({"a", "b"}), Measured(0.02, 400), None,
    )  # fmt: skip
    assert decide(again, None, POLICY).to_json() == decide(candidate, None, POLICY).to_json()


def _renamed(candidate: System) -> System:
    documents = tuple(replace(document, id=f"other-{document.id}") for document in candidate.evaluation.documents)
    return replace(candidate, evaluation=replace(candidate.evaluation, documents=documents))


@pytest.mark.parametrize("fault", [wrong_total([]), no_answer([])])
def test_a_fault_on_no_document_is_none(fault: Fault) -> None:
    assert decide(system(fault=fault), system("champion"), POLICY).passed
