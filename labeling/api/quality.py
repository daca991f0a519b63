"""``quality/``: how well and how fast each person labels."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from invoices.api.access import person
from invoices.audit.actions import Action
from invoices.audit.recording import Target, record, record_read
from invoices.models import Role
from labeling.api import quality_forms as forms
from labeling.api import schemas
from labeling.api.base import LabelingView
from labeling.guidelines.fields import FIELDS
from labeling.selectors.quality import person_quality, person_seen_by
from labeling.selectors.quality_export import csv_lines
from labeling.selectors.quality_mistakes import mistakes_of
from labeling.selectors.quality_people import ANCHORING_PAGE, PAGE_SIZE, anchoring_by_person, people_quality
from labeling.selectors.quality_rows import DEFAULT_WINDOW, WINDOWS, Window

MAX_PAGE = 100
_WINDOW = OpenApiParameter(
    "window", str, enum=list(WINDOWS), description=f"months that count, this one included; {DEFAULT_WINDOW} by default"
)


class SeesPeople(BasePermission):
    """Seniors and admins."""

    message = "The quality of other people is for seniors and admins. Yours is at quality/me/."

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether the person's role is at least senior."""
        return person(request).has_role(Role.SENIOR)


class WindowQuery(serializers.Serializer[Any]):
    """Which months."""

    window = serializers.ChoiceField(list(WINDOWS), default=DEFAULT_WINDOW)


class PlaceQuery(serializers.Serializer[Any]):
    """A place."""

    cursor = serializers.CharField(default="", allow_blank=True, max_length=2000)


class PageQuery(PlaceQuery):
    """A place, and how much of it."""

    page_size = serializers.IntegerField(required=False, min_value=1, max_value=MAX_PAGE)


class PeopleQuery(WindowQuery, PageQuery):
    """Which months, and a place."""


class AnchoringQuery(PageQuery):
    """For which field the people are listed."""

    field = serializers.ChoiceField(["", *FIELDS], default="", allow_blank=True)


class MistakesQuery(PlaceQuery):
    """Of which field."""

    field = serializers.ChoiceField(["", *FIELDS], default="", allow_blank=True)


def asked(form: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """The checked query. Raises DRF's ``ValidationError``."""
    checked = form(data=request.query_params)
    checked.is_valid(raise_exception=True)
    return dict(checked.validated_data)


class QualityListView(LabelingView):
    """``quality/``."""

    permission_classes = [IsAuthenticated, SeesPeople]

    @extend_schema(
        operation_id="quality_list",
        tags=["quality"],
        parameters=[PeopleQuery],
        responses={200: forms.QualityList, 400: schemas.Problem, 403: schemas.Problem},
    )
    def get(self, request: Request) -> Response:
        """Everybody in short, in the order of user names: numbers with intervals are no ranking."""
        wanted = asked(PeopleQuery, request)
        record_read(Action.QUALITY_READ, actor=person(request), object=Target("quality"))
        size = wanted.get("page_size", PAGE_SIZE)
        page = people_quality(person(request), Window.named(wanted["window"]), wanted["cursor"], size=size)
        return Response({"next": page.next or None, "previous": page.previous or None, "results": [row.to_json() for row in page.rows]})


class MyQualityView(LabelingView):
    """``quality/me/``."""

    @extend_schema(operation_id="quality_me", tags=["quality"], parameters=[_WINDOW], responses={200: forms.Quality, 400: schemas.Problem})
    def get(self, request: Request) -> Response:
        """Your own numbers. Which documents were tests and which values were made wrong on purpose is not told."""
        window = Window.named(asked(WindowQuery, request)["window"])
        return Response(person_quality(person(request), window, viewer=person(request), own=True).to_json())


class MyMistakesView(LabelingView):
    """``quality/me/mistakes/``."""

    @extend_schema(
        operation_id="quality_my_mistakes",
        tags=["quality"],
        parameters=[MistakesQuery],
        responses={200: forms.Mistakes, 400: schemas.Problem},
    )
    def get(self, request: Request) -> Response:
        """Settled documents in which you had another value, the newest label first."""
        wanted = asked(MistakesQuery, request)
        page = mistakes_of(person(request), wanted["field"], wanted["cursor"])
        for one in page.labels:
            record_read(Action.DOCUMENT_RECORD_READ, actor=person(request), object=Target("document", one.document.pk))
        results = [
            {"document": one.document.pk, "file": one.document.name, "mistakes": [m.to_json() for m in one.mistakes]} for one in page.labels
        ]
        return Response({"next": page.next or None, "previous": page.previous or None, "results": results})


class PersonQualityView(LabelingView):
    """``quality/{user_id}/``."""

    @extend_schema(
        operation_id="quality_person",
        tags=["quality"],
        parameters=[_WINDOW],
        responses={200: forms.Quality, 400: schemas.Problem, 404: schemas.Problem},
    )
    def get(self, request: Request, user_id: int) -> Response:
        """One person's numbers: for seniors and admins with their sources; for whoever asks for themselves as ``me/``."""
        window = Window.named(asked(WindowQuery, request)["window"])
        viewer = person(request)
        found = person_seen_by(viewer, user_id)
        own = not viewer.has_role(Role.SENIOR)
        if not own:
            record_read(Action.QUALITY_READ, actor=viewer, object=Target("person", user_id))
        return Response(person_quality(found, window, viewer=viewer, own=own).to_json())


class AnchoringView(LabelingView):
    """``quality/anchoring/``."""

    permission_classes = [IsAuthenticated, SeesPeople]

    @extend_schema(
        operation_id="quality_anchoring",
        tags=["quality"],
        parameters=[AnchoringQuery],
        responses={200: forms.AnchoringAnswer, 400: schemas.Problem, 403: schemas.Problem},
    )
    def get(self, request: Request) -> Response:
        """The anchoring meter of all time: everybody together by field, and by person for one field (left out: all)."""
        wanted = asked(AnchoringQuery, request)
        record_read(Action.QUALITY_READ, actor=person(request), object=Target("anchoring"))
        page = anchoring_by_person(wanted["field"], wanted["cursor"], size=wanted.get("page_size", ANCHORING_PAGE))
        everybody = {name: meter.to_json() for name, meter in page.everybody.items()}
        results = [row.to_json() for row in page.rows]
        return Response({"everybody": everybody, "next": page.next or None, "previous": page.previous or None, "results": results})


class QualityExportView(LabelingView):
    """``quality/export/``."""

    permission_classes = [IsAuthenticated, SeesPeople]

    @extend_schema(
        operation_id="quality_export",
        tags=["quality"],
        parameters=[_WINDOW],
        responses={(200, "text/csv"): OpenApiResponse(OpenApiTypes.STR), 400: schemas.Problem, 403: schemas.Problem},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Every number of everybody as CSV, one in a row, streamed. Exporting is recorded."""
        window = Window.named(asked(WindowQuery, request)["window"])
        record(Action.QUALITY_EXPORTED, actor=person(request), object=Target("quality"), after={"format": "csv", "window": window.name})
        headers = {"Content-Disposition": 'attachment; filename="quality.csv"', "Cache-Control": "no-store"}
        return StreamingHttpResponse(csv_lines(person(request), window), content_type="text/csv; charset=utf-8", headers=headers)
