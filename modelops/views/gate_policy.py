"""The policy of the gate: for admins."""

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
from modelops.errors import RequestInvalid
from modelops.gate.policies import GATE_SETTINGS, MEASURE_LABELS, GateSetting, current_gate_policy, gate_values, set_gate_policy
from modelops.models import GatePolicyVersion
from modelops.selectors.gate_history import GateVersion, gate_history

_IN_PERCENT = ("share", "points")
_UNITS = {"share": "%", "points": "points", "seconds": "s", "times": "×"}


@dataclass(frozen=True, slots=True)
class GateEntry:
    """One limit with the text of its field and of the value that counts."""

    setting: GateSetting
    typed: str
    counts: str
    unit: str
    problem: str = ""


@role_required(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def gate_policy(request: HttpRequest) -> HttpResponse:
    """What counts, what changes, and what counted before."""
    if request.method != "POST":
        return _page(request, {}, {})
    typed = {setting.name: request.POST.get(setting.name, "") for setting in GATE_SETTINGS}
    before = current_gate_policy()
    try:
        stored = set_gate_policy(user=person(request), values=_values(typed), note=request.POST.get("note", ""))
    except RequestInvalid as error:
        problems = {entry["path"]: entry["message"] for entry in error.extra.get("problems", [])}
        return _page(request, {**typed, "note": request.POST.get("note", "")}, problems or {"": error.detail}, status=400)
    if stored.pk == before.pk:
        messages.info(request, "Nothing was changed, so no version was stored.")
    else:
        messages.success(request, f"Version {stored.pk} counts from now on. Verdicts that were given under another one hold no more.")
    return redirect("gate-policy")


def shown_limit(setting: GateSetting, value: Any) -> str:
    """A value as its field takes it: shares in percent."""
    if setting.kind == "switch":
        return "1" if value else "0"
    return f"{round(value * 100, 6):g}" if setting.kind in _IN_PERCENT else f"{value:g}" if isinstance(value, float) else str(value)


def _values(typed: dict[str, str]) -> dict[str, Any]:
    return {setting.name: _typed_value(typed[setting.name], setting) for setting in GATE_SETTINGS}


def _typed_value(text: str, setting: GateSetting) -> Any:
    """The value that was typed; anything else goes on as it is and is refused by its name."""
    if setting.kind == "measure":
        return text
    if setting.kind == "switch":
        return {"1": True, "0": False}.get(text, text)
    try:
        number = float(text.strip().removesuffix("%").strip().replace(",", "."))
    except ValueError:
        return text.strip() or "nothing"
    if setting.kind in _IN_PERCENT:
        return round(number / 100, 8)
    return int(number) if setting.kind == "count" and number == number // 1 and abs(number) < 1e15 else number


def _page(request: HttpRequest, typed: dict[str, str], problems: dict[str, str], *, status: int = 200) -> HttpResponse:
    current = current_gate_policy()
    values = gate_values(current)
    entries = [
        GateEntry(setting, typed.get(setting.name, counts), counts, _UNITS.get(setting.kind, ""), problems.get(setting.name, ""))
        for setting in GATE_SETTINGS
        for counts in (shown_limit(setting, values[setting.name]),)
    ]
    context = {
        "section": "models",
        "current": current,
        "current_author": _author(current),
        "groups": [(name, list(members)) for name, members in groupby(entries, key=lambda entry: entry.setting.group)],
        "measures": list(MEASURE_LABELS.items()),
        "note": typed.get("note", ""),
        "note_problem": problems.get("note", ""),
        "refusal": problems.get("", ""),
        "refused": bool(problems),
        "versions": [(version, _author(version.policy), _lines(version)) for version in gate_history()],
    }
    return render(request, "modelops/gate_policy.html", context, status=status)


def _author(version: GatePolicyVersion) -> str:
    author = version.created_by
    return (author.get_full_name() or author.username) if author else "the station"


def _lines(version: GateVersion) -> list[tuple[str, str, str]]:
    return [
        (change.setting.label, _worded(change.setting, change.before), _worded(change.setting, change.after)) for change in version.changes
    ]


def _worded(setting: GateSetting, value: Any) -> str:
    if setting.kind == "measure":
        return MEASURE_LABELS.get(value, str(value))
    if setting.kind == "switch":
        return "yes" if value else "no"
    return f"{shown_limit(setting, value)} {_UNITS.get(setting.kind, '')}".strip()
