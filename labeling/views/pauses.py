"""The queues of people: a recommendation with its figures, and the senior's decision."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from invoices.models import Role
from invoices.views.guards import person, role_required
from labeling.pausing.pausing import MAX_REASON, pause_queue, resume_queue
from labeling.selectors.pauses import queues
from labeling.views.changes import make_change


@role_required(Role.SENIOR)
@require_safe
def pauses(request: HttpRequest) -> HttpResponse:
    """Every biller's queue."""
    return render(request, "labeling/pauses.html", {"section": "quality", "part": "pauses", "queues": queues(), "most": MAX_REASON})


@role_required(Role.SENIOR)
@require_POST
def pause(request: HttpRequest, person_id: int) -> HttpResponse:
    """Hand a person nothing new."""
    reason = request.POST.get("reason", "")
    said = "The queue is paused. What the person has in hand may be finished; a message tells them to talk to you."
    return _done(request, lambda: pause_queue(user=person(request), person_id=person_id, reason=reason), said)


@role_required(Role.SENIOR)
@require_POST
def resume(request: HttpRequest, person_id: int) -> HttpResponse:
    """Let a person's queue go on."""
    return _done(request, lambda: resume_queue(user=person(request), person_id=person_id), "The queue goes on.")


def _done(request: HttpRequest, change: Callable[[], object], said: str) -> HttpResponse:
    make_change(request, change, said)
    return redirect("pauses")
