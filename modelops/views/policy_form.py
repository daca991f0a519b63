"""The form of a policy of which each version is a row: from what was typed to numbers, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from modelops.versioned import Number, PolicySetting, StoredVersion, values_of


@dataclass(frozen=True, slots=True)
class PolicyEntry:
    """One setting with the text of its field and of the value that counts."""

    setting: PolicySetting
    typed: str
    counts: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class SaidVersion:
    """One stored version as it is told: who, and what it changed (label, before, after)."""

    policy: Any
    author: str
    lines: list[tuple[str, str, str]]


def typed_values(posted: Mapping[str, str], settings: Sequence[PolicySetting]) -> dict[str, Any]:
    """The numbers that were typed; anything else goes on as it is and is refused by its name."""
    return {one.name: _number(posted.get(one.name, ""), one) for one in settings}


def entries(
    policy: Any, settings: Sequence[PolicySetting], typed: Mapping[str, str], problems: Mapping[str, str]
) -> list[tuple[str, list[PolicyEntry]]]:
    """Every setting by group, in the order in which they are listed."""
    values = values_of(policy, settings)
    rows = [
        PolicyEntry(one, typed.get(one.name, counts), counts, problems.get(one.name, ""))
        for one in settings
        for counts in (field_text(one, values[one.name]),)
    ]
    return [(name, list(members)) for name, members in groupby(rows, key=lambda row: row.setting.group)]


def said_versions(versions: Sequence[StoredVersion[Any]]) -> list[SaidVersion]:
    """The history as it is told."""
    return [
        SaidVersion(
            one.policy,
            author_of(one.policy),
            [
                (change.setting.label, _worded(change.setting, change.before), _worded(change.setting, change.after))
                for change in one.changes
            ],
        )
        for one in versions
    ]


def author_of(policy: Any) -> str:
    """Who stored it."""
    author = policy.created_by
    return str(author.get_full_name() or author.username) if author else "the station"


def field_text(setting: PolicySetting, value: Number) -> str:
    """A value as its field takes it: shares in percent."""
    return f"{round(value * 100, 6):g}" if setting.kind == "share" else f"{value:.10g}"


def _number(text: str, setting: PolicySetting) -> Any:
    plain = text.strip().removesuffix("%").strip().replace(",", ".")
    try:
        number = float(plain)
    except ValueError:
        return text.strip()[:40] or "nothing"
    if setting.kind == "share":
        return round(number / 100, 8)
    return int(number) if number == number and abs(number) < 2**53 and number == int(number) else number


def _worded(setting: PolicySetting, value: Number) -> str:
    if setting.kind == "switch":
        return "yes" if value else "no"
    unit = "" if setting.kind == "share" and setting.unit == "%" else setting.unit
    return f"{field_text(setting, value)}{' %' if setting.kind == 'share' and setting.unit != 'points' else ''} {unit}".strip()
