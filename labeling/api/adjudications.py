"""Endpoints of adjudications: the list, one of them, resolving and opening again; settling its differences."""

from __future__ import annotations

from typing import Any

from django.utils.decorators import method_decorator
from django.views.decorators.gzip import gzip_page
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from invoices.api.access import person
from invoices.audit.actions import Action
from invoices.audit.recording import Target, record_read
from labeling.adjudication.grouping import reopen
from labeling.adjudication.resolving import resolve
from labeling.adjudication.settling import correct_cause, settle, take_back
from labeling.api import schemas
from labeling.api.adjudication_answers import case_json, difference_json, row_json
from labeling.api.adjudication_forms import CauseForm, DecisionForm, ResolveForm
from labeling.api.base import LabelingView
from labeling.api.gold import IsSenior
from labeling.models import DifferenceCause
from labeling.selectors.adjudication_case import adjudication_case
from labeling.selectors.adjudications import DEFAULT_ORDERINGS, ORDERINGS, TABS, AdjudicationFilter, adjudication_list

MAX_PAGE = 200
_CHOICES = [sign + name for name in ORDERINGS for sign in ("", "-")]


class Adjudicates(IsSenior):
    """Seniors and admins."""

    message = "Adjudications need the role of a senior or an admin."


class AdjudicationView(LabelingView):
    """What all of these endpoints share: who may use them."""

    permission_classes = [IsAuthenticated, Adjudicates]


class AdjudicationQuery(serializers.Serializer[Any]):
    """What may be asked; anything else in the address is ignored."""

    state = serializers.ChoiceField(list(TABS.items()), default="open")
    vendor = serializers.IntegerField(required=False, min_value=1, max_value=2**53)
    cause = serializers.ChoiceField(DifferenceCause.choices, required=False)
    field = serializers.CharField(required=False, max_length=80, help_text="name without an index: line_items.total")
    search = serializers.CharField(required=False, max_length=100, help_text="part of the document's or vendor's name")
    ordering = serializers.ChoiceField(_CHOICES, required=False)
    cursor = serializers.CharField(default="", max_length=2000)
    page_size = serializers.IntegerField(default=30, min_value=1, max_value=MAX_PAGE)

    def wanted(self) -> AdjudicationFilter:
        """The filters as the selector takes them."""
        data = self.validated_data
        return AdjudicationFilter(
            tab=data["state"],
            vendor=data.get("vendor"),
            cause=data.get("cause", ""),
            field=data.get("field", ""),
            text=data.get("search", ""),
            sort=data.get("ordering", DEFAULT_ORDERINGS[data["state"]]),
            cursor=data["cursor"],
        )


class AdjudicationPage(serializers.Serializer[Any]):
    """One page; ``next`` and ``previous`` are cursors."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = serializers.ListField(child=serializers.DictField(child=serializers.JSONField(allow_null=True)))


class AdjudicationListView(AdjudicationView):
    """``adjudications/``."""

    @extend_schema(
        operation_id="adjudications_list",
        parameters=[AdjudicationQuery],
        responses={200: AdjudicationPage, 400: schemas.Problem, 403: schemas.Problem},
        tags=["adjudications"],
    )
    def get(self, request: Request) -> Response:
        """Open adjudications, the oldest first; with ``state=resolved`` those that were resolved, the newest first."""
        form = AdjudicationQuery(data=request.query_params)
        form.is_valid(raise_exception=True)
        listed = adjudication_list(person(request), form.wanted(), form.validated_data["page_size"])
        rows = [row_json(row) for row in listed.rows]
        return Response({"next": listed.next or None, "previous": listed.previous or None, "results": rows})


@method_decorator(gzip_page, name="dispatch")
class AdjudicationDetailView(AdjudicationView):
    """``adjudications/{id}/``."""

    @extend_schema(responses={200: schemas.Adjudication, **schemas.REFUSALS, 403: schemas.Problem}, tags=["adjudications"])
    def get(self, request: Request, adjudication_id: int) -> Response:
        """Both labels and the machine's values; A and B say nothing about who labeled first, and nobody is named until it is resolved."""
        user = person(request)
        case = adjudication_case(user, adjudication_id)
        document = case.adjudication.document_id
        record_read(Action.DOCUMENT_RECORD_READ, actor=user, object=Target("adjudication", adjudication_id, document=document))
        return Response(case_json(case, user))


class ResolveView(AdjudicationView):
    """``adjudications/{id}/resolve/``."""

    @extend_schema(request=ResolveForm, responses={200: schemas.Resolved, **schemas.REFUSALS, 403: schemas.Problem}, tags=["adjudications"])
    def post(self, request: Request, adjudication_id: int) -> Response:
        """Write the gold record once every difference is settled; ``decisions`` settles what is left in the same step."""
        decisions = ResolveForm.decisions_of(request.data)
        gold = resolve(user=person(request), adjudication_id=adjudication_id, decisions=decisions)
        return Response({"gold": gold.pk, "document": gold.document_id, "document_status": "gold"})


class ReopenView(AdjudicationView):
    """``adjudications/{id}/reopen/``."""

    @extend_schema(request=None, responses={204: None, **schemas.REFUSALS, 403: schemas.Problem}, tags=["adjudications"])
    def post(self, request: Request, adjudication_id: int) -> Response:
        """Take a resolution back; refused once a newer gold record stands on it."""
        reopen(user=person(request), adjudication_id=adjudication_id)
        return Response(status=204)


class DifferenceView(AdjudicationView):
    """``differences/{id}/``."""

    @extend_schema(request=CauseForm, responses={200: schemas.Difference, **schemas.REFUSALS, 403: schemas.Problem}, tags=["adjudications"])
    def patch(self, request: Request, difference_id: int) -> Response:
        """Correct the cause."""
        cause = DifferenceCause(CauseForm.checked(request.data)["cause"])
        return Response(difference_json(correct_cause(user=person(request), difference_id=difference_id, cause=cause)))


class SettleView(AdjudicationView):
    """``differences/{id}/settle/``."""

    @extend_schema(
        request=DecisionForm, responses={200: schemas.Difference, **schemas.REFUSALS, 403: schemas.Problem}, tags=["adjudications"]
    )
    def post(self, request: Request, difference_id: int) -> Response:
        """Settle one difference of an adjudication that this person holds; again: anew."""
        decision = DecisionForm.decision(request.data)
        return Response(difference_json(settle(user=person(request), difference_id=difference_id, decision=decision)))


class UndoView(AdjudicationView):
    """``differences/{id}/undo/``."""

    @extend_schema(request=None, responses={200: schemas.Difference, **schemas.REFUSALS, 403: schemas.Problem}, tags=["adjudications"])
    def post(self, request: Request, difference_id: int) -> Response:
        """Open a settled difference again."""
        return Response(difference_json(take_back(user=person(request), difference_id=difference_id)))
