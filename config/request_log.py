"""One line in the log for each request, and an id that ties together all lines of a request.

Logged are the method, the route (with its ids, without the query string, which may carry a search for a
patient), the status, the time taken and the id of the person.
"""

from __future__ import annotations

import json
import logging
import re
import time
import traceback
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse

from invoices.audit.origin import answering, current

logger = logging.getLogger(__name__)

HEADER = "X-Request-ID"
_ACCEPTED = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestLogMiddleware:
    """Gives each request an id (a caller's own is kept when it is plain) and logs how it ended."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request; the id is in the response's ``X-Request-ID``."""
        given = request.headers.get(HEADER, "")
        request_id = given if _ACCEPTED.fullmatch(given) else uuid.uuid4().hex
        begun = time.perf_counter()
        with answering(request, request_id):
            response = self.get_response(request)
            response[HEADER] = request_id
            if not request.path.startswith("/static/"):
                _log(request, response.status_code, (time.perf_counter() - begun) * 1000)
            return response


def _log(request: HttpRequest, status: int, milliseconds: float) -> None:
    match = request.resolver_match
    fields = {
        "method": request.method,
        "route": match.route if match else "",
        "ids": {name: value for name, value in match.kwargs.items() if isinstance(value, int)} if match else {},
        "status": status,
        "ms": round(milliseconds, 1),
        "user": request.user.pk if hasattr(request, "user") else None,
    }
    logger.log(logging.ERROR if status >= 500 else logging.INFO, "request", extra={"fields": fields})


class JsonFormatter(logging.Formatter):
    """A log record as one JSON object. Of an exception it keeps the class and the places, not the text."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id := current().request_id:
            line["request"] = request_id
        line.update(getattr(record, "fields", {}))
        if record.exc_info and record.exc_info[0] is not None:
            frames = traceback.extract_tb(record.exc_info[2])
            line["exception"] = record.exc_info[0].__qualname__
            line["places"] = [f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in frames[-8:]]
        return json.dumps(line, ensure_ascii=False)
