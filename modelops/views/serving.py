"""What serves, and changing it: for admins."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from invoices.models import Role
from invoices.views.guards import person, role_required
from modelops.deployment.asking import MAX_REASON
from modelops.deployment.promoting import promote, serve_templates_alone
from modelops.deployment.rolling_back import roll_back
from modelops.errors import NotFound
from modelops.models import ModelVersion
from modelops.selectors.serving import candidate, history, offered, serving_context, serving_now
from modelops.views.changes import make_change
from modelops.views.typed_numbers import number_in, whole


@role_required(Role.ADMIN)
@require_safe
def serving(request: HttpRequest) -> HttpResponse:
    """What serves now, what could serve instead, the way back, and what served."""
    models, asked = offered(), request.GET.get("model", "")
    chosen = next((model for model in models if str(model.number) == asked), models[0] if models else None)
    context = {
        "section": "serving",
        "now": serving_now(),
        "offered": models,
        "candidate": candidate(chosen) if chosen else None,
        "page": history(number_in(request.GET.get("before", ""))),
        "paged": bool(request.GET.get("before")),
        "most_reason": MAX_REASON,
    }
    return render(request, "modelops/serving.html", context | serving_context())


@role_required(Role.ADMIN)
@require_POST
def serving_promote(request: HttpRequest) -> HttpResponse:
    """Let a model serve: all documents, or a share of them."""

    def change() -> object:
        found = ModelVersion.objects.filter(number=number_in(request.POST.get("model", ""))).first()
        if found is None:
            raise NotFound("model_not_found", "There is no such model.")
        share = whole(request.POST.get("share", "100"), "share")
        return promote(found, by=person(request), reason=request.POST.get("reason", ""), share=share, expected=_expected(request))

    made = make_change(request, change, "It serves from now on. Open documents that nobody has begun are filled in anew.")
    return redirect("serving") if made else _back(request)


@role_required(Role.ADMIN)
@require_POST
def serving_templates(request: HttpRequest) -> HttpResponse:
    """Let no model read."""
    reason = request.POST.get("reason", "")
    said = "Templates alone serve from now on. Open documents that nobody has begun are filled in anew."
    make_change(request, lambda: serve_templates_alone(by=person(request), reason=reason, expected=_expected(request)), said)
    return redirect("serving")


@role_required(Role.ADMIN)
@require_POST
def serving_rollback(request: HttpRequest) -> HttpResponse:
    """Go back to what served before."""
    reason = request.POST.get("reason", "")
    said = "What served before serves again. Open documents that nobody has begun are filled in anew."
    make_change(request, lambda: roll_back(by=person(request), reason=reason, expected=_expected(request)), said)
    return redirect("serving")


def _back(request: HttpRequest) -> HttpResponse:
    """To the same candidate, after a refusal."""
    number = number_in(request.POST.get("model", ""))
    answer = redirect("serving")
    if number:
        answer["Location"] += f"?model={number}"
    return answer


def _expected(request: HttpRequest) -> int:
    return whole(request.POST.get("expected", ""), "expected")
