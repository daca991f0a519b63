"""Bytes of documents: page pictures and the file as it came in. For people who are signed in, cached privately."""

from __future__ import annotations

import os
from typing import cast

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.views import APIView

from invoices import blobs
from invoices.api.access import person
from invoices.api.problems import Problem
from invoices.audit.actions import Action
from invoices.audit.recording import Target, record, record_read
from invoices.models import Document, Page

_YEAR = 31_536_000
_IMAGE_TYPE = "image/webp"


class PageImageView(APIView):
    """``documents/{id}/pages/{n}/image``."""

    @extend_schema(
        operation_id="documents_page_image",
        tags=["documents"],
        parameters=[OpenApiParameter("v", str, description="the beginning of the picture's hash: the answer may then be kept for good")],
        responses={(200, _IMAGE_TYPE): OpenApiTypes.BINARY, 304: None, 404: Problem},
    )
    def get(self, request: Request, document_id: int, number: int) -> HttpResponse:
        """The upright picture of one page. Every box of the document refers to it."""
        page = get_object_or_404(Page.objects.only("image_sha256"), document=document_id, number=number)
        seen = Target("page", f"{document_id}/{number}", document=document_id)
        record_read(Action.PAGE_READ, actor=person(request), object=seen)
        tag = f'"{page.image_sha256}"'
        if tag in (request.META.get("HTTP_IF_NONE_MATCH") or ""):
            response = HttpResponse(status=304)
        else:
            response = HttpResponse(blobs.load(page.image_sha256), content_type=_IMAGE_TYPE)
        named = request.query_params.get("v", "")
        lasting = len(named) >= 8 and page.image_sha256.startswith(named)
        response["Cache-Control"] = f"private, max-age={_YEAR}, immutable" if lasting else "private, no-cache"
        response["ETag"] = tag
        response["X-Content-Type-Options"] = "nosniff"
        return response


class DocumentFileView(APIView):
    """``documents/{id}/file``."""

    @extend_schema(
        operation_id="documents_file",
        tags=["documents"],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, 404: Problem},
    )
    def get(self, request: Request, document_id: int) -> HttpResponseBase:
        """The file as it came in, always as a download: a browser must not run what somebody sent."""
        document = get_object_or_404(Document.objects.only("sha256", "name", "media_type"), pk=document_id)
        with blobs.open_checked(document.sha256) as file:
            copy = os.fdopen(os.dup(file.fileno()), "rb")
        record(Action.DOCUMENT_DOWNLOADED, actor=person(request), object=Target("document", document_id))
        response = FileResponse(copy, as_attachment=True, filename=document.name, content_type=document.media_type)
        response["X-Content-Type-Options"] = "nosniff"
        response["Cache-Control"] = "private, no-cache"
        return cast(HttpResponseBase, response)
