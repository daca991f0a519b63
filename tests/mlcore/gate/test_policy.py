"""A policy says everything that is wrong with it, and is read back as it was."""

from __future__ import annotations

from typing import Any

import pytest

from mlcore.errors import GateError, MlcoreError
from mlcore.gate import GatePolicy, System


def test_the_default_is_the_specifications() -> None:
    assert (GatePolicy().accuracy, GatePolicy().measure) == (0.98, "field_accuracy")


def test_a_policy_is_read_back() -> None:
    policy = GatePolicy(accuracy=0.9, by_lower_bound=True, slower=2)
    assert GatePolicy.from_json(policy.to_json()) == policy
    assert GatePolicy.from_json({"slower": 2}).slower == 2


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"accuracy": 98.0, "valid": -1.0}, ("accuracy 98.0", "valid -1.0")),
        ({"measure": "luck"}, ("'luck' is none of",)),
        ({"significance": 0.5}, ("significance 0.5",)),
        ({"documents": 0, "vendor_documents": 0}, ("documents 0", "vendor_documents 0")),
        ({"slower": 0.0}, ("slower is above 0",)),
    ],
)
def test_every_fault_is_named(values: dict[str, Any], named: tuple[str, ...]) -> None:
    with pytest.raises(GateError) as caught:
        GatePolicy(**values)
    assert all(part in str(caught.value) for part in named)


@pytest.mark.parametrize("data", [{"acuracy": 0.9}, {"accuracy": "0.9"}, {"documents": 1.5}, {"by_lower_bound": 1}, {"documents": True}])
def test_what_is_no_policy_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(GateError):
        GatePolicy.from_json(data)


@pytest.mark.parametrize(
    "data", [{}, {"name": "x", "evaluation": {}, "trained_vendors": 3}, {"name": "x", "trained_vendors": [], "evaluation": 1}]
)
def test_what_is_no_evidence_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(MlcoreError):
        System.from_json(data)
