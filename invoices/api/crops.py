"""Crops of page pictures: a grid of values asks for one small picture each, not for whole pages."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.views import APIView

from invoices import blobs
from invoices.api.access import person
from invoices.api.problems import Problem
from invoices.audit.actions import Action
from invoices.audit.recording import Target, record_read
from invoices.crops import crop
from invoices.models import Page
from mlcore.documents import evidence_from_json
from mlcore.errors import DocumentError

_YEAR = 31_536_000
_BOX = OpenApiParameter("box", str, required=True, description="x0,y0,x1,y1 in shares of the page")
_VERSION = OpenApiParameter("v", str, description="the beginning of the picture's hash: the answer may then be kept for good")


class PageCropView(APIView):
    """``documents/{id}/pages/{n}/crop``."""

    @extend_schema(
        operation_id="documents_page_crop",
        tags=["documents"],
        parameters=[_BOX, _VERSION],
        responses={(200, "image/webp"): OpenApiTypes.BINARY, 400: Problem, 404: Problem},
    )
    def get(self, request: Request, document_id: int, number: int) -> HttpResponse:
        """A small grey picture of a place on the page, a few thousand bytes."""
        sides = request.query_params.get("box", "").split(",")
        try:
            place = evidence_from_json({"page": number, "box": sides})
        except DocumentError as error:
            raise ValidationError({"box": f"{','.join(sides)[:60]!r} is no place: {error}"}) from error
        page = get_object_or_404(Page.objects.only("image_sha256"), document=document_id, number=number)
        seen = Target("page", f"{document_id}/{number}", document=document_id)
        record_read(Action.PAGE_READ, actor=person(request), object=seen)
        cut = crop(blobs.load(page.image_sha256), place.box)
        response = HttpResponse(cut.data, content_type=cut.media_type)
        named = request.query_params.get("v", "")
        lasting = len(named) >= 8 and page.image_sha256.startswith(named)
        response["Cache-Control"] = f"private, max-age={_YEAR}, immutable" if lasting else "private, no-cache"
        response["X-Content-Type-Options"] = "nosniff"
        return response
