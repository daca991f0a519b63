"""A labeler's own page: what goes well, where it goes wrong, what it takes; and the values that were wrong, to learn from."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record_read
from invoices.models import User
from invoices.views.guards import person, signed_in
from labeling.guidelines.fields import FIELDS
from labeling.models import SkipReason
from labeling.selectors.quality import PersonQuality, person_quality
from labeling.selectors.quality_mistakes import mistakes_of
from labeling.selectors.quality_rows import WINDOWS, Window
from labeling.selectors.quality_scale import Scale
from mlcore.agreement.figures import FLOOR


@signed_in
@require_safe
def quality(request: HttpRequest) -> HttpResponse:
    """The page of whoever is signed in."""
    window = Window.named(request.GET.get("window", ""))
    found = person_quality(person(request), window, viewer=person(request), own=True)
    return render(request, "labeling/quality.html", {"part": "own", **shown(found)})


@signed_in
@require_safe
def quality_mistakes(request: HttpRequest) -> HttpResponse:
    """One page of one's own wrong values; the address holds field and place."""
    return render(request, "labeling/quality_mistakes.html", {"part": "own", "own": True, **mistakes(request, person(request))})


def shown(found: PersonQuality) -> dict[str, Any]:
    """What both forms of a person's page need."""
    accuracy = found.accuracy
    whole = [("Documents right in every critical field", accuracy.critical), ("Documents right in everything", accuracy.exact)]
    fields = [(FIELDS[name], name, figure) for name, figure in accuracy.fields.items()]
    return {
        "section": "quality",
        "found": found,
        "windows": WINDOWS,
        "floor": FLOOR,
        "whole": [*whole, ("Values right", accuracy.values)],
        "fields": fields,
        "scale": Scale.of([accuracy.critical, accuracy.exact, accuracy.values]),
        "field_scale": Scale.of(accuracy.fields.values()),
        "meter": found.anchoring[""],
        "anchored": [(FIELDS[name], meter) for name, meter in found.anchoring.items() if name and meter.wrong],
        "effect": [("Values right", found.effect["values"]), ("Documents right in every critical field", found.effect["critical"])],
        "effects": [(FIELDS[name], figure) for name, figure in found.effect.items() if name in FIELDS],
        "skips": [(SkipReason(reason).label, count) for reason, count in sorted(found.totals.skips.items()) if reason in SkipReason.values],
    }


def mistakes(request: HttpRequest, whose: User) -> dict[str, Any]:
    """One page of somebody's wrong values. What is shown of each document is recorded as a read."""
    page = mistakes_of(whose, request.GET.get("field", ""), request.GET.get("cursor", ""))
    for one in page.labels:
        record_read(Action.DOCUMENT_RECORD_READ, actor=person(request), object=Target("document", one.document.pk))
    fields = [(name, label) for name, label in FIELDS.items() if name != "line_items"]
    return {"section": "quality", "whose": whose, "page": page, "fields": fields}
