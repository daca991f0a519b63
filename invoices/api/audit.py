"""The trail, for admins: searched in pages, exported as a stream."""

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
from invoices.api.problems import Problem
from invoices.audit.actions import Action
from invoices.audit.chain import instant
from invoices.audit.export import FORMATS, entry_json
from invoices.audit.recording import Target, record, record_read
from invoices.errors import InvoicesError
from invoices.people import Role
from invoices.selectors.audit import AuditFilter, ChainStatus, audit_page, chain_status

MAX_PAGE = 200


class IsAdmin(BasePermission):
    """Admins alone."""

    message = "The trail is for admins. Ask one."

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether the person is an admin."""
        return person(request).has_role(Role.ADMIN)


class AuditQuery(serializers.Serializer[Any]):
    """What may be asked; anything else in the address is ignored."""

    person = serializers.IntegerField(required=False, min_value=1, max_value=10**15 - 1)
    action = serializers.ChoiceField(Action.choices, required=False)
    object = serializers.CharField(required=False, max_length=100, help_text="`12`, `vendor 7`; `document 12`: all that concerns it")
    since = serializers.DateField(required=False, help_text="first day, UTC")
    until = serializers.DateField(required=False, help_text="last day, UTC")

    def wanted(self, cursor: str = "") -> AuditFilter:
        """The checked values as a filter."""
        return AuditFilter(**{name: value for name, value in self.validated_data.items() if name in self._asked}, cursor=cursor)

    _asked = ("person", "action", "object", "since", "until")


class AuditListQuery(AuditQuery):
    """With a place."""

    cursor = serializers.CharField(default="", max_length=2000)
    page_size = serializers.IntegerField(default=50, min_value=1, max_value=MAX_PAGE)


class AuditEntryAnswer(serializers.Serializer[Any]):
    """One entry, with everything that its hash is made of (docs/audit.md)."""

    id = serializers.IntegerField()
    at = serializers.CharField()
    person = serializers.IntegerField(allow_null=True)
    name = serializers.CharField()
    role = serializers.CharField()
    address = serializers.CharField()
    request = serializers.CharField()
    action = serializers.CharField()
    kind = serializers.CharField()
    object = serializers.CharField()
    document = serializers.IntegerField(allow_null=True)
    before = serializers.DictField(allow_null=True)
    after = serializers.DictField(allow_null=True)
    once = serializers.CharField(allow_null=True)
    position = serializers.IntegerField(allow_null=True)
    previous = serializers.CharField()
    hash = serializers.CharField()


class AuditChain(serializers.Serializer[Any]):
    """How far the chain goes, and what its last check said."""

    state = serializers.ChoiceField(["broken", "verified", "unverified"])
    sealed_up_to = serializers.IntegerField()
    hash = serializers.CharField()
    waiting = serializers.IntegerField()
    verified_up_to = serializers.IntegerField()
    verified_at = serializers.CharField(allow_null=True)
    faults = serializers.IntegerField()


class AuditAnswer(serializers.Serializer[Any]):
    """One page, newest first; ``next`` and ``previous`` are cursors."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    chain = AuditChain()
    results = AuditEntryAnswer(many=True)


class AuditListView(APIView):
    """``audit/``."""

    permission_classes = [IsAuthenticated, IsAdmin]

    @extend_schema(
        operation_id="audit_list",
        tags=["audit"],
        parameters=[AuditListQuery],
        responses={200: AuditAnswer, 400: Problem, 403: Problem},
    )
    def get(self, request: Request) -> Response:
        """Search the trail. Looking at it is recorded, once an hour."""
        form = AuditListQuery(data=request.query_params)
        form.is_valid(raise_exception=True)
        record_read(Action.AUDIT_READ, actor=person(request), object=Target("audit"))
        page = audit_page(form.wanted(form.validated_data["cursor"]), size=form.validated_data["page_size"])
        results = [entry_json(entry) for entry in page.rows]
        return Response(
            {"next": page.next or None, "previous": page.previous or None, "chain": _chain_json(chain_status()), "results": results}
        )


class AuditExportView(APIView):
    """``audit/export/``."""

    permission_classes = [IsAuthenticated, IsAdmin]

    @extend_schema(
        operation_id="audit_export",
        tags=["audit"],
        parameters=[AuditQuery, OpenApiParameter("format", str, enum=list(FORMATS), description="jsonl (default) or csv")],
        responses={
            (200, "application/x-ndjson"): OpenApiResponse(OpenApiTypes.STR),
            (200, "text/csv"): OpenApiResponse(OpenApiTypes.STR),
            400: Problem,
            403: Problem,
        },
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Every entry that matches, oldest first, streamed. Exporting is recorded."""
        name = request.query_params.get("format", "jsonl")
        if name not in FORMATS:
            formats = ", ".join(FORMATS)
            raise InvoicesError(f"{name[:40]!r} is no export format; choose one of {formats}.", code="format_unknown")
        form = AuditQuery(data={key: value for key, value in request.query_params.items() if value})
        form.is_valid(raise_exception=True)
        wanted = form.wanted()
        lines, media_type, file_name = FORMATS[name]
        record(Action.AUDIT_EXPORTED, actor=person(request), object=Target("audit"), after={"format": name, **wanted.to_json()})
        headers = {"Content-Disposition": f'attachment; filename="{file_name}"', "Cache-Control": "no-store"}
        return StreamingHttpResponse(lines(wanted.entries()), content_type=media_type, headers=headers)


def _chain_json(status: ChainStatus) -> dict[str, Any]:
    seal, checked = status.seal, status.verification
    return {
        "state": status.state,
        "sealed_up_to": seal.position if seal else 0,
        "hash": seal.hash if seal else "",
        "waiting": status.waiting,
        "verified_up_to": checked.end if checked else 0,
        "verified_at": instant(checked.at) if checked else None,
        "faults": checked.faults if checked else 0,
    }
