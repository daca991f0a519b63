"""Every error of the API as problem details (RFC 9457): ``type``, ``title``, ``status``, ``code``, ``detail``.

``code`` is stable and for programs, ``detail`` is for people. Faults of the values sent add ``problems``, one
``{path, code, message}`` each.
"""

from __future__ import annotations

import errno
import logging
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, JsonResponse
from rest_framework import exceptions, serializers
from rest_framework.response import Response
from rest_framework.views import set_rollback

from invoices.errors import InvoicesError
from invoices.vendor_master.errors import VendorChangeError

logger = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
UNKNOWN_ADDRESS = "There is nothing at this address. It may have been removed, or the number is wrong."
TOO_LARGE = "The request is larger or has more parts than is taken."

_VENDOR_STATUS = {"vendor_not_found": 404, "vendor_merged": 409, "alias_taken": 409, "merge_with_itself": 409, "merge_undone": 409}


class Problem(serializers.Serializer[Any]):
    """Problem details. ``code`` is stable."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()


def problem_handler(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """The project's exception handler; ``None`` for what nobody foresaw, which stays a 500."""
    if isinstance(error, InvoicesError):
        response = problem(error.status, error.code, error.message)
    elif isinstance(error, VendorChangeError):
        response = problem(_VENDOR_STATUS.get(error.code, 400), error.code, error.message)
    elif isinstance(error, Http404):
        response = problem(404, "not_found", UNKNOWN_ADDRESS)
    elif isinstance(error, PermissionDenied):
        response = problem(403, "permission_denied", str(error) or "Your role does not allow this.")
    elif isinstance(error, RequestDataTooBig):
        response = problem(413, "request_too_large", TOO_LARGE)
    elif isinstance(error, SuspiciousOperation):
        response = problem(400, "bad_request", TOO_LARGE)
    elif isinstance(error, exceptions.ValidationError):
        problems = list(_problems(error.get_full_details(), ""))
        detail = " ".join(f"{item['path']}: {item['message']}" if item["path"] else item["message"] for item in problems)
        response = problem(400, "invalid", detail, problems=problems)
    elif isinstance(error, exceptions.APIException):
        response = _foreseen(error)
    else:
        status, code, detail = fault_of(error)
        if code == "server_error":
            return None
        response = problem(status, code, detail)
    set_rollback()
    if response.status_code >= 500:
        logger.error("A request ended in %s (%s)", response.data["code"], type(error).__name__)
    return response


def fault_of(error: BaseException | None) -> tuple[int, str, str]:
    """Status, code and sentence for a fault that no code of this product raised: a full disk, a database that is away."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return 507, "storage_full", "There is no room left on the server, so this was not stored. Tell an administrator."
    if isinstance(error, OperationalError):
        if getattr(error.__cause__, "sqlstate", None) == "53100" or "disk is full" in str(error):
            return 507, "storage_full", "The database has no room left, so this was not stored. Tell an administrator."
        return 503, "database_unavailable", "The database does not answer just now. Try again in a moment."
    return 500, "server_error", "Something broke on the server. Try again, and tell an administrator if it stays."


def plain_problem(status: int, code: str, detail: str) -> JsonResponse:
    """Problem details for what happens before or outside a view: no such address, a request that is refused unread."""
    return JsonResponse(_body(status, code, detail), status=status, content_type=CONTENT_TYPE)


def problem(status: int, code: str, detail: str, **more: Any) -> Response:
    """A response with problem details."""
    response = Response({**_body(status, code, detail), **more}, status=status, content_type=CONTENT_TYPE)
    response.exception = True
    return response


def _body(status: int, code: str, detail: str) -> dict[str, Any]:
    return {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "code": code, "detail": detail}


def _foreseen(error: exceptions.APIException) -> Response:
    code = error.get_codes()
    response = problem(error.status_code, code if isinstance(code, str) else "error", str(error.detail))
    if header := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = header
    if (wait := getattr(error, "wait", None)) is not None:
        response["Retry-After"] = str(int(wait) + 1)
    return response


def _problems(details: Any, path: str) -> Iterator[dict[str, str]]:
    """Flattens DRF's nested details."""
    if isinstance(details, dict) and set(details) == {"message", "code"}:
        yield {"path": path, "code": str(details["code"]), "message": str(details["message"])}
    elif isinstance(details, dict):
        for name, inner in details.items():
            yield from _problems(inner, path if name == "non_field_errors" else f"{path}.{name}" if path else str(name))
    elif isinstance(details, list):
        for inner in details:
            yield from _problems(inner, path)
