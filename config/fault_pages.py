"""What is answered when no view answers: problem details to programs, a page to people."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponseBase
from django.views import defaults

from invoices.api.problems import UNKNOWN_ADDRESS, fault_of, plain_problem

API = "/api/"


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """404."""
    if request.path.startswith(API):
        return plain_problem(404, "not_found", UNKNOWN_ADDRESS)
    return defaults.page_not_found(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """403."""
    if request.path.startswith(API):
        return plain_problem(403, "permission_denied", str(exception) or "Your role does not allow this.")
    return defaults.permission_denied(request, exception)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """400, also for a host name that is not served."""
    if request.path.startswith(API):
        return plain_problem(400, "bad_request", "The server does not take this request as it is. Check the address and the headers.")
    return defaults.bad_request(request, exception)


def broken(request: HttpRequest) -> HttpResponseBase:
    """500, or what is known about the fault. Never quotes it: its text may quote a document."""
    if not request.path.startswith(API):
        return defaults.server_error(request)
    status, code, detail = fault_of(sys.exc_info()[1])
    return plain_problem(status, code, detail)
