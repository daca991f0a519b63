"""Gold records: of one document, and all of them as a stream."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from invoices.api.access import person
from invoices.audit.actions import Action
from invoices.audit.recording import Target, record, record_read
from invoices.models import Role
from invoices.veils import is_veiled
from labeling.api import schemas
from labeling.api.answers import instant
from labeling.api.base import LabelingView
from labeling.errors import GoldNotFound, RequestInvalid
from labeling.export import csv_lines, example_lines, jsonl_lines
from labeling.gold_lookup import current_gold, export_rows

_FORMATS = {
    "jsonl": (jsonl_lines, "application/x-ndjson", "gold.jsonl"),
    "examples": (example_lines, "application/x-ndjson", "examples.jsonl"),
    "csv": (csv_lines, "text/csv; charset=utf-8", "gold.csv"),
}
_DESCRIPTION = "jsonl (default), examples (with the words of each document, to build a dataset from) or csv (one row per line item)"


class IsSenior(BasePermission):
    """Seniors and admins."""

    message = "Exporting gold records needs the role of a senior or an admin."

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether the person's role is at least senior."""
        return person(request).has_role(Role.SENIOR)


class DocumentGoldView(LabelingView):
    """``documents/{id}/gold/``."""

    @extend_schema(responses={200: schemas.Gold, 404: schemas.Problem}, tags=["gold"])
    def get(self, request: Request, document_id: int) -> Response:
        """The gold record that counts, with provenance per field."""
        gold = None if is_veiled(person(request), document_id) else current_gold(document_id)
        if gold is None:
            raise GoldNotFound(f"Document {document_id} has no gold record; it has not been confirmed yet.")
        record_read(Action.DOCUMENT_RECORD_READ, actor=person(request), object=Target("document", document_id))
        body: dict[str, Any] = {
            "id": gold.pk,
            "document": gold.document_id,
            "vendor": {"id": gold.vendor.pk, "name": gold.vendor.name} if gold.vendor else None,
            "record": gold.record,
            "evidence": gold.evidence,
            "provenance": gold.provenance,
            "created_at": instant(gold.created_at),
        }
        return Response(body)


class GoldExportView(LabelingView):
    """``gold/export/``."""

    permission_classes = [IsAuthenticated, IsSenior]

    @extend_schema(
        parameters=[OpenApiParameter("format", str, enum=list(_FORMATS), description=_DESCRIPTION)],
        responses={
            (200, "application/x-ndjson"): OpenApiResponse(OpenApiTypes.STR),
            (200, "text/csv"): OpenApiResponse(OpenApiTypes.STR),
            400: schemas.Problem,
            403: schemas.Problem,
        },
        tags=["gold"],
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Every current gold record, streamed."""
        name = request.query_params.get("format", "jsonl")
        if name not in _FORMATS:
            raise RequestInvalid("format_unknown", f"{name[:40]!r} is no export format; choose one of {', '.join(_FORMATS)}.")
        lines, media_type, file_name = _FORMATS[name]
        record(Action.GOLD_EXPORTED, actor=person(request), object=Target("gold"), after={"format": name, "records": export_rows().count()})
        headers = {"Content-Disposition": f'attachment; filename="{file_name}"', "Cache-Control": "no-store"}
        return StreamingHttpResponse(lines(), content_type=media_type, headers=headers)
