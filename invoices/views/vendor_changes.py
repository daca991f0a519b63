"""Changes of the vendor master from the screens: each parses, calls one service, says what happened, goes back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from invoices.models import Role, Vendor
from invoices.selectors.vendors import merge_choices
from invoices.vendor_master.editing import add_alias, change_vendor, confirm_vendor, discard_vendor, remove_alias
from invoices.vendor_master.errors import VendorChangeError
from invoices.vendor_master.merging import MergeReceipt, merge_vendors, preview_merge, undo_merge
from invoices.views.guards import person, role_required
from invoices.views.next_address import next_address

MERGE_UNDO = "merge_undo"
"""Where the session keeps the receipt of the last merge; ``Undo`` needs it."""


@role_required(Role.SENIOR)
@require_POST
def vendor_change(request: HttpRequest, vendor_id: int) -> HttpResponse:
    """Name, address, identifiers (one a line)."""
    values = {name: request.POST.get(name, "") for name in ("name", "address")}
    identifiers = request.POST.get("identifiers", "").splitlines()
    change = partial(change_vendor, vendor_id=vendor_id, **values, identifiers=identifiers, by=person(request))
    return _change(request, vendor_id, change, "Saved.")


@role_required(Role.SENIOR)
@require_POST
def vendor_confirm(request: HttpRequest, vendor_id: int) -> HttpResponse:
    """A proposed vendor is a real one."""
    return _change(request, vendor_id, lambda: confirm_vendor(vendor_id=vendor_id, by=person(request)), "Confirmed.")


@role_required(Role.SENIOR)
@require_POST
def vendor_discard(request: HttpRequest, vendor_id: int) -> HttpResponse:
    """A proposal that no document stands behind any more."""
    try:
        discard_vendor(vendor_id=vendor_id, by=person(request))
    except VendorChangeError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "The proposal was taken away.")
    return redirect("vendors-proposed")


@role_required(Role.SENIOR)
@require_POST
def vendor_alias_add(request: HttpRequest, vendor_id: int) -> HttpResponse:
    """Another name."""
    name = request.POST.get("name", "")
    done = f"{name.strip()} is now a name of this vendor."
    return _change(request, vendor_id, lambda: add_alias(vendor_id=vendor_id, name=name, by=person(request)), done)


@role_required(Role.SENIOR)
@require_POST
def vendor_alias_remove(request: HttpRequest, vendor_id: int, alias_id: int) -> HttpResponse:
    """One name less."""
    removal = partial(remove_alias, vendor_id=vendor_id, alias_id=alias_id, by=person(request))
    return _change(request, vendor_id, removal, "The name was taken away.")


@role_required(Role.SENIOR)
@require_safe
def vendor_merge(request: HttpRequest, vendor_id: int) -> HttpResponse:
    """Choose who takes the vendor over (``?q=``), then see what would move (``?into=``)."""
    source = Vendor.objects.filter(pk=vendor_id, merged_into=None).first()
    if source is None:
        messages.error(request, "This vendor is not there any more, or was merged already.")
        return redirect("vendors")
    text, into = request.GET.get("q", ""), request.GET.get("into", "")
    preview = None
    if into.isascii() and into.isdigit() and len(into) < 16:
        try:
            preview = preview_merge(source_id=vendor_id, target_id=int(into))
        except VendorChangeError as error:
            messages.error(request, error.message)
    context = {"section": "vendors", "source": source, "text": text, "preview": preview, "choices": merge_choices(source, text)}
    return render(request, "invoices/vendor_merge.html", context)


@role_required(Role.SENIOR)
@require_POST
def vendor_merge_do(request: HttpRequest, vendor_id: int) -> HttpResponse:
    """Merge into ``into``; the receipt stays in the session so that it can be taken back."""
    into = request.POST.get("into", "")
    try:
        target = int(into) if into.isascii() and into.isdigit() and len(into) < 16 else 0
        receipt = merge_vendors(source_id=vendor_id, target_id=target, by=person(request))
    except VendorChangeError as error:
        messages.error(request, error.message)
        return redirect(next_address(request, "vendor", vendor_id))
    name = Vendor.objects.values_list("name", flat=True).get(pk=receipt.source)
    request.session[MERGE_UNDO] = {"receipt": receipt.to_json(), "name": name, "documents": len(receipt.documents)}
    return redirect(next_address(request, "vendor", receipt.target))


@role_required(Role.SENIOR)
@require_POST
def vendor_merge_undo(request: HttpRequest) -> HttpResponse:
    """Take back the last merge of this session."""
    kept = request.session.pop(MERGE_UNDO, None)
    if kept is None:
        messages.error(request, "There is no merge to take back; only the last one of a session can be.")
        return redirect("vendors")
    try:
        source = undo_merge(MergeReceipt(**kept["receipt"]), by=person(request))
    except VendorChangeError as error:
        messages.error(request, error.message)
        return redirect("vendors")
    messages.success(request, f"The merge was taken back; {source.name} is a vendor of its own again.")
    return redirect("vendor", source.pk)


def _change(request: HttpRequest, vendor_id: int, change: Callable[[], object], done: str) -> HttpResponse:
    try:
        change()
    except VendorChangeError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, done)
    return redirect(next_address(request, "vendor", vendor_id))
