"""``verifications/``: what a person says about one field of many documents."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from invoices.api.access import person
from labeling.api.access import Reviews
from labeling.api.base import LabelingView
from labeling.api.forms import Form
from labeling.api.schemas import REFUSALS
from labeling.models import FieldVerification
from labeling.review.verification import FIELDS, MOST, Said, verify


class SaidForm(serializers.Serializer[Any]):
    """One value. ``value`` is what was typed when ``verdict`` is ``corrected``; ``null``: not on the document."""

    document = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    prediction = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    verdict = serializers.ChoiceField(FieldVerification.Verdict.choices)
    value = serializers.CharField(required=False, allow_null=True, default=None, max_length=2_000)


class VerifyForm(Form):
    """``POST verifications/``."""

    field = serializers.ChoiceField(FIELDS)
    values = serializers.ListField(child=SaidForm(), min_length=1, max_length=MOST)


class VerifiedAnswer(serializers.Serializer[Any]):
    """What became of it. ``skipped`` lists documents of which nothing was kept, with the reason."""

    batch = serializers.UUIDField()
    confirmed = serializers.IntegerField()
    corrected = serializers.IntegerField()
    marked = serializers.IntegerField()
    skipped = serializers.ListField(child=serializers.DictField())


class VerificationsView(LabelingView):
    """``verifications/``."""

    permission_classes = [IsAuthenticated, Reviews]

    @extend_schema(request=VerifyForm, responses={200: VerifiedAnswer, 400: REFUSALS[400]}, tags=["review"])
    def post(self, request: Request) -> Response:
        """Keep what was said; documents whose value is wrong go to a review."""
        data = VerifyForm.checked(request.data)
        said = [Said(one["document"], one["prediction"], one["verdict"], one["value"]) for one in data["values"]]
        done = verify(user=person(request), path=data["field"], said=said)
        body = {
            "batch": str(done.batch),
            "confirmed": done.confirmed,
            "corrected": done.corrected,
            "marked": done.marked,
            "skipped": [{"document": document, "reason": reason} for document, reason in done.skipped.items()],
        }
        return Response(body)
