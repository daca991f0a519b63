"""The limits of alerts, and of what asks for training: for admins."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from invoices.models import Role
from invoices.views.guards import role_required
from labeling.views.policy_form import PolicyScreen, policy_page
from modelops.alerts.policies import ALERT_POLICY, set_alert_policy
from modelops.triggers.policies import TRIGGER_POLICY, set_trigger_policy

_STORED: Final = "Version {} counts from the next look on."
_ALERTS: Final = PolicyScreen(
    "alert-policy", "modelops/alert_policy.html", ALERT_POLICY, set_alert_policy, _STORED, {"section": "alerts", "part": "policy"}
)
_TRIGGERS: Final = PolicyScreen(
    "trigger-policy", "modelops/trigger_policy.html", TRIGGER_POLICY, set_trigger_policy, _STORED, {"section": "triggers", "part": "policy"}
)


@role_required(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def alert_policy(request: HttpRequest) -> HttpResponse:
    """The limits that count, what changes, and what counted before."""
    return policy_page(request, _ALERTS)


@role_required(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def trigger_policy(request: HttpRequest) -> HttpResponse:
    """What asks for a run, what changes, and what counted before."""
    return policy_page(request, _TRIGGERS)
