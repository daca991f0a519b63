"""A verdict is worth something for the champion and the policy that it was given for, and for files that are sound."""

from __future__ import annotations

import pytest

from invoices.audit.entries import AuditEntry
from invoices.models import User
from modelops.errors import Refused, RequestInvalid, RoleNeeded
from modelops.folders import artifact_folder
from modelops.gate.judging import judge
from modelops.gate.overriding import override
from modelops.gate.permission import permission_to_serve
from modelops.gate.policies import set_gate_policy
from modelops.models import GateOverride, GateResult, ModelVersion
from modelops.registry.retiring import retire, take_back
from tests.modelops.gate.conftest import Contest

pytestmark = pytest.mark.django_db

REASON = "The vendor pays us for the pilot, and a senior looks at every document until May."


@pytest.fixture
def admin() -> User:
    return User.objects.create_user("chief", role="admin")


@pytest.fixture
def failed(contest: Contest, admin: User) -> GateResult:
    """A verdict that is no pass, under a policy that is too strict."""
    set_gate_policy(user=admin, values={"accuracy": 0.9999}, note="Strict")
    return judge(contest.candidate, contest.dataset)


def reasons(model: ModelVersion) -> str:
    with pytest.raises(Refused) as refused:
        permission_to_serve(model)
    return " ".join(refused.value.extra["reasons"])


def test_a_pass_holds(contest: Contest) -> None:
    result = judge(contest.candidate, contest.dataset)
    found = permission_to_serve(contest.candidate)
    assert (found.result, found.override) == (result, None)
    assert "may serve" in found.sentence


def test_nobody_serves_unasked(contest: Contest) -> None:
    assert "never asked" in reasons(contest.candidate)


def test_another_champion_makes_it_stale(contest: Contest) -> None:
    judge(contest.candidate, contest.dataset)
    ModelVersion.objects.filter(pk=contest.champion.pk).update(state="retired")
    assert "against model 1, and the templates alone is the champion now" in reasons(contest.candidate)
    ModelVersion.objects.filter(pk=contest.champion.pk).update(state="champion")
    permission_to_serve(contest.candidate)


def test_another_policy_makes_it_stale_and_the_old_one_again_does_not(contest: Contest, admin: User) -> None:
    judge(contest.candidate, contest.dataset)
    set_gate_policy(user=admin, values={"accuracy": 0.5})
    assert "policy of the gate has changed" in reasons(contest.candidate)
    set_gate_policy(user=admin, values={"accuracy": 0.98})
    permission_to_serve(contest.candidate)


def test_damaged_files_never_serve(contest: Contest, admin: User) -> None:
    judge(contest.candidate, contest.dataset)
    (artifact_folder(contest.candidate) / "README.md").write_text("another")
    with pytest.raises(Refused) as refused:
        permission_to_serve(contest.candidate)
    assert refused.value.code == "artifact_damaged"


def test_a_failed_one_serves_by_an_override_that_is_in_the_trail(contest: Contest, failed: GateResult, admin: User) -> None:
    assert "An admin can let it through" in reasons(contest.candidate)
    made = override(failed, f"  {REASON}\n", admin)
    assert made.reason == REASON
    found = permission_to_serve(contest.candidate)
    assert found.override == made
    assert REASON in found.sentence
    entry = AuditEntry.objects.get(action="gate.overridden")
    assert (entry.person_id, entry.object_id, entry.after["against"]) == (admin.pk, str(failed.pk), ["accuracy"])  # type: ignore[index]
    assert REASON not in str(entry.after), "free text stays out of the trail's details"


def test_an_override_ends_with_its_verdict(contest: Contest, failed: GateResult, admin: User) -> None:
    override(failed, REASON, admin)
    set_gate_policy(user=admin, values={"accuracy": 0.99995})
    assert "policy of the gate has changed" in reasons(contest.candidate)
    judge(contest.candidate, contest.dataset)
    assert "An admin can let it through" in reasons(contest.candidate)


@pytest.mark.parametrize("reason", ["", "   ", "too short", "x" * 40, " a" * 40, "ab " * 700, "\0" * 50, "\ud800" * 50])
def test_a_reason_says_something(failed: GateResult, admin: User, reason: str) -> None:
    with pytest.raises(RequestInvalid) as refused:
        override(failed, reason, admin)
    assert refused.value.code == "reason_invalid"
    assert not GateOverride.objects.exists()


@pytest.mark.parametrize("role", ["biller", "senior"])
def test_only_admins_override(failed: GateResult, role: str) -> None:
    with pytest.raises(RoleNeeded):
        override(failed, REASON, User.objects.create_user("other", role=role))


def test_what_needs_no_override_gets_none(contest: Contest, failed: GateResult, admin: User) -> None:
    override(failed, REASON, admin)
    with pytest.raises(Refused, match="overridden already"):
        override(failed, REASON, admin)
    set_gate_policy(user=admin, values={"accuracy": 0.98})
    with pytest.raises(Refused, match="overridden already"):
        override(failed, REASON, admin)
    passed = judge(contest.candidate, contest.dataset)
    assert passed.passed
    with pytest.raises(Refused, match="nothing to override"):
        override(passed, REASON, admin)
    with pytest.raises(Refused, match="newest verdict"):
        override(failed, REASON, admin)


def test_a_stale_verdict_is_not_overridden(contest: Contest, failed: GateResult, admin: User) -> None:
    set_gate_policy(user=admin, values={"accuracy": 0.99995})
    with pytest.raises(Refused) as refused:
        override(failed, REASON, admin)
    assert refused.value.code == "verdict_stale"


def test_documents_that_had_to_go_need_an_override_that_knows_of_them(contest: Contest, admin: User) -> None:
    passed = judge(contest.candidate, contest.dataset)
    ModelVersion.objects.filter(pk=contest.candidate.pk).update(removed_documents=1)
    contest.candidate.refresh_from_db()
    assert "1 document that it learned from had to go" in reasons(contest.candidate)
    override(passed, REASON, admin)
    assert permission_to_serve(contest.candidate).override is not None
    ModelVersion.objects.filter(pk=contest.candidate.pk).update(removed_documents=3)
    contest.candidate.refresh_from_db()
    assert "3 documents that it learned from had to go" in reasons(contest.candidate)
    again = judge(contest.candidate, contest.dataset)
    assert again != passed, "a verdict that knows of them"
    override(again, REASON, admin)
    permission_to_serve(contest.candidate)


def test_a_retired_one_is_taken_back_first(contest: Contest, admin: User) -> None:
    judge(contest.candidate, contest.dataset)
    retire(contest.candidate.number, by=admin)
    contest.candidate.refresh_from_db()
    assert "It is retired" in reasons(contest.candidate)
    with pytest.raises(Refused) as refused:
        retire(contest.champion.number, by=admin)
    assert refused.value.code == "model_serves"
    permission_to_serve(take_back(contest.candidate.number, by=admin))
    assert AuditEntry.objects.filter(action="model.retired").count() == 2
