"""Documents that could not be read."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from invoices.selectors.failures import failure_list, guide_for
from invoices.views.guards import signed_in


@signed_in
@require_safe
def failures(request: HttpRequest) -> HttpResponse:
    """Failed documents by reason, with what to do about each."""
    listed = failure_list(request.GET.dict())
    code = request.GET.get("code", "")
    context = {
        "section": "failures",
        "listed": listed,
        "total": listed.total,
        "code": code,
        "guide": guide_for(code),
        "text": request.GET.get("q", ""),
    }
    return render(request, "invoices/failures.html", context)
