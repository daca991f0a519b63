"""The versions of the labeling policy and what each changed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from labeling.models import LabelingPolicy
from labeling.policies import SETTINGS, Setting, policy_values

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Change:
    """One setting that a version changed."""

    setting: Setting
    before: float | int
    after: float | int


@dataclass(frozen=True, slots=True)
class Version:
    """One stored version and what it changed against the one before, the first against the defaults."""

    policy: LabelingPolicy
    changes: list[Change]


def history() -> list[Version]:
    """The newest ``SHOWN`` versions, newest first: one query."""
    stored = list(LabelingPolicy.objects.select_related("created_by").order_by("-pk")[: SHOWN + 1])
    before = [*stored, LabelingPolicy()] if len(stored) <= SHOWN else stored
    return [Version(policy, changes(earlier, policy)) for policy, earlier in pairwise(before)]


def changes(before: LabelingPolicy, after: LabelingPolicy) -> list[Change]:
    """The settings in which two versions differ."""
    old, new = policy_values(before), policy_values(after)
    return [Change(setting, old[setting.name], new[setting.name]) for setting in SETTINGS if old[setting.name] != new[setting.name]]
