"""What the labeling endpoints share: errors as problem details."""

from __future__ import annotations

from rest_framework.response import Response
from rest_framework.views import APIView

from invoices.api.problems import problem
from labeling.errors import LabelingError


class LabelingView(APIView):
    """Turns ``LabelingError`` into problem details with the error's own title and extras."""

    def handle_exception(self, exc: Exception) -> Response:
        """Answer a designed error; leave the rest to the project's handler."""
        if isinstance(exc, LabelingError):
            return problem(exc.status, exc.code, exc.detail, title=exc.title, **exc.extra)
        return super().handle_exception(exc)
