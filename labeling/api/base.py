"""What the labeling endpoints share: errors as problem details."""

from __future__ import annotations

from typing import cast

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from invoices.models import User
from labeling.errors import LabelingError


class LabelingView(APIView):
    """Turns ``LabelingError`` into problem details: ``{type, title, status, code, detail, ...}``."""

    def handle_exception(self, exc: Exception) -> Response:
        """Answer a designed error; leave the rest to the project's handler."""
        if not isinstance(exc, LabelingError):
            return super().handle_exception(exc)
        body = {"type": "about:blank", "title": exc.title, "status": exc.status, "code": exc.code, "detail": exc.detail, **exc.extra}
        response = Response(body, status=exc.status, content_type="application/problem+json")
        response.exception = True
        return response


def person(request: Request) -> User:
    """The authenticated person; the default permission has made sure there is one."""
    return cast(User, request.user)
