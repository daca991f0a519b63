"""The page of one document, and its file as it came in."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record_read
from invoices.models import User
from invoices.views.guards import person, signed_in
from labeling.models import LabelingTask
from labeling.selectors.document_page import document_page


@signed_in
@require_safe
def document(request: HttpRequest, document_id: int) -> HttpResponse:
    """Pages, record, origin and history of a document."""
    page = document_page(document_id, person(request))
    if page is None:
        raise Http404(f"There is no document {document_id}.")
    record_read(Action.DOCUMENT_OPENED, actor=person(request), object=Target("document", document_id))
    context = {"section": "documents", "page": page, "held_by": _held_by(page.task, person(request))}
    return render(request, "labeling/document.html", context)


def _held_by(task: LabelingTask | None, user: User) -> User | None:
    """Who has the task open at present, when it is somebody else."""
    if task is None or task.assignee is None or task.assignee == user or task.lease_expires_at is None:
        return None
    return task.assignee if task.lease_expires_at > timezone.now() else None
