"""Where to go after a form: the page it came from, when that is on this host."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme


def next_address(request: HttpRequest, default: str, *arguments: object) -> str:
    """``next`` of the form when it leads to this host, else the address named ``default``."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and safe else resolve_url(default, *arguments)
