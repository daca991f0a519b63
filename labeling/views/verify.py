"""Batch verification: one field of many documents side by side."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from labeling.selectors.verification_grid import GridFilter, verification_grid
from labeling.views.review import for_reviewers
from mlcore.schema import HEADER_FIELDS


@for_reviewers
@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """One page of values with their crops; the address holds field, vendor and place."""
    wanted = GridFilter.from_address(request.GET.dict())
    context = {
        "section": "review",
        "part": "verify",
        "wanted": wanted,
        "grid": verification_grid(wanted),
        "fields": [(spec.name, spec.label) for spec in HEADER_FIELDS],
    }
    return render(request, "labeling/verify.html", context)
