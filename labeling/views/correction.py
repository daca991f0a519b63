"""Fix once: the documents that one correction is offered to, what would change on each, and undoing it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from invoices.views.guards import person, signed_in
from labeling.corrections.applying import apply, undo
from labeling.corrections.offers import LOOKED_AT, MOST, offers_for
from labeling.errors import LabelingError
from labeling.models import Correction
from labeling.views.changes import make_change
from mlcore.schema import HEADER_FIELDS

LABELS = {"vendor": "Vendor", **{spec.name: spec.label for spec in HEADER_FIELDS}}


@signed_in
@require_safe
def correction(request: HttpRequest, gold_id: int, kind: str) -> HttpResponse:
    """The offer with its documents; after it was carried over, what was done and the way back."""
    context = {
        "section": "documents",
        "most": MOST,
        "looked_at": LOOKED_AT,
        "kind": kind,
        "gold_id": gold_id,
        "vendor_before": _number(request),
    }
    try:
        found = offers_for(user=person(request), gold_id=gold_id, vendor_before=_number(request))
    except LabelingError as error:
        raise Http404(error.detail) from error
    offer = next((one for one in found if one.kind == kind), None)
    done = Correction.objects.filter(gold=gold_id, kind=kind).select_related("gold__document", "by", "vendor").order_by("-pk").first()
    rows = [(one.document, [(LABELS[c.path], c.before, c.after) for c in one.changes]) for one in offer.candidates] if offer else []
    applied = list(done.items.select_related("document").order_by("pk")) if done else []
    return render(request, "labeling/correction.html", {**context, "offer": offer, "rows": rows, "done": done, "applied": applied})


@signed_in
@require_POST
def apply_correction(request: HttpRequest, gold_id: int, kind: str) -> HttpResponse:
    """Carry it over to the documents that are ticked."""
    ids = [int(part) for part in request.POST.getlist("document") if part.isascii() and part.isdigit() and len(part) < 16]
    before = request.POST.get("vendor_before", "")
    return _back(
        request, gold_id, kind, lambda: apply(user=person(request), gold_id=gold_id, kind=kind, documents=ids, vendor_before=_read(before))
    )


@signed_in
@require_POST
def undo_correction(request: HttpRequest, correction_id: int) -> HttpResponse:
    """Take it back."""
    found = Correction.objects.filter(pk=correction_id).first()
    if found is None:
        raise Http404(f"There is no correction {correction_id}.")
    return _back(request, found.gold_id, found.kind, lambda: undo(user=person(request), correction_id=correction_id))


def _back(request: HttpRequest, gold_id: int, kind: str, change: Callable[[], object]) -> HttpResponse:
    """Make the change, then show the page again; a refusal is said there."""
    make_change(request, change)
    before = _read(request.POST.get("vendor_before", ""))
    return redirect(reverse("correction", args=[gold_id, kind]) + (f"?vendor_before={before}" if before else ""))


def _number(request: HttpRequest) -> int | None:
    return _read(request.GET.get("vendor_before", ""))


def _read(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
