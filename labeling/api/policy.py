"""The labeling policy: what counts, its history, and a new version."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from invoices.api.access import person
from invoices.models import Role
from labeling.api import schemas
from labeling.api.answers import instant
from labeling.api.base import LabelingView
from labeling.errors import RequestInvalid
from labeling.models import LabelingPolicy
from labeling.policies import current_policy, policy_values, set_policy
from labeling.selectors.policy_history import history


class IsAdmin(BasePermission):
    """Admins."""

    message = "The labeling policy is the admins' to see and to change."

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether the person is an admin."""
        return person(request).has_role(Role.ADMIN)


class PolicyVersion(serializers.Serializer[Any]):
    """One version; ``id`` is null while the defaults count."""

    id = serializers.IntegerField(allow_null=True)
    values = serializers.DictField(child=serializers.FloatField())
    note = serializers.CharField()
    created_by = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField(allow_null=True)


class PolicyAnswer(serializers.Serializer[Any]):
    """What counts, and the newest versions before it with what each changed (``{name: [before, after]}``)."""

    current = PolicyVersion()
    history = serializers.ListField(child=serializers.DictField())


class PolicyRequest(serializers.Serializer[Any]):
    """The values to change; what is left out stays."""

    values = serializers.DictField(child=serializers.JSONField(), required=False)
    note = serializers.CharField(required=False, allow_blank=True)


class LabelingPolicyView(LabelingView):
    """``labeling-policy/``."""

    permission_classes = [IsAuthenticated, IsAdmin]

    @extend_schema(responses={200: PolicyAnswer, 403: schemas.Problem}, tags=["policy"])
    def get(self, request: Request) -> Response:
        """The policy that counts and how it came to be."""
        return Response(_answer())

    @extend_schema(request=PolicyRequest, responses={200: PolicyAnswer, 400: schemas.Problem, 403: schemas.Problem}, tags=["policy"])
    def post(self, request: Request) -> Response:
        """Store a new version; without any change the current one stays."""
        data = request.data if isinstance(request.data, dict) else {}
        values, note = data.get("values", {}), data.get("note", "")
        if not isinstance(values, dict) or not isinstance(note, str):
            raise RequestInvalid("policy_invalid", "Send values as an object of names and numbers, and the note as text.")
        set_policy(user=person(request), values=values, note=note)
        return Response(_answer())


def _answer() -> dict[str, Any]:
    versions = history()
    past = [
        {**_version(entry.policy), "changed": {change.setting.name: [change.before, change.after] for change in entry.changes}}
        for entry in versions
    ]
    return {"current": _version(current_policy()), "history": past}


def _version(policy: LabelingPolicy) -> dict[str, Any]:
    return {
        "id": policy.pk,
        "values": policy_values(policy),
        "note": policy.note,
        "created_by": policy.created_by.username if policy.created_by else None,
        "created_at": instant(policy.created_at),
    }
