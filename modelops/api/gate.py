"""``gate-policy/`` and ``gate-results/``: what a model is held to, and letting one through all the same."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from invoices.api.access import person
from invoices.api.problems import Problem
from labeling.api.policy_answers import StoredPolicyRequest, policy_json, sent_policy
from modelops.api.base import ModelopsView
from modelops.api.registry_shapes import override_json
from modelops.errors import NotFound, RequestInvalid
from modelops.gate.overriding import LEAST_REASON, override
from modelops.gate.policies import GATE_POLICY, set_gate_policy
from modelops.models import GateResult


class OverrideRequest(serializers.Serializer[Any]):
    """Why, in at least so many characters."""

    reason = serializers.CharField(min_length=LEAST_REASON, max_length=1000)


class GatePolicyView(ModelopsView):
    """``gate-policy/``."""

    @extend_schema(responses={200: OpenApiTypes.OBJECT, 403: Problem}, tags=["models"])
    def get(self, request: Request) -> Response:
        """The policy that counts, what each of its limits means, and how it came to be."""
        return Response(_answer())

    @extend_schema(request=StoredPolicyRequest, responses={200: OpenApiTypes.OBJECT, 400: Problem, 403: Problem}, tags=["models"])
    def post(self, request: Request) -> Response:
        """Store a new version; without any change the current one stays."""
        values, note = sent_policy(request, GATE_POLICY)
        set_gate_policy(user=person(request), values=values, note=note)
        return Response(_answer())


class GateOverrideView(ModelopsView):
    """``gate-results/{id}/override/``."""

    @extend_schema(
        request=OverrideRequest,
        responses={201: OpenApiTypes.OBJECT, 400: Problem, 403: Problem, 404: Problem, 409: Problem},
        tags=["models"],
    )
    def post(self, request: Request, number: int) -> Response:
        """Let the model of the verdict with the id ``number`` serve although it did not pass."""
        result = GateResult.objects.filter(pk=number).first()
        if result is None:
            raise NotFound("result_not_found", f"There is no verdict {number}.")
        data = request.data if isinstance(request.data, dict) else {}
        reason = data.get("reason", "")
        if not isinstance(reason, str):
            raise RequestInvalid("reason_invalid", "Send the reason as text.")
        return Response(override_json(override(result, reason, person(request))), status=201)


def _answer() -> dict[str, Any]:
    names = ("name", "kind", "least", "most", "help")
    return {**policy_json(GATE_POLICY), "settings": [{name: getattr(one, name) for name in names} for one in GATE_POLICY.settings]}
