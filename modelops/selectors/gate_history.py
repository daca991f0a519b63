"""The versions of the gate's policy and what each changed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from mlcore.gate import GatePolicy
from modelops.gate.policies import GATE_SETTINGS, GateSetting, gate_values
from modelops.models import GatePolicyVersion

SHOWN = 50


@dataclass(frozen=True, slots=True)
class GateChange:
    """One limit that a version changed."""

    setting: GateSetting
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class GateVersion:
    """One stored version and what it changed against the one before, the first against the defaults."""

    policy: GatePolicyVersion
    changes: list[GateChange]


def gate_history() -> list[GateVersion]:
    """The newest ``SHOWN`` versions, newest first: one query."""
    stored = list(GatePolicyVersion.objects.select_related("created_by").order_by("-pk")[: SHOWN + 1])
    before = [*stored, GatePolicyVersion(policy=GatePolicy().to_json())] if len(stored) <= SHOWN else stored
    return [GateVersion(version, _changes(earlier, version)) for version, earlier in pairwise(before)]


def _changes(before: GatePolicyVersion, after: GatePolicyVersion) -> list[GateChange]:
    old, new = gate_values(before), gate_values(after)
    return [GateChange(one, old[one.name], new[one.name]) for one in GATE_SETTINGS if old[one.name] != new[one.name]]
