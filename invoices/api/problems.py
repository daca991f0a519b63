"""Every error of the API as problem details (RFC 9457): ``type``, ``title``, ``status``, ``code``, ``detail``.

``code`` is stable and for programs, ``detail`` is for people. Faults of the values sent add ``problems``, one
``{path, code, message}`` each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404
from rest_framework import exceptions, serializers
from rest_framework.response import Response
from rest_framework.views import set_rollback

from invoices.errors import InvoicesError
from invoices.vendor_master.errors import VendorChangeError

CONTENT_TYPE = "application/problem+json"

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
        response = problem(404, "not_found", "There is nothing at this address. It may have been removed, or the number is wrong.")
    elif isinstance(error, PermissionDenied):
        response = problem(403, "permission_denied", str(error) or "Your role does not allow this.")
    elif isinstance(error, SuspiciousOperation):
        response = problem(400, "bad_request", "The request is larger or has more parts than is taken.")
    elif isinstance(error, exceptions.ValidationError):
        problems = list(_problems(error.get_full_details(), ""))
        detail = " ".join(f"{item['path']}: {item['message']}" if item["path"] else item["message"] for item in problems)
        response = problem(400, "invalid", detail, problems=problems)
    elif isinstance(error, exceptions.APIException):
        response = _foreseen(error)
    else:
        return None
    set_rollback()
    return response


def problem(status: int, code: str, detail: str, **more: Any) -> Response:
    """A response with problem details."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "code": code, "detail": detail, **more}
    response = Response(body, status=status, content_type=CONTENT_TYPE)
    response.exception = True
    return response


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
