"""Agreement for seniors and admins: figures of stored sums, the documents behind them, and both as CSV."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from invoices.api.access import person
from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from labeling.agreement.export import csv_lines
from labeling.agreement.method import TARGET, method
from labeling.agreement.slices import Kind
from labeling.api import agreement_shapes as shapes
from labeling.api import schemas
from labeling.api.answers import instant
from labeling.api.base import LabelingView
from labeling.api.gold import IsSenior
from labeling.models import AgreementTally
from labeling.selectors.agreement import Overview, Part, overview, prefill_parts
from labeling.selectors.agreement_documents import PairRow, pair_page
from labeling.selectors.agreement_lists import listed
from mlcore.agreement.figures import FLOOR

_TREND = ("exact", "critical", "values")
_LISTS = {"vendor": Kind.VENDOR, "pair": Kind.PAIR, "month": Kind.MONTH}


class SeesAgreement(IsSenior):
    """Seniors and admins."""

    message = "Agreement is for seniors and admins; your own quality is on your own page."


class AgreementView(LabelingView):
    """``agreement/``."""

    permission_classes = [IsAuthenticated, SeesAgreement]

    @extend_schema(
        operation_id="agreement",
        parameters=[shapes.AgreementQuery],
        responses={200: shapes.AgreementAnswer, 400: schemas.Problem, 403: schemas.Problem, 409: schemas.Problem},
        tags=["agreement"],
    )
    def get(self, request: Request) -> Response:
        """Agreement of blind pairs: all, or one scope; with ``by`` its parts. Documents that are still blind count nowhere."""
        form = shapes.AgreementQuery(data=request.query_params)
        form.is_valid(raise_exception=True)
        by = form.validated_data.get("by")
        found = overview(form.scope)
        return Response({**_head(found), **(_parts(found, by, form.validated_data) if by else _figures(found))})


class AgreementDocumentsView(LabelingView):
    """``agreement/documents/``."""

    permission_classes = [IsAuthenticated, SeesAgreement]

    @extend_schema(
        operation_id="agreement_documents",
        parameters=[shapes.PairQuery],
        responses={200: shapes.PairPageAnswer, 400: schemas.Problem, 403: schemas.Problem},
        tags=["agreement"],
    )
    def get(self, request: Request) -> Response:
        """The documents behind a number, newest first: of everything that is asked for at once."""
        form = shapes.PairQuery(data=request.query_params)
        form.is_valid(raise_exception=True)
        page = pair_page(form.wanted, form.validated_data["page_size"])
        return Response({"next": page.next or None, "previous": page.previous or None, "results": [_pair(row) for row in page.rows]})


class AgreementExportView(LabelingView):
    """``agreement/export/``."""

    permission_classes = [IsAuthenticated, SeesAgreement]

    @extend_schema(
        operation_id="agreement_export",
        parameters=[shapes.ExportQuery],
        responses={
            (200, "text/csv"): OpenApiResponse(OpenApiTypes.STR),
            400: schemas.Problem,
            403: schemas.Problem,
            409: schemas.Problem,
        },
        tags=["agreement"],
    )
    def get(self, request: Request) -> HttpResponseBase:
        """One table as CSV, streamed. Exporting is recorded."""
        form = shapes.ExportQuery(data=request.query_params)
        form.is_valid(raise_exception=True)
        table, wanted = form.validated_data["table"], form.wanted
        lines = csv_lines(table, wanted)
        record(Action.AGREEMENT_EXPORTED, actor=person(request), object=Target("agreement"), after={"table": table, **wanted.to_json()})
        headers = {"Content-Disposition": f'attachment; filename="agreement-{table}.csv"', "Cache-Control": "no-store"}
        return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


def _head(found: Overview) -> dict[str, Any]:
    return {
        "method": method(two_people=found.two_people),
        "floor": FLOOR,
        "target": str(TARGET),
        "counted": found.counted,
        "waiting": found.newer.left,
        "scope": found.scope.to_json(),
    }


def _figures(found: Overview) -> dict[str, Any]:
    return {
        "all": found.readable().to_json(),
        "prefill": {part.key: {"documents": part.documents, **part.figures} for part in prefill_parts()},
        "months": [_month(part) for part in found.months],
    }


def _month(part: Part) -> dict[str, Any]:
    return {"month": part.key, "documents": part.documents, **{name: part.figures[name] for name in _TREND}}


def _parts(found: Overview, by: str, asked: dict[str, Any]) -> dict[str, Any]:
    """A page of parts. Fields and classes of pre-fill are few, and one page."""
    if by == "field":
        return {"by": by, "next": None, "previous": None, "results": found.readable().to_json()["fields"]}
    if by == "prefill":
        results = [{"prefill": part.key, "documents": part.documents, "figures": part.figures} for part in prefill_parts()]
        return {"by": by, "next": None, "previous": None, "results": results}
    page = listed(_LISTS[by], cursor=asked["cursor"], size=asked["page_size"])
    return {"by": by, "next": page.next or None, "previous": page.previous or None, "results": [_part(row) for row in page.rows]}


def _part(row: AgreementTally) -> dict[str, Any]:
    return {**_named(row), "documents": row.documents, "figures": row.figures}


def _named(row: AgreementTally) -> dict[str, Any]:
    """What a slice is of."""
    if row.kind == Kind.MONTH:
        return {"month": row.key}
    if row.kind == Kind.VENDOR:
        vendor = row.vendor
        merged = vendor.merged_into if vendor else None
        return {"vendor": {"id": int(row.key), "name": vendor.name if vendor else None, "merged_into": merged.pk if merged else None}}
    people = ({"id": user.pk, "username": user.username} for user in (row.one, row.other) if user)
    return {"pair": row.key, "labelers": list(people)}


def _pair(row: PairRow) -> dict[str, Any]:
    pair = row.agreement
    return {
        "document": {"id": pair.document_id, "name": pair.document.name},
        "vendor": {"id": pair.vendor.pk, "name": pair.vendor.name} if pair.vendor else None,
        "labelers": [{"id": user.pk, "username": user.username} for user in row.people],
        "pair": pair.pair,
        "prefill": pair.prefill,
        "compared_at": instant(pair.compared_at),
        "exact": pair.exact,
        "critical": pair.critical,
        "differences": pair.differences,
        "fields": list(row.names),
        "adjudication": row.adjudication,
    }
