"""The threshold simulator: what a wanted precision would come to."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from labeling.selectors.thresholds import threshold_curve
from labeling.views.review import for_reviewers


@for_reviewers
@require_safe
def thresholds(request: HttpRequest) -> HttpResponse:
    """The curve, once; the slide moves in the browser."""
    curve = threshold_curve().to_json()
    return render(request, "labeling/thresholds.html", {"section": "review", "part": "thresholds", "curve": curve})
