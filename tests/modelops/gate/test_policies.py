"""The policy of the gate is stored in versions; what cannot be is refused whole."""

from __future__ import annotations

from typing import Any

import pytest

from invoices.audit.entries import AuditEntry
from invoices.models import User
from mlcore.gate import GatePolicy
from modelops.errors import RequestInvalid, RoleNeeded
from modelops.gate.policies import GATE_SETTINGS, current_gate_policy, gate_policy_of, gate_values, set_gate_policy
from modelops.models import GatePolicyVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> User:
    return User.objects.create_user("chief", role="admin")


def test_the_defaults_are_those_of_the_specification() -> None:
    version = current_gate_policy()
    assert not version.pk
    assert gate_policy_of(version) == GatePolicy()
    assert (gate_values(version)["measure"], gate_values(version)["accuracy"]) == ("field_accuracy", 0.98)


def test_every_limit_of_the_gate_can_be_set() -> None:
    assert {setting.name for setting in GATE_SETTINGS} == set(GatePolicy().to_json())


def test_a_change_is_a_version_and_in_the_trail(admin: User) -> None:
    first = set_gate_policy(user=admin, values={"accuracy": 0.97, "documents": 50}, note=" Fewer documents ")
    assert (first.note, first.created_by) == ("Fewer documents", admin)
    second = set_gate_policy(user=admin, values={"accuracy": 0.975, "by_lower_bound": True, "measure": "end_to_end"})
    assert GatePolicyVersion.objects.count() == 2
    assert gate_policy_of(second).documents == 50
    assert set_gate_policy(user=admin, values={"accuracy": 0.975}) == second, "nothing changed"
    entry = AuditEntry.objects.filter(action="gate.policy_changed").order_by("-pk")[0]
    assert entry.before == {"measure": "field_accuracy", "accuracy": 0.97, "by_lower_bound": False}
    with pytest.raises(TypeError):
        second.save()


@pytest.mark.parametrize(
    "values",
    [
        {"accuracy": 1.2},
        {"accuracy": "0.98"},
        {"accuracy": True},
        {"accuracy": float("nan")},
        {"accuracy": float("inf")},
        {"accuracy": 10**400},
        {"accuracy": None},
        {"documents": 0},
        {"documents": 2.5},
        {"by_lower_bound": 1},
        {"measure": "beauty"},
        {"measure": 3},
        {"significance": 0.5},
        {"significance": 0},
        {"slower": 0},
        {"seconds": -1},
        {"top_vendors": 10**12},
        {"unheard": 1},
        {"accuracy": 0.5, "unheard": 1},
        {"accuracy": [0.5]},
    ],
)
def test_what_cannot_be_is_refused_whole(admin: User, values: dict[str, Any]) -> None:
    with pytest.raises(RequestInvalid) as refused:
        set_gate_policy(user=admin, values=values)
    assert refused.value.code == "gate_policy_invalid"
    assert not GatePolicyVersion.objects.exists()


def test_a_note_has_its_bound(admin: User) -> None:
    with pytest.raises(RequestInvalid, match="501 characters"):
        set_gate_policy(user=admin, values={"accuracy": 0.5}, note="x" * 501)


@pytest.mark.parametrize("role", ["biller", "senior"])
def test_only_admins_change_it(role: str) -> None:
    with pytest.raises(RoleNeeded):
        set_gate_policy(user=User.objects.create_user("other", role=role), values={"accuracy": 0.5})


def test_an_older_version_has_the_defaults_of_newer_settings() -> None:
    GatePolicyVersion(policy={"accuracy": 0.9, "of another time": 1}).save()
    assert gate_policy_of(current_gate_policy()) == GatePolicy(accuracy=0.9)
