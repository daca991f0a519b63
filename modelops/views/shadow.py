"""Shadow runs: for admins."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from invoices.models import Role
from invoices.views.guards import person, role_required
from modelops.deployment.shadow import shadow_run, start_shadow, take_away
from modelops.errors import ModelopsError, NotFound
from modelops.models import ModelVersion, ShadowRun
from modelops.selectors.shadow import SHOWS, shadow_documents, shadow_view
from modelops.views.changes import make_change
from modelops.views.typed_numbers import number_in, whole


@role_required(Role.ADMIN)
@require_safe
def shadow(request: HttpRequest, shadow_id: int) -> HttpResponse:
    """One run: what would change, who would be spared, and the documents."""
    run = _run(shadow_id)
    show = request.GET.get("show", "changed")
    show = show if show in SHOWS else "changed"
    context = {
        "section": "serving",
        "view": shadow_view(run),
        "run": run,
        "show": show,
        "tabs": [("changed", "Read otherwise"), ("won", "Better"), ("lost", "Worse"), ("routes", "Another route"), ("all", "All")],
        "page": shadow_documents(run, show=show, after=number_in(request.GET.get("after", ""))),
        "paged": bool(request.GET.get("after")),
    }
    return render(request, "modelops/shadow.html", context)


@role_required(Role.ADMIN)
@require_POST
def shadow_start(request: HttpRequest, number: int) -> HttpResponse:
    """Have a model read recent documents in the dark."""
    try:
        found = ModelVersion.objects.filter(number=number).first()
        if found is None:
            raise NotFound("model_not_found", f"There is no model {number}.")
        run = start_shadow(found, by=person(request), documents=whole(request.POST.get("documents", ""), "documents"))
    except ModelopsError as error:
        if error.status == 404:
            raise Http404(error.detail) from error
        messages.error(request, error.detail)
        return redirect("serving")
    return redirect("shadow", run.pk)


@role_required(Role.ADMIN)
@require_POST
def shadow_remove(request: HttpRequest, shadow_id: int) -> HttpResponse:
    """Take a run away."""
    run = _run(shadow_id)
    make_change(request, lambda: take_away(run, by=person(request)), "The shadow run is gone, with all that it had read.")
    return redirect("serving")


def _run(shadow_id: int) -> ShadowRun:
    try:
        return shadow_run(shadow_id)
    except NotFound as error:
        raise Http404(error.detail) from error
