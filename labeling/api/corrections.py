"""``corrections/``: what was corrected on one document, offered for the others; applied and undone as a whole."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from invoices.api.access import person
from labeling.api.base import LabelingView
from labeling.api.forms import Form
from labeling.api.schemas import REFUSALS
from labeling.corrections.applying import apply, undo
from labeling.corrections.offers import MOST, Offer, offers_for
from labeling.models import Correction

_MOST_ID = 2**63 - 1


class OffersQuery(Form):
    """``GET corrections/``."""

    gold = serializers.IntegerField(min_value=1, max_value=_MOST_ID)
    vendor_before = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1, max_value=_MOST_ID)


class ApplyForm(OffersQuery):
    """``POST corrections/``."""

    kind = serializers.ChoiceField(Correction.Kind.choices)
    documents = serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=_MOST_ID), min_length=1, max_length=MOST)


class OfferAnswer(serializers.Serializer[Any]):
    """One offer; ``page`` is the screen that shows and applies it."""

    kind = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()
    page = serializers.CharField()
    documents = serializers.ListField(child=serializers.DictField())


class OffersAnswer(serializers.Serializer[Any]):
    """Every offer of a record."""

    offers = OfferAnswer(many=True)


class AppliedAnswer(serializers.Serializer[Any]):
    """A correction that was carried over."""

    id = serializers.IntegerField()
    documents = serializers.IntegerField()


class UndoneAnswer(serializers.Serializer[Any]):
    """How many documents have their earlier pre-fill again; ``left`` were begun meanwhile."""

    restored = serializers.IntegerField()
    left = serializers.IntegerField()


class CorrectionsView(LabelingView):
    """``corrections/``."""

    @extend_schema(parameters=[OffersQuery], responses={200: OffersAnswer, 400: REFUSALS[400], 404: REFUSALS[404]}, tags=["corrections"])
    def get(self, request: Request) -> Response:
        """What a confirmed record offers to open documents with the same fault, each with what would change."""
        data = OffersQuery.checked(request.query_params.dict())
        found = offers_for(user=person(request), gold_id=data["gold"], vendor_before=data["vendor_before"])
        return Response({"offers": [_offer_json(offer, data["vendor_before"]) for offer in found]})

    @extend_schema(request=ApplyForm, responses={200: AppliedAnswer, 400: REFUSALS[400], 404: REFUSALS[404]}, tags=["corrections"])
    def post(self, request: Request) -> Response:
        """Carry a correction over to the documents chosen."""
        data = ApplyForm.checked(request.data)
        done = apply(
            user=person(request),
            gold_id=data["gold"],
            kind=data["kind"],
            documents=data["documents"],
            vendor_before=data["vendor_before"],
        )
        return Response({"id": done.pk, "documents": done.items.count()})


class CorrectionUndoView(LabelingView):
    """``corrections/{id}/undo/``."""

    @extend_schema(request=None, responses={200: UndoneAnswer, 404: REFUSALS[404]}, tags=["corrections"])
    def post(self, request: Request, correction_id: int) -> Response:
        """Take a correction back from every document that nobody has begun."""
        done = undo(user=person(request), correction_id=correction_id)
        return Response({"restored": done.restored, "left": done.left})


def _offer_json(offer: Offer, vendor_before: int | None) -> dict[str, Any]:
    page = f"{reverse('correction', args=[offer.gold.pk, offer.kind.value])}" + (f"?vendor_before={vendor_before}" if vendor_before else "")
    return {
        "kind": offer.kind.value,
        "before": offer.before,
        "after": offer.after,
        "page": page,
        "documents": [
            {
                "id": candidate.document.pk,
                "name": candidate.document.name,
                "changes": [{"path": change.path, "before": change.before, "after": change.after} for change in candidate.changes],
            }
            for candidate in offer.candidates
        ],
    }
