"""The page of a policy of versions: its form, from what was typed to values and back, and its history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Protocol, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from invoices.views.guards import person
from labeling.versioned.settings import PolicySetting
from labeling.versioned.storing import VersionedPolicy


class _Fault(Protocol):
    detail: str
    extra: dict[str, Any]


@dataclass(frozen=True, slots=True)
class PolicyScreen:
    """Where a policy's page is, how it is stored by somebody who may, and what is said then (``{}``: the number of the version)."""

    name: str
    template: str
    policy: VersionedPolicy[Any]
    store: Callable[..., Any]
    stored: str
    context: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PolicyEntry:
    """One setting with the text of its field, that of the value that counts, and how that value is said."""

    setting: PolicySetting
    typed: str
    counts: str
    said: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class SaidVersion:
    """One stored version as it is told: who, and what it changed (label, before, after)."""

    policy: Any
    author: str
    lines: list[tuple[str, str, str]]


def policy_page(request: HttpRequest, screen: PolicyScreen) -> HttpResponse:
    """What counts, what changes, and what counted before; a POST stores."""
    if request.method != "POST":
        return _page(request, screen, {}, {})
    policy, note = screen.policy, request.POST.get("note", "")
    typed = {one.name: request.POST.get(one.name, "") for one in policy.settings}
    before = policy.current()
    try:
        values = {one.name: one.typed(typed[one.name]) for one in policy.settings}
        stored = screen.store(user=person(request), values=values, note=note)
    except policy.refusal as error:
        fault = cast(_Fault, error)
        problems = {entry["path"]: entry["message"] for entry in fault.extra.get("problems", [])}
        return _page(request, screen, {**typed, "note": note}, problems or {"": fault.detail}, status=400)
    if stored.pk == before.pk:
        messages.info(request, "Nothing was changed, so no version was stored.")
    else:
        messages.success(request, screen.stored.format(stored.pk))
    return redirect(screen.name)


def _page(
    request: HttpRequest, screen: PolicyScreen, typed: Mapping[str, str], problems: Mapping[str, str], *, status: int = 200
) -> HttpResponse:
    current = screen.policy.current()
    context = {
        **screen.context,
        "current": current,
        "current_author": _author(current),
        "groups": _groups(screen.policy, current, typed, problems),
        "note": typed.get("note", ""),
        "note_problem": problems.get("note", ""),
        "refusal": problems.get("", ""),
        "refused": bool(problems),
        "versions": _versions(screen.policy),
    }
    return render(request, screen.template, context, status=status)


def _groups(
    policy: VersionedPolicy[Any], current: Any, typed: Mapping[str, str], problems: Mapping[str, str]
) -> list[tuple[str, list[PolicyEntry]]]:
    """Every setting by group; groups and settings in the order in which they are first listed."""
    values = policy.values(current)
    order = list(dict.fromkeys(one.group for one in policy.settings))
    rows = []
    for one in sorted(policy.settings, key=lambda one: order.index(one.group)):
        counts = one.field_text(values[one.name])
        rows.append(PolicyEntry(one, typed.get(one.name, counts), counts, one.said(values[one.name]), problems.get(one.name, "")))
    return [(name, list(members)) for name, members in groupby(rows, key=lambda row: row.setting.group)]


def _versions(policy: VersionedPolicy[Any]) -> list[SaidVersion]:
    return [
        SaidVersion(
            one.policy,
            _author(one.policy),
            [(change.setting.label, change.setting.said(change.before), change.setting.said(change.after)) for change in one.changes],
        )
        for one in policy.versions()
    ]


def _author(policy: Any) -> str:
    author = policy.created_by
    return str(author.get_full_name() or author.username) if author else "the station"
