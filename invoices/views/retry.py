"""Failed documents are read again: one, the selected ones, or all of a reason."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from invoices.rereading import reread_code, reread_documents
from invoices.views.guards import person, signed_in
from invoices.views.next_address import next_address


@signed_in
@require_POST
def documents_retry(request: HttpRequest) -> HttpResponse:
    """``only`` is one document, ``code`` all of a reason, ``document`` (repeated) the selected ones."""
    user = person(request)
    if "code" in request.POST:
        count = reread_code(code=request.POST["code"], user=user)
    else:
        wanted = [request.POST["only"]] if "only" in request.POST else request.POST.getlist("document")
        ids = [int(value) for value in wanted if value.isascii() and value.isdigit() and len(value) < 16]
        count = reread_documents(document_ids=ids, user=user)
    if count:
        messages.success(request, f"{count} document{'' if count == 1 else 's'} will be read again.")
    else:
        refusal = "Nothing was started: none of these documents is a failed one any more, or somebody else sent them in."
        messages.warning(request, f"{refusal} Seniors can have any document read again.")
    return redirect(next_address(request, "documents"))
