"""Endpoints of guidelines, and of what stands beside the fields of a task."""

from __future__ import annotations

from django.utils.decorators import method_decorator
from django.views.decorators.gzip import gzip_page
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from invoices.api.access import ReadOrSenior, person
from labeling.api import schemas
from labeling.api.adjudication_answers import guideline_json, guidelines_json, precedents_json
from labeling.api.adjudication_forms import GuidelineForm, ReadForm
from labeling.api.base import LabelingView
from labeling.guidelines.fields import FIELDS
from labeling.guidelines.writing import mark_read, write_guideline
from labeling.models import Guideline
from labeling.selectors.guidance import guidance
from labeling.selectors.guidelines import VERSIONS_SHOWN, newest_guidelines


class GuidelineListView(LabelingView):
    """``guidelines/``."""

    permission_classes = [ReadOrSenior]

    @extend_schema(
        operation_id="guidelines_list",
        parameters=[OpenApiParameter("field", str, description="the versions of this field's guideline, the newest first")],
        responses={200: schemas.Guideline(many=True)},
        tags=["guidelines"],
    )
    def get(self, request: Request) -> Response:
        """The guideline that counts of each field that has one; with ``field`` the newest versions of that one."""
        field = request.query_params.get("field")
        if field is None:
            return Response(list(guidelines_json(newest_guidelines()).values()))
        rows = Guideline.objects.filter(field=field if field in FIELDS else "").order_by("-version")[:VERSIONS_SHOWN]
        return Response([guideline_json(row) for row in rows])

    @extend_schema(request=GuidelineForm, responses={201: schemas.Guideline, **schemas.REFUSALS, 403: schemas.Problem}, tags=["guidelines"])
    def post(self, request: Request) -> Response:
        """Write the next version of a field's guideline; seniors and admins."""
        data = GuidelineForm.checked(request.data)
        written = write_guideline(user=person(request), **data)
        return Response(guideline_json(written), status=201)


class GuidelineReadView(LabelingView):
    """``guidelines/read/``."""

    @extend_schema(request=ReadForm, responses={204: None, 400: schemas.Problem}, tags=["guidelines"])
    def post(self, request: Request) -> Response:
        """This person has seen the guidelines up to the one with the id ``last``."""
        mark_read(user=person(request), last=ReadForm.checked(request.data)["last"])
        return Response(status=204)


@method_decorator(gzip_page, name="dispatch")
class GuidanceView(LabelingView):
    """``tasks/{id}/guidance/``."""

    @extend_schema(responses={200: schemas.Guidance, 404: schemas.Problem}, tags=["tasks"])
    def get(self, request: Request, task_id: int) -> Response:
        """Precedents and guidelines by field name; ``unread`` are the guidelines that changed since this person last looked."""
        found = guidance(person(request), task_id)
        return Response(
            {
                "precedents": precedents_json(found.precedents),
                "guidelines": guidelines_json(found.guidelines),
                "unread": [guideline_json(guideline) for guideline in found.unread],
            }
        )
