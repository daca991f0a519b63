"""The person behind the request and their screen settings."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from invoices.api.access import person
from invoices.models import User
from labeling.api.base import LabelingView
from labeling.api.schemas import REFUSALS
from labeling.preferences import DEFAULTS, merged


class Me(serializers.Serializer[Any]):
    """Who is signed in."""

    username = serializers.CharField(read_only=True)
    role = serializers.CharField(read_only=True)
    preferences = serializers.DictField(child=serializers.JSONField(allow_null=True))


class MeView(LabelingView):
    """``me/``."""

    @extend_schema(responses={200: Me}, tags=["me"])
    def get(self, request: Request) -> Response:
        """Name, role and settings."""
        return Response(_me_json(person(request)))

    @extend_schema(request=Me, responses={200: Me, 400: REFUSALS[400]}, tags=["me"])
    def patch(self, request: Request) -> Response:
        """Merge the settings sent into the stored ones."""
        changes = request.data.get("preferences", {}) if isinstance(request.data, dict) else None
        with transaction.atomic():
            user = User.objects.select_for_update().get(pk=person(request).pk)
            user.preferences = merged(user.preferences, changes)
            user.save(update_fields=["preferences"])
        return Response(_me_json(user))


def _me_json(user: User) -> dict[str, Any]:
    return {"username": user.username, "role": user.role, "preferences": {**DEFAULTS, **user.preferences}}
