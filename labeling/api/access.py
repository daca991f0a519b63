"""Who may call what besides what the services decide."""

from __future__ import annotations

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from invoices.api.access import person
from labeling.assignment.strategies import kinds_for
from labeling.models import TaskKind


class Reviews(BasePermission):
    """People who are handed reviews."""

    message = "This needs a role that reviews: senior biller or administrator."

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether the person's role is handed review tasks."""
        return TaskKind.REVIEW.value in kinds_for(person(request).role)
