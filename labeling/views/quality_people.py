"""Everybody's quality, one person's, and the anchoring meter: for seniors and admins."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record_read
from invoices.models import Role, User
from invoices.views.guards import person, role_required, signed_in
from labeling.errors import PersonNotFound
from labeling.guidelines.fields import FIELDS
from labeling.selectors.pauses import queue_of
from labeling.selectors.quality import SOURCES, person_quality, person_seen_by
from labeling.selectors.quality_people import anchoring_by_person, people_quality
from labeling.selectors.quality_rows import WINDOWS, Window
from labeling.selectors.quality_scale import Scale
from labeling.views.quality import mistakes, shown


@role_required(Role.SENIOR)
@require_safe
def quality_people(request: HttpRequest) -> HttpResponse:
    """All people in the order of their names."""
    window = Window.named(request.GET.get("window", ""))
    record_read(Action.QUALITY_READ, actor=person(request), object=Target("quality"))
    listed = people_quality(person(request), window, request.GET.get("cursor", ""))
    scale = Scale.of([row.totals.critical_share for row in listed.rows] + [row.totals.exact_share for row in listed.rows])
    context = {"section": "quality", "part": "people", "listed": listed, "window": window, "windows": WINDOWS, "scale": scale}
    return render(request, "labeling/quality_people.html", context)


@signed_in
@require_safe
def quality_person(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person. Who may not see others is sent to their own page, and finds nobody else."""
    whose = _seen(request, person_id)
    if not person(request).has_role(Role.SENIOR):
        return redirect("quality")
    record_read(Action.QUALITY_READ, actor=person(request), object=Target("person", person_id))
    found = person_quality(whose, Window.named(request.GET.get("window", "")), viewer=person(request))
    sources = [(source.label, found.by_source[source.value]) for source in SOURCES]
    context = {"part": "people", "sources": sources, "queue": queue_of(whose), **shown(found)}
    return render(request, "labeling/quality_person.html", context)


@signed_in
@require_safe
def quality_person_mistakes(request: HttpRequest, person_id: int) -> HttpResponse:
    """One page of a person's wrong values."""
    whose = _seen(request, person_id)
    if not person(request).has_role(Role.SENIOR):
        return redirect("quality-mistakes")
    record_read(Action.QUALITY_READ, actor=person(request), object=Target("person", person_id))
    return render(request, "labeling/quality_mistakes.html", {"part": "people", "own": False, **mistakes(request, whose)})


@role_required(Role.SENIOR)
@require_safe
def quality_anchoring(request: HttpRequest) -> HttpResponse:
    """The anchoring meter by field, and by person for the field in the address."""
    field = request.GET.get("field", "")
    field = field if field in FIELDS else ""
    record_read(Action.QUALITY_READ, actor=person(request), object=Target("anchoring"))
    listed = anchoring_by_person(field, request.GET.get("cursor", ""))
    context = {
        "section": "quality",
        "part": "anchoring",
        "listed": listed,
        "whole": listed.everybody[""],
        "meters": [(FIELDS[name], name, meter) for name, meter in listed.everybody.items() if name and meter.wrong],
        "fields": list(FIELDS.items()),
        "field": field,
        "field_label": FIELDS.get(field, ""),
    }
    return render(request, "labeling/quality_anchoring.html", context)


def _seen(request: HttpRequest, person_id: int) -> User:
    try:
        return person_seen_by(person(request), person_id)
    except PersonNotFound as error:
        raise Http404(error.detail) from error
