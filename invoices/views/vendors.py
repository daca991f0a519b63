"""The vendor master: list, one vendor, proposed vendors. Everybody reads; seniors change."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from invoices.models import Role, VendorStatus
from invoices.selectors.proposed import proposals
from invoices.selectors.vendors import VendorFilter, vendor_list, vendor_page
from invoices.veils import shown, veiled
from invoices.views.guards import person, signed_in
from invoices.views.vendor_changes import MERGE_UNDO


@signed_in
@require_safe
def vendors(request: HttpRequest) -> HttpResponse:
    """One page of vendors; the address holds filters, order and place."""
    wanted = VendorFilter.from_address(request.GET.dict())
    listed = vendor_list(wanted)
    tabs = [("", "All")] + [(status.value, status.label) for status in VendorStatus]
    context = {
        "section": "vendors",
        "wanted": wanted,
        "listed": listed,
        "total": listed.counts[wanted.status],
        "tabs": [(value, label, listed.counts[value]) for value, label in tabs],
    }
    return render(request, "invoices/vendors.html", context)


@signed_in
@require_safe
def vendor(request: HttpRequest, vendor_id: int) -> HttpResponse:
    """One vendor; who may change it finds the forms there."""
    page = vendor_page(vendor_id)
    if page is None:
        raise Http404(f"There is no vendor {vendor_id}.")
    shown(page.documents, veiled(person(request)))
    undo = request.session.get(MERGE_UNDO)
    context = {
        "section": "vendors",
        "page": page,
        "may_change": person(request).has_role(Role.SENIOR) and page.vendor.merged_into is None,
        "undo": undo if undo and undo["receipt"]["target"] == vendor_id else None,
    }
    return render(request, "invoices/vendor.html", context)


@signed_in
@require_safe
def proposed_vendors(request: HttpRequest) -> HttpResponse:
    """Vendors that were read off documents and wait for a person's word."""
    found, total = proposals()
    may_change = person(request).has_role(Role.SENIOR)
    return render(request, "invoices/proposed.html", {"section": "vendors", "proposals": found, "total": total, "may_change": may_change})
