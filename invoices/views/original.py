"""The file of a document as it came in."""

from __future__ import annotations

import os

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from invoices import blobs
from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from invoices.errors import InvoicesError
from invoices.models import Document
from invoices.views.guards import person, signed_in


@signed_in
@require_safe
def original(request: HttpRequest, document_id: int) -> FileResponse:
    """The bytes under their name, always as a download: a browser must not run what somebody sent."""
    document = get_object_or_404(Document.objects.only("sha256", "name", "media_type"), pk=document_id)
    try:
        with blobs.open_checked(document.sha256) as file:
            copy = os.fdopen(os.dup(file.fileno()), "rb")
    except InvoicesError as error:
        raise Http404(error.message) from error
    record(Action.DOCUMENT_DOWNLOADED, actor=person(request), object=Target("document", document_id))
    return FileResponse(copy, as_attachment=True, filename=document.name, content_type=document.media_type)
