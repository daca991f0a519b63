"""The page of one document, and its file as it came in."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record_read
from invoices.models import Role, User
from invoices.views.guards import person, signed_in
from labeling.due import set_due
from labeling.models import KnownDocument, LabelingTask
from labeling.selectors.document_page import document_page
from labeling.views.changes import make_change
from labeling.views.review import for_reviewers


@signed_in
@require_safe
def document(request: HttpRequest, document_id: int) -> HttpResponse:
    """Pages, record, origin and history of a document."""
    page = document_page(document_id, person(request))
    if page is None:
        raise Http404(f"There is no document {document_id}.")
    record_read(Action.DOCUMENT_OPENED, actor=person(request), object=Target("document", document_id))
    chooses = page.gold is not None and person(request).has_role(Role.SENIOR)
    uses = list(KnownDocument.objects.filter(document=document_id).values_list("purpose", flat=True)) if chooses else []
    held_by = _held_by(page.task, person(request))
    context = {"section": "documents", "page": page, "held_by": held_by, "chooses": chooses, "uses": uses}
    return render(request, "labeling/document.html", context)


@for_reviewers
@require_POST
def document_due(request: HttpRequest, document_id: int) -> HttpResponse:
    """Set by when the document has to be done, or, with an empty day, that it is not due; then its page again."""
    typed = request.POST.get("due_on", "").strip()[:20]
    try:
        day = dt.date.fromisoformat(typed) if typed else None
    except ValueError:
        messages.error(request, f"{typed!r} is no day; choose one from the calendar. Nothing was changed.")
        return redirect("document", document_id)
    said = f"Due by {day:%Y-%m-%d}." if day else "Not due at any time."
    make_change(request, lambda: set_due(user=person(request), document_id=document_id, due_on=day), said)
    return redirect("document", document_id)


def _held_by(task: LabelingTask | None, user: User) -> User | None:
    """Who has the task open at present, when it is somebody else."""
    if task is None or task.assignee is None or task.assignee == user or task.lease_expires_at is None:
        return None
    return task.assignee if task.lease_expires_at > timezone.now() else None
