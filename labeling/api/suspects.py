"""Suspect gold records, and what is said to them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from invoices.api.access import person
from labeling.api import schemas
from labeling.api.access import Reviews
from labeling.api.answers import instant
from labeling.api.base import LabelingView
from labeling.api.forms import Form
from labeling.models import SuspectGold
from labeling.selectors.suspects import TABS, SuspectFilter, suspect_list
from labeling.suspects.deciding import say_right, send_to_review


class SuspectQuery(serializers.Serializer[Any]):
    """What may be asked."""

    state = serializers.ChoiceField(list(TABS), default="open")
    cursor = serializers.CharField(default="", max_length=2000)


class SuspectPage(serializers.Serializer[Any]):
    """One page; ``score`` (0..1) orders and is no probability."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    counts = serializers.DictField(child=serializers.IntegerField())
    results = serializers.ListField(child=serializers.DictField(child=serializers.JSONField(allow_null=True)))


class SuspectAnswer(serializers.Serializer[Any]):
    """One record and how it stands."""

    gold = serializers.IntegerField()
    document = serializers.IntegerField()
    state = serializers.CharField()
    score = serializers.FloatField()
    reasons = serializers.ListField(child=serializers.DictField())
    note = serializers.CharField()
    decided_by = serializers.CharField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    task = serializers.IntegerField(allow_null=True)


class ReviewOpened(serializers.Serializer[Any]):
    """The task of the review."""

    task = serializers.IntegerField()


class RightForm(Form):
    """Why the record is right."""

    note = serializers.CharField(allow_blank=True, trim_whitespace=True, max_length=5_000)


class Suspects(LabelingView):
    """Common to these endpoints: for those who review."""

    permission_classes = [IsAuthenticated, Reviews]


class SuspectsView(Suspects):
    """``suspects/``."""

    @extend_schema(
        operation_id="suspects_list", parameters=[SuspectQuery], responses={200: SuspectPage, 400: schemas.Problem}, tags=["suspects"]
    )
    def get(self, request: Request) -> Response:
        """Records that something speaks against, the strongest evidence first."""
        form = SuspectQuery(data=request.query_params)
        form.is_valid(raise_exception=True)
        page = suspect_list(SuspectFilter(form.validated_data["state"], form.validated_data["cursor"]))
        results = [_suspect_json(row.suspect) for row in page.rows]
        return Response({"next": page.next or None, "previous": page.previous or None, "counts": page.counts, "results": results})


class SuspectRightView(Suspects):
    """``suspects/{gold}/right/``."""

    @extend_schema(request=RightForm, responses={200: SuspectAnswer, **schemas.REFUSALS}, tags=["suspects"])
    def post(self, request: Request, gold_id: int) -> Response:
        """The record is right; it is not suggested again for the same evidence."""
        note = RightForm.checked(request.data)["note"]
        return Response(_suspect_json(say_right(user=person(request), gold_id=gold_id, note=note)))


class SuspectReviewView(Suspects):
    """``suspects/{gold}/review/``."""

    @extend_schema(request=None, responses={200: ReviewOpened, **schemas.REFUSALS}, tags=["suspects"])
    def post(self, request: Request, gold_id: int) -> Response:
        """Have the document reviewed; the record stands until that is submitted."""
        return Response({"task": send_to_review(user=person(request), gold_id=gold_id).pk})


def _suspect_json(suspect: SuspectGold) -> dict[str, Any]:
    return {
        "gold": suspect.gold_id,
        "document": suspect.gold.document_id,
        "state": suspect.state,
        "score": suspect.score / 1000,
        "reasons": suspect.reasons,
        "note": suspect.note,
        "decided_by": suspect.decided_by.username if suspect.decided_by else None,
        "decided_at": instant(suspect.decided_at),
        "task": suspect.review_id,
    }
