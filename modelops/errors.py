"""The errors that ``modelops`` raises on purpose.

    ModelopsError
    ├── NotFound           404 (own code)         no such data set, run, model, alert, proposal
    ├── Refused            409 (own code)         as things stand it cannot be done; ``extra`` has the reasons
    ├── RequestInvalid     400 (own code)         a value outside its limits
    └── RoleNeeded         403 role_needed        the person may not do it

``status`` is the HTTP status, ``code`` is stable, ``extra`` is added to the problem details. A part with errors of its own puts them beside
its services, as subclasses of these.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class ModelopsError(Exception):
    """Base of every error raised on purpose by ``modelops``. ``detail`` says what, the value and the remedy."""

    status = 400
    title = "The request cannot be carried out"

    def __init__(self, code: str, detail: str, extra: Mapping[str, Any] | None = None) -> None:
        self.code = code
        self.detail = detail
        self.extra = dict(extra or {})
        super().__init__(detail)


class NotFound(ModelopsError):
    """There is no such thing."""

    status = 404
    title = "Not found"


class Refused(ModelopsError):
    """As things stand it cannot be done."""

    status = 409
    title = "It cannot be done as things stand"


class RequestInvalid(ModelopsError):
    """A value that cannot be."""

    status = 400
    title = "A value is outside its limits"


class RoleNeeded(ModelopsError):
    """Only admins may."""

    status = 403
    title = "This needs another role"

    def __init__(self, detail: str) -> None:
        super().__init__("role_needed", detail)
