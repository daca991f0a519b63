"""The machine's reading of a document, as the person who asks may see it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response

from invoices.api.access import person
from invoices.api.problems import Problem
from invoices.api.serializers import PredictionAnswer
from invoices.audit.actions import Action
from invoices.audit.recording import Target, record_read
from invoices.errors import NoPrediction
from invoices.models import Document, Prediction
from labeling.api.base import LabelingView
from labeling.assignment.strategies import LABEL_LINE
from labeling.prefill_shown import given_prediction, is_altered, shown_checks, shown_fields, shown_record, task_before


class DocumentPredictionView(LabelingView):
    """``documents/{id}/prediction/``. Here and not beside the other documents' addresses: a label may hide it."""

    @extend_schema(operation_id="documents_prediction", tags=["documents"], responses={200: PredictionAnswer, 404: Problem})
    def get(self, request: Request, document_id: int) -> Response:
        """The newest prediction with confidence, places and checks; to a person who may label the document, as the task shows it."""
        generics.get_object_or_404(Document.objects.only("pk"), pk=document_id)
        task = task_before(person(request), document_id)
        altered = task if task and is_altered(task) else None
        given = given_prediction(person(request), document_id)
        newest = altered.prediction if altered else given or Prediction.objects.filter(document=document_id).order_by("-pk").first()
        if newest is None and altered is not None:
            raise NoPrediction("This document is labeled without a pre-fill. You see it when its labels are in.")
        if newest is None:
            raise NoPrediction("This document has not been pre-filled. It is still being read, or reading it failed; see its status.")
        record_read(Action.DOCUMENT_RECORD_READ, actor=person(request), object=Target("document", document_id))
        answer: dict[str, Any] = dict(PredictionAnswer(newest).data)
        if altered is not None:
            answer |= {"record": shown_record(altered), "fields": shown_fields(altered), "checks": shown_checks(altered)}
        if task is not None and task.kind in LABEL_LINE:  # an accepted document that waits for a label would be known for an audit
            answer["route"] = None
        return Response(answer)
