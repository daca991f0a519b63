"""The labeling policy: for admins."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from invoices.models import Role
from invoices.views.guards import role_required
from labeling.policies import LABELING_POLICY, set_policy
from labeling.views.policy_form import PolicyScreen, policy_page

_SCREEN: Final = PolicyScreen(
    "policy",
    "labeling/policy.html",
    LABELING_POLICY,
    set_policy,
    "Version {} counts from now on. Documents that are open already keep what was drawn for them.",
    {"section": "policy"},
)


@role_required(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: HttpRequest) -> HttpResponse:
    """What counts, what changes, and what counted before."""
    return policy_page(request, _SCREEN)
