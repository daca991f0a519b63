"""What serves: looked at, promoted, rolled back."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from invoices.api.access import person
from labeling.api.schemas import Problem
from modelops.api.base import ModelopsView
from modelops.api.deployment_forms import (
    DeploymentAnswer,
    DeploymentsAnswer,
    PromoteRequest,
    RollbackRequest,
    TemplatesAloneRequest,
    body_of,
    expected_in,
    text_in,
)
from modelops.deployment.present import deployment_json
from modelops.deployment.promoting import promote, serve_templates_alone
from modelops.deployment.rolling_back import roll_back
from modelops.errors import NotFound, RequestInvalid
from modelops.models import ModelVersion
from modelops.selectors.serving import history, serving_now

TAGS = ["deployment"]


class DeploymentsView(ModelopsView):
    """``deployments/``."""

    @extend_schema(
        operation_id="deployments",
        parameters=[OpenApiParameter("before", int, description="only deployments that are older than this one")],
        responses={200: DeploymentsAnswer, 400: Problem, 403: Problem},
        tags=TAGS,
    )
    def get(self, request: Request) -> Response:
        """What serves now and what served, the newest first."""
        page = history(_id(request.query_params.get("before", "")))
        return Response({"now": now_json(), "history": [deployment_json(row) for row in page.rows], "older": page.older or None})

    @extend_schema(
        operation_id="deployments_templates_alone",
        request=TemplatesAloneRequest,
        responses={201: DeploymentAnswer, 400: Problem, 403: Problem, 409: Problem},
        tags=TAGS,
    )
    def post(self, request: Request) -> Response:
        """Let templates alone serve. A model is promoted at its own address."""
        data = body_of(request.data)
        row = serve_templates_alone(by=person(request), reason=text_in(data, "reason"), expected=expected_in(data))
        return Response(deployment_json(row), status=201)


class PromoteView(ModelopsView):
    """``models/{number}/promote/``."""

    @extend_schema(
        request=PromoteRequest,
        responses={201: DeploymentAnswer, 400: Problem, 403: Problem, 404: Problem, 409: Problem},
        tags=TAGS,
    )
    def post(self, request: Request, number: int) -> Response:
        """Make a model serve: all documents, or a share of them beside the champion. The gate has to have passed it, or an admin to
        have overridden the gate."""
        data = body_of(request.data)
        row = promote(
            model_numbered(number),
            by=person(request),
            reason=text_in(data, "reason"),
            share=data.get("share", 100),
            expected=expected_in(data),
        )
        return Response(deployment_json(row), status=201)


class RollbackView(ModelopsView):
    """``deployments/rollback/``."""

    @extend_schema(request=RollbackRequest, responses={201: DeploymentAnswer, 400: Problem, 403: Problem, 409: Problem}, tags=TAGS)
    def post(self, request: Request) -> Response:
        """End the canary if there is one, else return to what served before."""
        data = body_of(request.data)
        row = roll_back(by=person(request), reason=text_in(data, "reason"), expected=expected_in(data))
        return Response(deployment_json(row), status=201)


def model_numbered(number: int) -> ModelVersion:
    """The model that people call by this number. Raises ``NotFound``."""
    found = ModelVersion.objects.filter(number=number).first()
    if found is None:
        raise NotFound("model_not_found", f"There is no model {number}.")
    return found


def now_json() -> dict[str, Any]:
    """What serves now, for programs."""
    now = serving_now()
    target = now.returns_to
    more = {
        "setting": now.setting,
        "returns_to": deployment_json(target) if now.can_return and target else None,
        "waiting_documents": now.waiting,
    }
    return now.present.to_json() | more


def _id(given: str) -> int:
    if not given:
        return 0
    if not given.isascii() or not given.isdigit() or len(given) > 15:
        raise RequestInvalid("before_invalid", f"before is {given[:20]!r}; send the number `older` of the page before.")
    return int(given)
