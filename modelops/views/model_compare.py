"""Two models side by side."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from invoices.models import Role
from invoices.views.guards import role_required
from mlcore.evaluation.report.wording import label_of
from modelops.errors import ModelopsError
from modelops.models import ModelEvaluation, ModelVersion
from modelops.registry.comparing import Comparison, common_versions, compare, field_rows
from modelops.selectors.changed_documents import changed_page
from modelops.selectors.vendor_names import vendor_names

TEMPLATES = "templates"
CHOICES = 200
"""So many models can be chosen of, the newest."""
MOST_VENDORS = 50
_OVERALL = ("field_accuracy", "end_to_end", "payment_right", "rows_right", "guide_accuracy", "anls")


@role_required(Role.ADMIN)
@require_safe
def model_compare(request: HttpRequest) -> HttpResponse:
    """Choose two; the address holds both, the data set version and the page of the changed documents."""
    first, second = request.GET.get("first", ""), request.GET.get("second", "")
    context: dict[str, Any] = {
        "section": "models",
        "choices": _choices(),
        "first": first,
        "second": second,
        "templates_known": ModelEvaluation.objects.filter(model=None).exists(),
    }
    if first and second:
        context |= _compared(_chosen(first), _chosen(second), request.GET.get("data_set", ""), request.GET.get("page", ""))
    return render(request, "modelops/model_compare.html", context)


def _compared(first: ModelVersion | None, second: ModelVersion | None, version: str, page: str) -> dict[str, Any]:
    shared = common_versions(first, second)
    wanted = next((one for one in shared if str(one.number) == version), None)
    try:
        found = compare(first, second, wanted)
        changed = changed_page(found, int(page) if page.isdecimal() and len(page) < 10 else 1)
    except ModelopsError as error:
        return {"refusal": error.detail, "pair": (first, second), "shared": shared}
    keys = [*(one.vendor for one in found.vendors), *(one.vendor for one in changed.documents)]
    names = vendor_names(dict.fromkeys(keys))
    return {
        "found": found,
        "pair": (first, second),
        "shared": shared,
        "overall": _overall(found),
        "fields": field_rows(found),
        "vendors": [(names.get(one.vendor, one.vendor), one) for one in found.vendors[:MOST_VENDORS]],
        "more_vendors": max(0, len(found.vendors) - MOST_VENDORS),
        "changed": changed,
        "documents": [(names.get(one.vendor, one.vendor), one) for one in changed.documents],
        "counts": _counts(found),
    }


def _overall(found: Comparison) -> list[tuple[str, Any, Any, Any]]:
    return [
        (label_of(name), found.first.overall.get(name), found.second.overall.get(name), found.paired.differences.get(name))
        for name in _OVERALL
    ]


def _counts(found: Comparison) -> dict[str, int]:
    paired = found.paired
    return {"won": paired.second_only, "lost": paired.first_only, "both": paired.both, "neither": paired.neither}


def _choices() -> list[ModelVersion]:
    """The newest models: one statement."""
    return list(ModelVersion.objects.only("number", "state", "model_id").order_by("-number")[:CHOICES])


def _chosen(text: str) -> ModelVersion | None:
    if text == TEMPLATES:
        return None
    found = ModelVersion.objects.filter(number=int(text)).first() if text.isdecimal() and len(text) < 10 else None
    if found is None:
        raise Http404(f"There is no model {text[:20]}.")
    return found
