"""On which side each vendor is."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from invoices.api.access import person
from invoices.api.problems import Problem
from modelops.api import dataset_forms as forms
from modelops.api.base import ModelopsView
from modelops.datasets.sides import assign_side
from modelops.selectors.vendor_sides import TABS, SideRow, side_list, side_row


class VendorSidesView(ModelopsView):
    """``vendor-sides/``."""

    @extend_schema(
        parameters=[OpenApiParameter("side", str, enum=list(TABS)), OpenApiParameter("q", str), OpenApiParameter("cursor", str)],
        responses={200: forms.SidePage, 403: Problem},
        tags=["datasets"],
    )
    def get(self, request: Request) -> Response:
        """Vendors of one side by name; ``none``: those with confirmed documents that have no side yet."""
        found = side_list(request.query_params.dict())
        results = [side_json(row) for row in found.rows]
        return Response({"next": found.next or None, "previous": found.previous or None, "counts": found.counts, "results": results})

    @extend_schema(
        request=forms.SideForm,
        responses={200: forms.SideAnswer, 400: Problem, 403: Problem, 404: Problem, 409: Problem},
        tags=["datasets"],
    )
    def post(self, request: Request) -> Response:
        """Put a vendor, and those that belong together with it, on a side, while no data set holds a document on another one."""
        form = forms.SideForm.checked(request.data)
        side = assign_side(by=person(request), vendor_id=form["vendor"], side=form["side"], reason=form["reason"])
        return Response(side_json(side_row(side.vendor)))


def side_json(row: SideRow) -> dict[str, Any]:
    """A vendor with its side as it is answered."""
    side = row.side
    return {
        "vendor": row.vendor.pk,
        "name": row.vendor.name,
        "merged_into": row.vendor.merged_into_id,
        "side": side.side if side else None,
        "group": side.group if side else "",
        "reason": side.reason if side else "",
        "assigned_by": side.assigned_by.username if side and side.assigned_by else None,
        "gold_records": row.golds,
        "fixed": row.fixed,
    }
