"""Making a change that a form asks for, and saying what came of it on the page that follows."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest

from modelops.errors import ModelopsError


def make_change(request: HttpRequest, change: Callable[[], object], said: str = "") -> bool:
    """Make it; ``said`` is shown when it was made, the reason when it was refused. Returns whether it was made.

    What is not there is not found.
    """
    try:
        change()
    except ModelopsError as error:
        if error.status == 404:
            raise Http404(error.detail) from error
        messages.error(request, error.detail)
        return False
    if said:
        messages.success(request, said)
    return True
