"""Documents: sent in, listed, looked at, read again."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.decorators import method_decorator
from django.views.decorators.gzip import gzip_page
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics
from rest_framework.filters import OrderingFilter
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from invoices import intake
from invoices.api.access import person
from invoices.api.filters import DocumentFilter
from invoices.api.problems import Problem
from invoices.api.serializers import (
    BulkRetryAnswer,
    BulkRetryRequest,
    DocumentDetail,
    DocumentRow,
    DocumentWords,
    UploadAnswer,
    UploadRequest,
)
from invoices.audit.actions import Action
from invoices.audit.recording import Target, record_read
from invoices.errors import NotRetryable, NotYours
from invoices.models import Document, DocumentStatus, Page
from invoices.rereading import reread_code, reread_documents
from invoices.veils import is_veiled, shown, veiled
from mlcore.documents import TOKENISER_VERSION


def _documents() -> QuerySet[Document]:
    return Document.objects.select_related("vendor", "uploaded_by").defer("text_signature")


class DocumentListView(generics.ListAPIView[Document]):
    """``documents/``."""

    serializer_class = DocumentRow
    parser_classes = [MultiPartParser]
    filter_backends = [DjangoFilterBackend, OrderingFilter]
    filterset_class = DocumentFilter
    ordering_fields = ["id", "name", "received_at", "size"]
    ordering = ["-id"]

    def get_queryset(self) -> QuerySet[Document]:
        """All documents; every role may see them."""
        return _documents()

    def paginate_queryset(self, queryset: Any) -> Any:
        """One page, as this person is shown it."""
        page = super().paginate_queryset(queryset)
        shown(page or (), veiled(person(self.request)))
        return page

    @extend_schema(operation_id="documents_list", tags=["documents"])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List documents, newest first unless ordered otherwise."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="documents_create",
        tags=["documents"],
        request={"multipart/form-data": UploadRequest},
        responses={
            201: UploadAnswer,
            200: OpenApiResponse(UploadAnswer, "These bytes are a document already; this is the first one."),
            400: Problem,
            413: Problem,
            415: Problem,
            507: Problem,
        },
    )
    def post(self, request: Request) -> Response:
        """Send in one file. The same bytes give the same document, however often they come."""
        form = UploadRequest(data=request.data)
        form.is_valid(raise_exception=True)
        sent = form.validated_data["file"]
        received = intake.receive(
            name=sent.name or "",
            file=sent.file,
            media_type=sent.content_type,
            source="api" if request.auth else "upload",
            user=person(request),
            vendor_hint=form.validated_data["vendor"],
        )
        document = received.document
        if received.duplicate_of is not None and is_veiled(person(request), document.pk):
            shown([document], {document.pk})
        body = {"id": document.pk, "status": document.status, "sha256": document.sha256, "duplicate_of": received.duplicate_of}
        return Response(body, status=201 if received.duplicate_of is None else 200)


class DocumentView(generics.RetrieveAPIView[Document]):
    """``documents/{id}/``."""

    serializer_class = DocumentDetail
    lookup_url_kwarg = "document_id"

    def get_queryset(self) -> QuerySet[Document]:
        """With the pages, without their words."""
        return _documents().prefetch_related(Prefetch("pages", Page.objects.defer("words").order_by("number")))

    def get_object(self) -> Document:
        """The document, as this person is shown it."""
        document = super().get_object()
        if is_veiled(person(self.request), document.pk):
            shown([document], {document.pk})
        return document

    @extend_schema(operation_id="documents_retrieve", tags=["documents"], responses={200: DocumentDetail, 404: Problem})
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One document with its pages and, where it failed, the reason."""
        return super().get(request, *args, **kwargs)


@method_decorator(gzip_page, name="dispatch")
class DocumentWordsView(APIView):
    """``documents/{id}/words/``."""

    @extend_schema(operation_id="documents_words", tags=["documents"], responses={200: DocumentWords, 404: Problem})
    def get(self, request: Request, document_id: int) -> Response:
        """The words of all pages with their boxes, in reading order."""
        generics.get_object_or_404(Document.objects.only("pk"), pk=document_id)
        record_read(Action.DOCUMENT_TEXT_READ, actor=person(request), object=Target("document", document_id))
        pages = Page.objects.filter(document=document_id).order_by("number").values("number", "width", "height", "source", "words")
        return Response({"tokeniser": TOKENISER_VERSION, "pages": list(pages)})


class DocumentRetryView(APIView):
    """``documents/{id}/retry/``."""

    @extend_schema(
        operation_id="documents_retry",
        tags=["documents"],
        request=None,
        responses={202: DocumentRow, 403: Problem, 404: Problem, 409: Problem},
    )
    def post(self, request: Request, document_id: int) -> Response:
        """Read a failed document once more."""
        started = reread_documents(document_ids=[document_id], user=person(request))
        document = generics.get_object_or_404(_documents(), pk=document_id)
        if not started and document.status == DocumentStatus.FAILED:
            raise NotYours("Somebody else sent this document in. Ask them, or a senior biller, to have it read again.")
        if is_veiled(person(request), document_id):
            shown([document], {document_id})
        if not started:
            state = document.get_status_display().lower()
            raise NotRetryable(f"This document is not failed but “{state}”; there is nothing to try again.")
        return Response(DocumentRow(document).data, status=202)


class BulkRetryView(APIView):
    """``documents/bulk-retry/``."""

    @extend_schema(
        operation_id="documents_bulk_retry",
        tags=["documents"],
        request=BulkRetryRequest,
        responses={202: BulkRetryAnswer, 400: Problem},
    )
    def post(self, request: Request) -> Response:
        """Read failed documents once more: those of a list, or all that failed for one reason. Others are left alone."""
        form = BulkRetryRequest(data=request.data)
        form.is_valid(raise_exception=True)
        wanted = form.validated_data
        user = person(request)
        by_id = "ids" in wanted
        count = reread_documents(document_ids=wanted["ids"], user=user) if by_id else reread_code(code=wanted["error_code"], user=user)
        return Response({"retried": count}, status=202)
