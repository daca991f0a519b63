"""The policy of the gate: for admins."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from invoices.models import Role
from invoices.views.guards import role_required
from labeling.views.policy_form import PolicyScreen, policy_page
from modelops.gate.policies import GATE_POLICY, set_gate_policy

_SCREEN: Final = PolicyScreen(
    "gate-policy",
    "modelops/gate_policy.html",
    GATE_POLICY,
    set_gate_policy,
    "Version {} counts from now on. Verdicts that were given under another one hold no more.",
    {"section": "models"},
)


@role_required(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def gate_policy(request: HttpRequest) -> HttpResponse:
    """What counts, what changes, and what counted before."""
    return policy_page(request, _SCREEN)
