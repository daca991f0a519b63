"""Endpoints of rulings: the list, ruling differences that are alike together, taking a ruling back."""

from __future__ import annotations

from typing import Any

from django.utils.decorators import method_decorator
from django.views.decorators.gzip import gzip_page
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from invoices.api.access import person
from invoices.selectors.keyset import Ordering, read_cursor, slice_of
from labeling.adjudication.grouping import preview, rule_together, undo_ruling
from labeling.api import schemas
from labeling.api.adjudication_answers import preview_json, ruled_json, ruling_json
from labeling.api.adjudication_forms import GroupForm, NumberedDecision, decision_of
from labeling.api.adjudications import MAX_PAGE, AdjudicationPage, AdjudicationView
from labeling.models import Ruling
from labeling.selectors.group_preview import shown_proposals


class RulingQuery(serializers.Serializer[Any]):
    """What may be asked; anything else in the address is ignored."""

    vendor = serializers.IntegerField(required=False, min_value=1, max_value=2**53)
    field = serializers.CharField(required=False, max_length=80, help_text="name without an index: line_items.total")
    undone = serializers.BooleanField(default=False, help_text="also those that were taken back")
    cursor = serializers.CharField(default="", max_length=2000)
    page_size = serializers.IntegerField(default=30, min_value=1, max_value=MAX_PAGE)


class RulingListView(AdjudicationView):
    """``rulings/``."""

    @extend_schema(
        operation_id="rulings_list",
        parameters=[RulingQuery],
        responses={200: AdjudicationPage, 400: schemas.Problem, 403: schemas.Problem},
        tags=["rulings"],
    )
    def get(self, request: Request) -> Response:
        """Rulings, the newest first."""
        form = RulingQuery(data=request.query_params)
        form.is_valid(raise_exception=True)
        data = form.validated_data
        rows = Ruling.objects.select_related("author")
        rows = rows.filter(**{name: data[name] for name in ("vendor", "field") if name in data})
        rows = rows if data["undone"] else rows.filter(undone_at=None)
        page = slice_of(rows, Ordering("pk", descending=True), read_cursor(data["cursor"]), data["page_size"])
        results = [ruling_json(ruling) for ruling in page.rows]
        return Response({"next": page.next or None, "previous": page.previous or None, "results": results})

    @extend_schema(request=GroupForm, responses={200: schemas.Ruled, **schemas.REFUSALS, 403: schemas.Problem}, tags=["rulings"])
    def post(self, request: Request) -> Response:
        """Settle the difference in hand and others by one ruling; documents that this completes are resolved."""
        data = GroupForm.checked(request.data)
        others = [(other["difference"], other["value"]) for other in data["others"]]
        ruled = rule_together(user=person(request), difference_id=data["difference"], decision=decision_of(data), others=others)
        return Response(ruled_json(ruled))


@method_decorator(gzip_page, name="dispatch")
class RulingPreviewView(AdjudicationView):
    """``rulings/preview/``."""

    @extend_schema(
        request=NumberedDecision, responses={200: schemas.RulingPreview, **schemas.REFUSALS, 403: schemas.Problem}, tags=["rulings"]
    )
    def post(self, request: Request) -> Response:
        """What a ruling about this difference would write into others of the same cause, field and vendor."""
        data = NumberedDecision.checked(request.data)
        found = preview(user=person(request), difference_id=data["difference"], decision=decision_of(data))
        return Response(preview_json(found, *shown_proposals(found)))


class RulingUndoView(AdjudicationView):
    """``rulings/{id}/undo/``."""

    @extend_schema(request=None, responses={200: schemas.Undone, **schemas.REFUSALS, 403: schemas.Problem}, tags=["rulings"])
    def post(self, request: Request, ruling_id: int) -> Response:
        """Take the ruling back with every difference that it settled, and open again what it completed."""
        return Response({"differences": list(undo_ruling(user=person(request), ruling_id=ruling_id))})
