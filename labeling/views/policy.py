"""The labeling policy: for admins."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from invoices.models import Role
from invoices.views.guards import person, role_required
from labeling.errors import RequestInvalid
from labeling.models import LabelingPolicy
from labeling.policies import SETTINGS, Setting, current_policy, policy_values, set_policy
from labeling.selectors.policy_history import Version, history


@dataclass(frozen=True, slots=True)
class Entry:
    """One setting with the text of its field and of the value that counts."""

    setting: Setting
    typed: str
    counts: str
    problem: str = ""


@role_required(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: HttpRequest) -> HttpResponse:
    """What counts, what changes, and what counted before."""
    if request.method != "POST":
        return _page(request, {}, {})
    typed = {setting.name: request.POST.get(setting.name, "") for setting in SETTINGS}
    before = current_policy()
    try:
        stored = set_policy(user=person(request), values=_values(typed), note=request.POST.get("note", ""))
    except RequestInvalid as error:
        problems = {entry["path"]: entry["message"] for entry in error.extra.get("problems", [])}
        return _page(request, {**typed, "note": request.POST.get("note", "")}, problems or {"": error.detail}, status=400)
    if stored.pk == before.pk:
        messages.info(request, "Nothing was changed, so no version was stored.")
    else:
        messages.success(request, f"Version {stored.pk} counts from now on. Documents that are open already keep what was drawn for them.")
    return redirect("policy")


def shown(setting: Setting, value: float | int) -> str:
    """A value as its field takes it: shares in percent."""
    return f"{round(value * 100, 6):g}" if setting.kind == "share" else str(value)


def _values(typed: dict[str, str]) -> dict[str, Any]:
    return {setting.name: _number(typed[setting.name], setting) for setting in SETTINGS}


def _number(text: str, setting: Setting) -> Any:
    """The number that was typed; anything else goes on as it is and is refused by its name."""
    try:
        number = float(text.strip().removesuffix("%").strip().replace(",", "."))
    except ValueError:
        return text.strip() or "nothing"
    if setting.kind == "share":
        return round(number / 100, 8)
    return int(number) if number == int(number) else number


def _page(request: HttpRequest, typed: dict[str, str], problems: dict[str, str], *, status: int = 200) -> HttpResponse:
    current = current_policy()
    values = policy_values(current)
    entries = [
        Entry(setting, typed.get(setting.name, counts), counts, problems.get(setting.name, ""))
        for setting in sorted(SETTINGS, key=lambda setting: _ORDER.index(setting.group))
        for counts in (shown(setting, values[setting.name]),)
    ]
    context = {
        "section": "policy",
        "current": current,
        "groups": [(name, list(members)) for name, members in groupby(entries, key=lambda entry: entry.setting.group)],
        "note": typed.get("note", ""),
        "note_problem": problems.get("note", ""),
        "refusal": problems.get("", ""),
        "refused": bool(problems),
        "current_author": _author(current),
        "versions": [(version, _author(version.policy), _lines(version)) for version in history()],
    }
    return render(request, "labeling/policy.html", context, status=status)


_ORDER = list(dict.fromkeys(setting.group for setting in SETTINGS))


def _author(policy: LabelingPolicy) -> str:
    author = policy.created_by
    return (author.get_full_name() or author.username) if author else "the station"


def _lines(version: Version) -> list[tuple[str, str, str]]:
    return [
        (change.setting.label, _worded(change.setting, change.before), _worded(change.setting, change.after)) for change in version.changes
    ]


def _worded(setting: Setting, value: float | int) -> str:
    if setting.kind == "switch":
        return "yes" if value else "no"
    return f"{shown(setting, value)} %" if setting.kind == "share" else f"{value:,}" if setting.kind == "count" else str(value)
