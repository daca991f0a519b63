"""What policies have in common of which each version is a row: their settings as people read them, and checking what was sent."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Generic, TypeVar

from django.db.models import Model

from modelops.errors import RequestInvalid

MAX_NOTE = 500
SHOWN = 50
Policy = TypeVar("Policy", bound=Model)
Number = float | int


@dataclass(frozen=True, slots=True)
class PolicySetting:
    """One value. ``kind``: share (0..1) | count | switch (0, 1) | points | money; ``least`` and ``most`` are allowed."""

    name: str
    kind: str
    group: str
    label: str
    help: str
    least: float = 0
    most: float = 1
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """One setting that a version changed."""

    setting: PolicySetting
    before: Number
    after: Number


@dataclass(frozen=True)
class StoredVersion(Generic[Policy]):
    """One stored version and what it changed against the one before, the first against the defaults."""

    policy: Policy
    changes: list[Changed]


def values_of(policy: Model, settings: Sequence[PolicySetting]) -> dict[str, Number]:
    """Every setting by name; money as a number."""
    return {one.name: float(getattr(policy, one.name)) if one.kind == "money" else getattr(policy, one.name) for one in settings}


def versions_of(kind: type[Policy], settings: Sequence[PolicySetting]) -> list[StoredVersion[Policy]]:
    """The newest ``SHOWN`` versions, newest first: one statement."""
    stored = list(kind._default_manager.select_related("created_by").order_by("-pk")[: SHOWN + 1])
    before = [*stored, kind()] if len(stored) <= SHOWN else stored
    return [StoredVersion(policy, _changes(earlier, policy, settings)) for policy, earlier in pairwise(before)]


def checked(values: Mapping[str, Any], note: str, settings: Sequence[PolicySetting]) -> dict[str, Number]:
    """The values as they are stored. Raises ``RequestInvalid`` (``policy_invalid``) with every problem."""
    by_name = {one.name: one for one in settings}
    problems = []
    good: dict[str, Number] = {}
    for name, value in values.items():
        setting = by_name.get(name)
        problem = f"{str(name)[:40]!r} is no setting of this policy." if setting is None else _problem(setting, value)
        if problem or setting is None:
            problems.append({"path": str(name)[:40], "code": "policy_invalid", "message": problem})
        else:
            good[name] = int(value) if setting.kind in ("count", "switch") else float(value)
    if len(note.strip()) > MAX_NOTE:
        message = f"The note has {len(note.strip())} characters; the limit is {MAX_NOTE}."
        problems.append({"path": "note", "code": "policy_invalid", "message": message})
    if problems:
        detail = " ".join(problem["message"] for problem in problems)
        raise RequestInvalid("policy_invalid", f"{detail} Nothing was stored.", {"problems": problems})
    return good


def _changes(before: Model, after: Model, settings: Sequence[PolicySetting]) -> list[Changed]:
    old, new = values_of(before, settings), values_of(after, settings)
    return [Changed(one, old[one.name], new[one.name]) for one in settings if old[one.name] != new[one.name]]


def _problem(setting: PolicySetting, value: Any) -> str:
    number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not number or not setting.least <= value <= setting.most:
        share = f"{setting.least * 100:g} % to {setting.most * 100:g} % (as {setting.least:g} to {setting.most:g})"
        limit = share if setting.kind == "share" else f"{setting.least:,.10g} to {setting.most:,.10g}"
        return f"{setting.label}: {str(value)[:40]!r} is not in {limit}."
    if setting.kind in ("count", "switch") and value != int(value):
        return f"{setting.label}: {value} is no whole number."
    return ""
