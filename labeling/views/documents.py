"""The list of documents, and the rows that it refreshes itself with."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from invoices.models import DocumentStatus
from invoices.views.guards import person, signed_in
from labeling.selectors.documents import SOURCES, DocumentFilter, document_list, rows_by_id


@signed_in
@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    """One page of documents; the address holds filters, order and place."""
    wanted = DocumentFilter.from_address(request.GET.dict())
    listed = document_list(wanted, person(request))
    tabs = [("", "All")] + [(status.value, status.label) for status in DocumentStatus]
    context = {
        "section": "documents",
        "wanted": wanted,
        "listed": listed,
        "tabs": [(value, label, listed.counts[value]) for value, label in tabs],
        "total": listed.counts[wanted.status],
        "sources": SOURCES.items(),
        "max_upload_bytes": settings.MAX_UPLOAD_BYTES,
    }
    return render(request, "labeling/documents.html", context)


@signed_in
@require_safe
def document_rows(request: HttpRequest) -> HttpResponse:
    """The rows ``?ids=1,2,3`` as they are now; documents that do not exist are left out."""
    ids = [int(part) for part in request.GET.get("ids", "").split(",") if part.isascii() and part.isdigit() and len(part) < 16]
    return render(request, "labeling/document_rows.html", {"rows": rows_by_id(ids, person(request))})
