"""Requests that are too large are refused before a byte of them is read: reading would fill the disk or the memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from invoices.api.problems import plain_problem

UPLOADS: Final = "/api/v1/documents/"
FORM_BYTES: Final = 64 * 1024
"""What a multipart form may weigh besides its file."""

OTHER_BYTES: Final = 4 * 1024 * 1024
"""Any other request; the largest that the product's own screens send is a pasted table, below 1 MB."""


class BodyLimitMiddleware:
    """Answers 413 for a body that is announced to be larger than the address takes. A body that is not announced is not read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        told = str(request.META.get("CONTENT_LENGTH") or "")
        upload = request.path == UPLOADS
        limit = settings.MAX_UPLOAD_BYTES + FORM_BYTES if upload else OTHER_BYTES
        if not told.isdigit() or int(told) <= limit:
            return self.get_response(request)
        if upload:
            shown = f"{int(told) / 1_048_576:.1f} MB; the limit is {settings.MAX_UPLOAD_BYTES / 1_048_576:.1f} MB"
            return plain_problem(413, "file_too_large", f"This file has {shown}. Split it, or scan it at a lower resolution.")
        return plain_problem(413, "request_too_large", f"This request has {int(told):,} bytes; the limit is {limit:,}.")
