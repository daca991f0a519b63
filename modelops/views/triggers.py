"""Triggers: runs that are proposed, why, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from invoices.models import Role
from invoices.views.guards import person, role_required
from modelops.models import TriggerProposal
from modelops.selectors.proposals import TABS, ProposalFilter, proposal_list
from modelops.triggers.deciding import MAX_REASON, dismiss
from modelops.triggers.policies import current_trigger_policy
from modelops.triggers.starting import start_proposal
from modelops.views.changes import make_change

ICONS = {"schedule": "clock", "template_change": "warning", "new_vendor": "vendor"}
_LABELS: Mapping[str, str] = {
    "age_days": "Days since",
    "every_days": "Due after days",
    "dataset": "The newest data set",
    "gold_since": "Records confirmed since",
    "points": "Accuracy fell by points",
    "drop_points": "Counts from points",
    "examples_since": "Records confirmed since",
    "examples": "Confirmed records",
    "changed_examples": "Enough are",
    "new_vendor_examples": "Enough are",
}


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """One proposal as it is shown. ``refusals`` and ``warnings`` are its preflight's: title, sentence, code."""

    proposal: TriggerProposal
    icon: str
    evidence: list[tuple[str, str]]
    refusals: list[Mapping[str, Any]]
    warnings: list[Mapping[str, Any]]
    preparing: bool


@role_required(Role.ADMIN)
@require_safe
def triggers(request: HttpRequest) -> HttpResponse:
    """One page; the address holds tab and place."""
    wanted = ProposalFilter.from_address(request.GET.dict())
    listed = proposal_list(wanted)
    context = {
        "section": "triggers",
        "part": "triggers",
        "wanted": wanted,
        "rows": [_row(one) for one in listed.rows],
        "listed": listed,
        "total": listed.counts[wanted.tab],
        "tabs": [(name, label, listed.counts[name]) for name, label in TABS.items()],
        "policy": current_trigger_policy(),
        "most": MAX_REASON,
    }
    return render(request, "modelops/triggers.html", context)


@role_required(Role.ADMIN)
@require_POST
def proposal_decide(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Start it, or dismiss it, by the button that was pressed."""
    user, decision = person(request), request.POST.get("decision", "")
    if decision == "start":
        confirmed = request.POST.getlist("confirmed")
        said = "The run is in the queue." if confirmed else "Its data set is being put together. The run begins when that is frozen."
        make_change(request, lambda: start_proposal(user=user, proposal_id=proposal_id, confirmed=confirmed), said)
    elif decision == "dismiss":
        reason = request.POST.get("reason", "")
        make_change(request, lambda: dismiss(user=user, proposal_id=proposal_id, reason=reason), "Dismissed, with your reason.")
    else:
        messages.error(request, "Nothing was chosen, so nothing was changed.")
    return redirect("triggers")


def _row(one: TriggerProposal) -> ProposalRow:
    evidence = [(_LABELS[name], f"{value:,}") for name, value in one.evidence.items() if name in _LABELS and isinstance(value, int | float)]
    found = one.preflight if isinstance(one.preflight, dict) else {}
    preparing = one.state == TriggerProposal.State.OPEN and one.taken_up_at is not None and not one.held_back
    return ProposalRow(one, ICONS.get(one.kind, "pulse"), evidence, found.get("refusals", []), found.get("warnings", []), preparing)
