"""Alerts: what is wrong now, what was, and what is said to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from invoices.models import Role
from invoices.views.guards import person, role_required
from invoices.views.next_address import next_address
from modelops.alerts.deciding import MAX_NOTE, acknowledge, mute, mute_all, resolve, unmute
from modelops.alerts.where import what_is_there
from modelops.errors import NotFound
from modelops.models import Alert, AlertKind
from modelops.selectors.alerts import (
    TABS,
    AlertFilter,
    alert_list,
    alert_numbered,
    deliveries_of,
    earlier_ones,
    mutes_in_force,
    vendor_named,
)
from modelops.views.alert_evidence import evidence_rows, measured
from modelops.views.changes import make_change

HOURS = ((4, "4 hours"), (24, "a day"), (72, "3 days"), (168, "a week"), (720, "30 days"))
CHIPS = {"now": ("invalid", "invalid"), "today": ("confirm", "warning"), "info": ("info", "info")}


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One alert as it is shown. ``chip``: colour and icon of how soon."""

    alert: Alert
    chip: tuple[str, str]
    value: str
    limit: str
    evidence: list[tuple[str, str]]
    there: str
    vendor_known: bool


@role_required(Role.ADMIN)
@require_safe
def alerts(request: HttpRequest) -> HttpResponse:
    """One page; the address holds tab, filter and place."""
    wanted = AlertFilter.from_address(request.GET.dict())
    listed = alert_list(wanted)
    context = {
        "section": "alerts",
        "part": "alerts",
        "wanted": wanted,
        "rows": [row_of(alert) for alert in listed.rows],
        "listed": listed,
        "total": listed.counts[wanted.tab],
        "tabs": [(name, label, listed.counts[name]) for name, label in TABS.items()],
        "kinds": AlertKind.choices,
        "vendor": vendor_named(wanted.vendor),
        "mutes": mutes_in_force(),
        "hours": HOURS,
        "most": MAX_NOTE,
    }
    return render(request, "modelops/alerts.html", context)


@role_required(Role.ADMIN)
@require_safe
def alert(request: HttpRequest, alert_id: int) -> HttpResponse:
    """One alert with all its evidence, what was sent about it, and the earlier ones."""
    try:
        one = alert_numbered(alert_id)
    except NotFound as error:
        raise Http404(error.detail) from error
    over = one.evidence.get("over")
    context = {
        "section": "alerts",
        "part": "alerts",
        "row": row_of(one),
        "over": evidence_rows(over) if isinstance(over, dict) else [],
        "over_sentence": over.get("sentence", "") if isinstance(over, dict) else "",
        "deliveries": deliveries_of(one),
        "earlier": earlier_ones(one),
        "hours": HOURS,
        "most": MAX_NOTE,
    }
    return render(request, "modelops/alert.html", context)


@role_required(Role.ADMIN)
@require_POST
def alert_decide(request: HttpRequest, alert_id: int) -> HttpResponse:
    """Seen to, muted or dealt with, by the button that was pressed."""
    user, note, decision = person(request), request.POST.get("note", ""), request.POST.get("decision", "")
    if decision == "acknowledge":
        make_change(request, lambda: acknowledge(user=user, alert_id=alert_id, note=note), "You see to it. It stays until it is over.")
    elif decision == "mute":
        hours = _hours(request)
        make_change(request, lambda: mute(user=user, alert_id=alert_id, hours=hours, note=note), "Muted. It is kept, and nobody is told.")
    elif decision == "resolve":
        make_change(request, lambda: resolve(user=user, alert_id=alert_id, note=note), "Resolved.")
    else:
        messages.error(request, "Nothing was chosen, so nothing was changed.")
    return redirect(next_address(request, "alerts"))


@role_required(Role.ADMIN)
@require_POST
def alert_mute_all(request: HttpRequest) -> HttpResponse:
    """Mute a kind, or a vendor."""
    vendor = request.POST.get("vendor", "")
    change: dict[str, Any] = {
        "kind": request.POST.get("kind", ""),
        "vendor_id": int(vendor) if vendor.isascii() and vendor.isdigit() and len(vendor) < 16 else None,
        "hours": _hours(request),
        "note": request.POST.get("note", ""),
    }
    make_change(request, lambda: mute_all(user=person(request), **change), "Muted. Alerts are kept all the same.")
    return redirect(next_address(request, "alerts"))


@role_required(Role.ADMIN)
@require_POST
def alert_unmute(request: HttpRequest, mute_id: int) -> HttpResponse:
    """End a mute of a kind or a vendor."""
    make_change(request, lambda: unmute(user=person(request), mute_id=mute_id), "Told again from now on.")
    return redirect("alerts")


def row_of(one: Alert) -> AlertRow:
    """An alert as it is shown."""
    value, limit = measured(one)
    return AlertRow(one, CHIPS[one.severity], value, limit, evidence_rows(one.evidence), what_is_there(one.kind), one.vendor is not None)


def _hours(request: HttpRequest) -> int:
    text = request.POST.get("hours", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
