"""The labeling policy: what counts, its history, and a new version."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from invoices.api.access import person
from invoices.models import Role
from labeling.api import schemas
from labeling.api.base import LabelingView
from labeling.api.policy_answers import StoredPolicyAnswer, StoredPolicyRequest, policy_json, sent_policy
from labeling.policies import LABELING_POLICY, set_policy


class IsAdmin(BasePermission):
    """Admins."""

    message = "The labeling policy is the admins' to see and to change."

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether the person is an admin."""
        return person(request).has_role(Role.ADMIN)


class LabelingPolicyView(LabelingView):
    """``labeling-policy/``."""

    permission_classes = [IsAuthenticated, IsAdmin]

    @extend_schema(responses={200: StoredPolicyAnswer, 403: schemas.Problem}, tags=["policy"])
    def get(self, request: Request) -> Response:
        """The policy that counts and how it came to be."""
        return Response(policy_json(LABELING_POLICY))

    @extend_schema(
        request=StoredPolicyRequest, responses={200: StoredPolicyAnswer, 400: schemas.Problem, 403: schemas.Problem}, tags=["policy"]
    )
    def post(self, request: Request) -> Response:
        """Store a new version; without any change the current one stays."""
        values, note = sent_policy(request, LABELING_POLICY)
        set_policy(user=person(request), values=values, note=note)
        return Response(policy_json(LABELING_POLICY))
