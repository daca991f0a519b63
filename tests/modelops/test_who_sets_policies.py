"""Every policy is changed by an admin alone, whoever calls the service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from labeling.errors import RoleNeeded as LabelingRoleNeeded
from labeling.models import LabelingPolicy
from labeling.policies import set_policy
from modelops.alerts.policies import set_alert_policy
from modelops.errors import RoleNeeded
from modelops.gate.policies import set_gate_policy
from modelops.models import AlertPolicyVersion, GatePolicyVersion, TriggerPolicy
from modelops.triggers.policies import set_trigger_policy
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("change", "forbidden", "model", "values"),
    [
        (set_policy, LabelingRoleNeeded, LabelingPolicy, {"double_share": 0.5}),
        (set_gate_policy, RoleNeeded, GatePolicyVersion, {"accuracy": 0.9}),
        (set_alert_policy, RoleNeeded, AlertPolicyVersion, {"quiet_hours": 1}),
        (set_trigger_policy, RoleNeeded, TriggerPolicy, {"every_days": 30}),
    ],
)
def test_nobody_but_an_admin(
    change: Callable[..., Any], forbidden: type[Exception], model: Any, values: dict[str, Any], cast: Cast
) -> None:
    before = model.objects.count()
    for person in (cast.senior, cast.biller1):
        with pytest.raises(forbidden) as error:
            change(user=person, values=values, note="mine")
        refusal: Any = error.value
        assert (refusal.status, refusal.code) == (403, "role_needed")
    assert model.objects.count() == before
    change(user=cast.admin, values=values, note="ours")
    assert model.objects.count() == before + 1
