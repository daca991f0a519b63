"""``documents/{id}/due/``: by when a document has to be done."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from invoices.api.access import person
from labeling.api.access import Reviews
from labeling.api.answers import instant
from labeling.api.base import LabelingView
from labeling.api.forms import Form
from labeling.api.schemas import REFUSALS
from labeling.due import set_due


class DueForm(Form):
    """A day of the server's calendar; ``null``: not due at any time."""

    due_on = serializers.DateField(allow_null=True)


class DueAnswer(serializers.Serializer[Any]):
    """The last moment of that day."""

    due_at = serializers.DateTimeField(allow_null=True)


class DocumentDueView(LabelingView):
    """``documents/{id}/due/``."""

    permission_classes = [IsAuthenticated, Reviews]

    @extend_schema(operation_id="documents_due", request=DueForm, responses={200: DueAnswer, **REFUSALS}, tags=["documents"])
    def post(self, request: Request, document_id: int) -> Response:
        """Say by when everything that is open of the document has to be done; what is due within a day is handed out first."""
        form = DueForm.checked(request.data)
        return Response({"due_at": instant(set_due(user=person(request), document_id=document_id, due_on=form["due_on"]))})
