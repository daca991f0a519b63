"""Removing a document: what would be touched, and the button that does it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from invoices.models import Document, Role
from invoices.views.guards import person, role_required
from modelops.datasets.removal import MAX_REASON, affected, held_of, remove
from modelops.errors import ModelopsError, RequestInvalid
from modelops.models import DocumentRemoval


@role_required(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def document_removal(request: HttpRequest, document_id: int) -> HttpResponse:
    """What is held of a document and what used it; with a ground, a reason and the document's number typed it is erased."""
    document = Document.objects.defer("text_signature").filter(pk=document_id).first()
    if document is None:
        raise Http404(f"There is no document {document_id}.")
    if request.method != "POST":
        return _page(request, document, {})
    typed = {name: request.POST.get(name, "").strip()[:1_000] for name in ("ground", "reason", "number")}
    try:
        if typed["number"] != str(document_id):
            raise RequestInvalid("not_confirmed", f"Type {document_id}, the number of the document, to say that it is this one.")
        remove(document_id, typed["ground"], typed["reason"], person(request))
    except ModelopsError as error:
        return _page(request, document, typed, error)
    return redirect("document-removal", document_id)


def _page(request: HttpRequest, document: Document, typed: dict[str, str], error: ModelopsError | None = None) -> HttpResponse:
    removal = DocumentRemoval.objects.select_related("removed_by").filter(document=document).first()
    touched = removal.touched if removal is not None else affected(document.pk).to_json()
    context = {
        "section": "documents",
        "document": document,
        "removal": removal,
        "held": held_of(document.pk),
        "touched": touched,
        "used": any(touched.get(name) for name in ("versions", "runs", "models", "deployments")),
        "grounds": DocumentRemoval.Ground.choices,
        "typed": typed,
        "refusal": error.detail if error else "",
        "most": MAX_REASON,
    }
    return render(request, "modelops/document_removal.html", context, status=error.status if error else 200)
