"""The trail, for admins."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record_read
from invoices.people import Role
from invoices.selectors.audit import AuditFilter, audit_page, chain_status, entry_view, people_choices
from invoices.views.guards import person, role_required


@role_required(Role.ADMIN)
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """One page of entries; the address holds filters and place. Looking is recorded, once an hour."""
    record_read(Action.AUDIT_READ, actor=person(request), object=Target("audit"))
    wanted = AuditFilter.from_address(request.GET.dict())
    context = {
        "section": "audit",
        "wanted": wanted,
        "listed": audit_page(wanted),
        "chain": chain_status(),
        "people": people_choices(),
        "actions": Action.choices,
    }
    return render(request, "invoices/audit.html", context)


@role_required(Role.ADMIN)
@require_safe
def audit_entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """One entry with before and after, and its place in the chain."""
    found = entry_view(entry_id)
    if found is None:
        raise Http404(f"There is no entry {entry_id} in the trail.")
    record_read(Action.AUDIT_READ, actor=person(request), object=Target("audit"))
    return render(
        request, "invoices/audit_entry.html", {"section": "audit", "found": found, "entry": found.entry, "changes": found.changes}
    )
