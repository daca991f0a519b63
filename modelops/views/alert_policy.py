"""The limits of alerts, and of what asks for training: one form, two policies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from invoices.models import Role
from invoices.views.guards import person, role_required
from modelops.alerts.policies import ALERT_SETTINGS, current_alert_policy, set_alert_policy
from modelops.errors import RequestInvalid
from modelops.models import AlertPolicyVersion, TriggerPolicy
from modelops.triggers.policies import TRIGGER_SETTINGS, current_trigger_policy, set_trigger_policy
from modelops.versioned import PolicySetting, versions_of
from modelops.views.policy_form import author_of, entries, said_versions, typed_values


@dataclass(frozen=True, slots=True)
class PolicyScreen:
    """One of the two policies: where it is, how it is read and stored, and what its page says."""

    name: str
    section: str
    template: str
    kind: type[Any]
    settings: Sequence[PolicySetting]
    current: Callable[[], Any]
    store: Callable[..., Any]


ALERTS = PolicyScreen(
    *("alert-policy", "alerts", "modelops/alert_policy.html", AlertPolicyVersion, ALERT_SETTINGS, current_alert_policy, set_alert_policy)
)
TRIGGERS = PolicyScreen(
    *("trigger-policy", "triggers", "modelops/trigger_policy.html", TriggerPolicy, TRIGGER_SETTINGS),
    *(current_trigger_policy, set_trigger_policy),
)


@role_required(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def alert_policy(request: HttpRequest) -> HttpResponse:
    """The limits that count, what changes, and what counted before."""
    return _answer(request, ALERTS)


@role_required(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def trigger_policy(request: HttpRequest) -> HttpResponse:
    """What asks for a run, what changes, and what counted before."""
    return _answer(request, TRIGGERS)


def _answer(request: HttpRequest, screen: PolicyScreen) -> HttpResponse:
    if request.method != "POST":
        return _page(request, screen, {}, {})
    typed = {one.name: request.POST.get(one.name, "") for one in screen.settings}
    note = request.POST.get("note", "")
    before = screen.current()
    try:
        stored = screen.store(user=person(request), values=typed_values(typed, screen.settings), note=note)
    except RequestInvalid as error:
        problems = {entry["path"]: entry["message"] for entry in error.extra.get("problems", [])}
        return _page(request, screen, {**typed, "note": note}, problems or {"": error.detail}, status=400)
    if stored.pk == before.pk:
        messages.info(request, "Nothing was changed, so no version was stored.")
    else:
        messages.success(request, f"Version {stored.pk} counts from the next look on.")
    return redirect(screen.name)


def _page(
    request: HttpRequest, screen: PolicyScreen, typed: dict[str, str], problems: dict[str, str], *, status: int = 200
) -> HttpResponse:
    current = screen.current()
    context = {
        "section": screen.section,
        "part": "policy",
        "current": current,
        "current_author": author_of(current),
        "groups": entries(current, screen.settings, typed, problems),
        "note": typed.get("note", ""),
        "note_problem": problems.get("note", ""),
        "refusal": problems.get("", ""),
        "refused": bool(problems),
        "versions": said_versions(versions_of(screen.kind, screen.settings)),
    }
    return render(request, screen.template, context, status=status)
