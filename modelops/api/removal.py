"""Removing a document: what it would touch, and doing it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from invoices.api.access import person
from invoices.api.problems import Problem
from labeling.api.answers import instant
from modelops.api import dataset_forms as forms
from modelops.api.base import ModelopsView
from modelops.datasets.removal import affected, held_of, remove
from modelops.models import DocumentRemoval


class DocumentRemovalView(ModelopsView):
    """``documents/{id}/removal/``."""

    @extend_schema(responses={200: forms.RemovalAnswer, 403: Problem, 404: Problem}, tags=["documents"])
    def get(self, request: Request, document_id: int) -> Response:
        """What is held of the document, and the data sets, runs, models and deployments that used it."""
        return Response(_answer(document_id))

    @extend_schema(
        request=forms.RemovalForm,
        responses={200: forms.RemovalAnswer, 400: Problem, 403: Problem, 404: Problem, 409: Problem},
        tags=["documents"],
    )
    def post(self, request: Request, document_id: int) -> Response:
        """Erase the document and mark what used it. It cannot be undone; the same call again finishes what was left."""
        form = forms.RemovalForm.checked(request.data)
        remove(document_id, form["ground"], form["reason"], person(request))
        return Response(_answer(document_id))


def _answer(document_id: int) -> dict[str, Any]:
    holds = held_of(document_id).to_json()
    removal = DocumentRemoval.objects.select_related("removed_by").filter(document=document_id).first()
    touches = removal.touched if removal is not None else affected(document_id).to_json()
    removed = None
    if removal is not None:
        removed = {
            "ground": removal.ground,
            "reason": removal.reason,
            "by": removal.removed_by.username if removal.removed_by else None,
            "at": instant(removal.removed_at),
            "finished_at": instant(removal.finished_at),
        }
    return {"document": document_id, "holds": holds, "touches": touches, "removed": removed}
