"""The gate is asked with the evaluations of both on the same documents, and what it says is kept."""

from __future__ import annotations

import pytest

from invoices.models import User
from modelops.errors import Refused
from modelops.folders import evaluation_folder
from modelops.gate.champion import present_champion
from modelops.gate.judging import judge
from modelops.gate.policies import set_gate_policy
from modelops.models import GateResult, ModelEvaluation, ModelVersion
from tests.mlcore.gate.systems import system, wrong_total
from tests.modelops.gate.conftest import Contest
from tests.modelops.held_out import frozen_dataset
from tests.modelops.judged import stored_evaluation, time_against

pytestmark = pytest.mark.django_db


def states(result: GateResult) -> dict[str, str]:
    return {check["code"]: check["state"] for check in result.verdict["checks"]}


def test_a_better_candidate_passes_against_the_champion(contest: Contest) -> None:
    result = judge(contest.candidate, contest.dataset)
    assert (result.passed, result.champion, result.dataset, result.policy) == (True, contest.champion, contest.dataset, None)
    assert result.verdict["champion"] == "Model 1"
    documents = next(check for check in result.verdict["checks"] if check["code"] == "documents")
    assert (documents["numbers"]["won"], documents["numbers"]["lost"]) == (2, 0)
    seconds = next(check for check in result.verdict["checks"] if check["code"] == "seconds")
    assert seconds["numbers"]["champion"] == 1.1, "both were timed in one process"
    assert judge(contest.candidate, contest.dataset) == result
    assert GateResult.objects.count() == 1


def test_a_worse_one_does_not(contest: Contest) -> None:
    dataset = frozen_dataset(2)
    stored_evaluation(contest.champion, dataset, system("Model 1"))
    stored_evaluation(contest.candidate, dataset, system("Model 2", wrong_total(range(60))), {contest.champion.model_id: 1.0})
    result = judge(contest.candidate, dataset)
    assert not result.passed
    assert {code for code, state in states(result).items() if state == "failed"} >= {"accuracy", "documents", "fields"}


def test_without_a_champion_the_templates_alone_are_to_be_beaten(contest: Contest) -> None:
    ModelVersion.objects.update(state="candidate")
    time_against(ModelEvaluation.objects.get(model=contest.candidate), {"": 1.0})
    assert present_champion() is None
    result = judge(contest.candidate, contest.dataset)
    assert (result.passed, result.champion, result.verdict["champion"]) == (True, None, "The templates alone")
    seconds = next(check for check in result.verdict["checks"] if check["code"] == "seconds")
    assert seconds["numbers"]["limit"] is None, "no model is as fast as the templates"


def test_what_serves_before_there_is_a_champion_is_what_a_candidate_is_held_against(contest: Contest, settings: object) -> None:
    from modelops.folders import artifact_folder

    ModelVersion.objects.update(state="candidate")
    settings.MODEL = str(artifact_folder(contest.champion))  # type: ignore[attr-defined]
    assert present_champion() == contest.champion


def test_only_documents_that_both_have_read_are_compared(contest: Contest) -> None:
    dataset = frozen_dataset(2)
    stored_evaluation(contest.champion, dataset, system("Model 1", documents=110))
    stored_evaluation(contest.candidate, dataset, system("Model 2", documents=120), {contest.champion.model_id: 1.0})
    compared = next(check for check in judge(contest.candidate, dataset).verdict["checks"] if check["code"] == "champion")
    assert (compared["numbers"]["documents"], compared["numbers"]["left_out"]) == (110, 10)


def test_other_labels_of_the_same_documents_are_no_comparison(contest: Contest) -> None:
    dataset = frozen_dataset(2)
    stored_evaluation(contest.champion, dataset, system("Model 1", vendors=7))
    stored_evaluation(contest.candidate, dataset, system("Model 2"), {contest.champion.model_id: 1.0})
    result = judge(contest.candidate, dataset)
    assert (result.passed, states(result)["champion"]) == (False, "unknown")


def test_vendors_that_it_was_trained_on_are_no_evidence(contest: Contest) -> None:
    dataset = frozen_dataset(2)
    stored_evaluation(contest.champion, dataset, system("Model 1"))
    leaking = system("Model 2", trained_vendors=frozenset({"v1"}))
    stored_evaluation(contest.candidate, dataset, leaking, {contest.champion.model_id: 1.0})
    result = judge(contest.candidate, dataset)
    assert (result.passed, states(result)["held_out"]) == (False, "failed")


def test_a_model_of_unknown_descent_is_never_passed(contest: Contest) -> None:
    dataset = frozen_dataset(2)
    stored_evaluation(contest.champion, dataset, system("Model 1"))
    stored_evaluation(contest.candidate, dataset, system("Model 2", vendors_known=False), {contest.champion.model_id: 1.0})
    result = judge(contest.candidate, dataset)
    assert (result.passed, states(result)["held_out"]) == (False, "unknown")


def test_the_policy_of_the_time_is_what_it_is_held_to(contest: Contest) -> None:
    admin = User.objects.create_user("chief", role="admin")
    version = set_gate_policy(user=admin, values={"accuracy": 0.999})
    result = judge(contest.candidate, contest.dataset, admin)
    assert (result.passed, result.policy, result.asked_by) == (False, version, admin)
    assert states(result)["accuracy"] == "failed"


def test_the_champion_is_judged_without_a_comparison(contest: Contest) -> None:
    result = judge(contest.champion, contest.dataset)
    assert (result.champion, states(result)["champion"]) == (None, "skipped")


def test_evidence_that_cannot_be_read_is_no_verdict(contest: Contest) -> None:
    row = ModelEvaluation.objects.get(model=contest.candidate)
    (evaluation_folder(row) / "evidence.json").write_text('{"evaluation": {}}')
    with pytest.raises(Refused) as refused:
        judge(contest.candidate, contest.dataset)
    assert refused.value.code == "evidence_missing"
    assert not GateResult.objects.exists()
