"""Shadow runs: begun, looked at, taken away."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from invoices.api.access import person
from labeling.api.schemas import Problem
from modelops.api.base import ModelopsView
from modelops.api.deployment_forms import ShadowRequest, ShadowRunAnswer, body_of
from modelops.api.deployments import TAGS, model_numbered
from modelops.deployment.shadow import USUAL_DOCUMENTS, shadow_run, start_shadow, take_away
from modelops.models import ModelVersion, ShadowRun
from modelops.selectors.shadow import shadow_view


class ModelShadowView(ModelopsView):
    """``models/{number}/shadow/``."""

    @extend_schema(
        request=ShadowRequest,
        responses={202: ShadowRunAnswer, 400: Problem, 403: Problem, 404: Problem, 409: Problem},
        tags=TAGS,
    )
    def post(self, request: Request, number: int) -> Response:
        """Have a model read the newest documents beside what serves; nobody is shown what it reads."""
        wanted = body_of(request.data).get("documents", USUAL_DOCUMENTS)
        return Response(shadow_json(start_shadow(model_numbered(number), by=person(request), documents=wanted)), status=202)


class ShadowRunView(ModelopsView):
    """``shadow-runs/{id}/``."""

    @extend_schema(responses={200: ShadowRunAnswer, 403: Problem, 404: Problem}, tags=TAGS)
    def get(self, request: Request, shadow_id: int) -> Response:
        """How far it is, and what came of it."""
        return Response(shadow_json(shadow_run(shadow_id)))

    @extend_schema(responses={204: None, 403: Problem, 404: Problem}, tags=TAGS)
    def delete(self, request: Request, shadow_id: int) -> Response:
        """Take it away; one that is under way ends."""
        take_away(shadow_run(shadow_id), by=person(request))
        return Response(status=204)


def shadow_json(run: ShadowRun) -> dict[str, Any]:
    """A shadow run for programs."""
    view = shadow_view(run)
    return {
        "id": run.pk,
        "model": _model(run.model),
        "against": _model(run.against) if run.against else None,
        "state": run.state,
        "wanted": run.wanted,
        "chosen": view.chosen,
        "read": view.read,
        "summary": view.summary,
        "error": run.error,
        "created_at": run.created_at.isoformat(),
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
    }


def _model(model: ModelVersion) -> dict[str, Any]:
    return {"number": model.number, "model_id": model.model_id}
