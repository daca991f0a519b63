"""The page of one document, and its file as it came in."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from invoices.views.guards import signed_in
from labeling.selectors.document_page import document_page


@signed_in
@require_safe
def document(request: HttpRequest, document_id: int) -> HttpResponse:
    """Pages, record, origin and history of a document."""
    page = document_page(document_id)
    if page is None:
        raise Http404(f"There is no document {document_id}.")
    return render(request, "labeling/document.html", {"section": "documents", "page": page})
