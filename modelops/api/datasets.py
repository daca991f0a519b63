"""Data set versions: list, one, lineage, difference, export, and asking for a new one."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from invoices.api.access import person
from invoices.api.problems import Problem
from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from labeling.api.answers import instant
from modelops.api import dataset_forms as forms
from modelops.api.base import ModelopsView
from modelops.datasets.collecting import collect, day_before, version_numbered
from modelops.datasets.export import PARTS, export
from modelops.errors import NotFound, RequestInvalid
from modelops.models import DatasetItem, DatasetVersion, ModelVersion, Side, TrainingRun
from modelops.selectors.dataset_diff import KINDS, dataset_diff
from modelops.selectors.datasets import dataset_list, lineage, version_before

_REFUSALS = {400: Problem, 403: Problem, 404: Problem, 409: Problem}
_CURSOR = OpenApiParameter("cursor", str)


class DatasetVersionsView(ModelopsView):
    """``dataset-versions/``."""

    @extend_schema(
        operation_id="dataset_versions_list",
        parameters=[_CURSOR],
        responses={200: forms.DatasetPageAnswer, 403: Problem},
        tags=["datasets"],
    )
    def get(self, request: Request) -> Response:
        """Versions, newest first."""
        page = dataset_list(request.query_params.get("cursor", ""))
        results = [dataset_json(version) for version in page.rows]
        return Response({"next": page.next or None, "previous": page.previous or None, "results": results})

    @extend_schema(request=forms.DatasetForm, responses={201: forms.DatasetAnswer, **_REFUSALS}, tags=["datasets"])
    def post(self, request: Request) -> Response:
        """Have a version put together; it is ``collecting`` until a worker has frozen it."""
        form = forms.DatasetForm.checked(request.data)
        since, days = form.get("since"), form.get("last_days")
        if since and days:
            raise RequestInvalid("since_twice", "Send a day (since) or a number of days (last_days), not both.")
        parent = form.get("parent")
        version = collect(
            by=person(request),
            since=day_before(days) if days is not None else since,
            parent=version_numbered(parent) if parent else None,
            merged=[version_numbered(number) for number in form.get("merge", [])],
            synthetic=form.get("synthetic"),
            note=form["note"],
        )
        return Response(dataset_json(version), status=status.HTTP_201_CREATED)


class DatasetVersionView(ModelopsView):
    """``dataset-versions/{number}/``."""

    @extend_schema(responses={200: forms.DatasetDetail, 403: Problem, 404: Problem}, tags=["datasets"])
    def get(self, request: Request, number: int) -> Response:
        """One version: counts by side, type and vendor, what was left out and why, and what used it."""
        version = _numbered(number)
        used = {
            "runs": list(TrainingRun.objects.filter(dataset=version).order_by("pk").values_list("pk", flat=True)),
            "models": list(ModelVersion.objects.filter(dataset=version).order_by("number").values_list("number", flat=True)),
        }
        return Response({**dataset_json(version), "counts": version.counts, "plan": version.plan, **used})


class DatasetLineageView(ModelopsView):
    """``dataset-versions/{number}/lineage/``."""

    @extend_schema(
        parameters=[OpenApiParameter("side", str, enum=Side.values), _CURSOR],
        responses={200: forms.LineagePage, 400: Problem, 403: Problem, 404: Problem},
        tags=["datasets"],
    )
    def get(self, request: Request, number: int) -> Response:
        """The gold records of a side (training by default), in order."""
        side = request.query_params.get("side", Side.TRAIN.value)
        if side not in Side.values:
            raise RequestInvalid("side_unknown", f"{side[:40]!r} is no side; choose one of {', '.join(Side.values)}.")
        page = lineage(_numbered(number), side, request.query_params.get("cursor", ""))
        return Response({"next": page.next or None, "previous": page.previous or None, "results": [item_json(row) for row in page.rows]})


class DatasetDiffView(ModelopsView):
    """``dataset-versions/{number}/diff/``."""

    @extend_schema(
        parameters=[OpenApiParameter("against", int), OpenApiParameter("kind", str, enum=list(KINDS)), _CURSOR],
        responses={200: forms.DatasetDiffAnswer, 400: Problem, 403: Problem, 404: Problem},
        tags=["datasets"],
    )
    def get(self, request: Request, number: int) -> Response:
        """What a version has that another one has not, and the other way round; by default against the one before."""
        version, kind = _numbered(number), request.query_params.get("kind", "")
        if kind and kind not in KINDS:
            raise RequestInvalid("kind_unknown", f"{kind[:40]!r} is no kind of difference; choose one of {', '.join(KINDS)}.")
        found = dataset_diff(
            version, against_of(version, request.query_params.get("against", "")), kind, request.query_params.get("cursor", "")
        )
        page = found.page
        told = {"number": version.number, "against": found.against.number, "kind": found.kind, "counts": found.counts}
        return Response(
            {**told, "next": page.next or None, "previous": page.previous or None, "results": [item_json(row) for row in page.rows]}
        )


class DatasetExportView(ModelopsView):
    """``dataset-versions/{number}/export/``."""

    @extend_schema(
        parameters=[OpenApiParameter("part", str, enum=list(PARTS), description="lineage (default): CSV; dataset: dataset.json; a split")],
        responses={
            (200, "application/x-ndjson"): OpenApiResponse(OpenApiTypes.STR),
            (200, "text/csv"): OpenApiResponse(OpenApiTypes.STR),
            (200, "application/json"): OpenApiResponse(OpenApiTypes.STR),
            **_REFUSALS,
        },
        tags=["datasets"],
    )
    def get(self, request: Request, number: int) -> HttpResponseBase:
        """A part of a version, streamed."""
        version, part = _numbered(number), request.query_params.get("part", "lineage")
        return exported(request, version, part)


def exported(request: Any, version: DatasetVersion, part: str) -> StreamingHttpResponse:
    """The stream of a part, with its entry in the trail."""
    media_type, name, lines = export(version, part)
    record(Action.DATASET_EXPORTED, actor=person(request), object=Target("dataset", version.pk), after={"part": part})
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingHttpResponse(lines(), content_type=media_type, headers=headers)


def against_of(version: DatasetVersion, text: str) -> DatasetVersion:
    """The version that one is compared with. Raises ``RequestInvalid`` (``against_invalid``) and ``NotFound``."""
    if text:
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise RequestInvalid("against_invalid", f"{text[:20]!r} is no number of a data set.")
        return version_numbered(int(text))
    before = version_before(version)
    if before is None:
        raise NotFound("dataset_not_found", f"There is no data set before {version.number} to compare it with.")
    return before


def _numbered(number: int) -> DatasetVersion:
    version_numbered(number)
    return DatasetVersion.objects.select_related("parent", "same_as", "created_by").get(number=number)


def dataset_json(version: DatasetVersion) -> dict[str, Any]:
    """One version as it is answered."""
    return {
        "number": version.number,
        "state": version.state,
        "parent": version.parent.number if version.parent else None,
        "same_as": version.same_as.number if version.same_as else None,
        "since": version.since.isoformat() if version.since else None,
        "documents": version.documents,
        "validation_documents": version.validation_documents,
        "test_documents": version.test_documents,
        "removed_documents": version.removed_documents,
        "left_out": version.left_out,
        "data_hash": version.data_hash,
        "note": version.note,
        "error": version.error,
        "created_by": version.created_by.username if version.created_by else None,
        "created_at": instant(version.created_at),
        "frozen_at": instant(version.frozen_at),
    }


def item_json(item: DatasetItem) -> dict[str, Any]:
    """One gold record of a version as it is answered."""
    return {
        "gold": item.gold_id,
        "document": item.gold.document_id,
        "name": item.gold.document.name,
        "vendor": item.vendor_id,
        "side": item.side,
        "layout": item.layout,
        "weight": item.weight,
        "reason": item.reason,
        "superseded": not item.gold.is_current,
        "removed_at": instant(item.removed_at),
    }
