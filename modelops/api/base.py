"""What the endpoints of the model's life share: errors as problem details, and who may call."""

from __future__ import annotations

from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from invoices.api.access import person
from invoices.api.problems import problem
from invoices.models import Role
from modelops.errors import ModelopsError


class IsAdmin(BasePermission):
    """Admins."""

    message = "This is the admins' to see and to change."

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether the person is an admin."""
        return person(request).has_role(Role.ADMIN)


class ModelopsView(APIView):
    """For admins. Turns ``ModelopsError`` into problem details with the error's own title and extras."""

    permission_classes = [IsAuthenticated, IsAdmin]

    def handle_exception(self, exc: Exception) -> Response:
        """Answer a designed error; leave the rest to the project's handler."""
        if isinstance(exc, ModelopsError):
            return problem(exc.status, exc.code, exc.detail, title=exc.title, **exc.extra)
        return super().handle_exception(exc)
