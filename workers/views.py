"""``/health/``: whether the station is up, for programs; how it is in detail, for an admin."""

from __future__ import annotations

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from invoices.people import Role, User
from invoices.views.guards import needs_role
from workers import health


@require_safe
@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers; looks at nothing else."""
    return JsonResponse({"status": "live"})


@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """200 when work can be done, 503 when the database does not answer. Only an admin sees details.

    A person who is not one and opens the page in a browser is told so (403); programs get the short answer.
    """
    if not health.database_answers():
        return JsonResponse({"status": "unavailable", "problems": ["The database does not answer."]}, status=503)
    wants_page = "text/html" in request.headers.get("Accept", "")
    if not _is_admin(request):
        if wants_page and isinstance(request.user, User):
            raise needs_role(Role.ADMIN, request.user)
        return JsonResponse({"status": "ready"})
    try:
        found = health.look()
    except DatabaseError:
        return JsonResponse({"status": "unavailable", "problems": ["The database does not answer."]}, status=503)
    if wants_page:
        return render(request, "workers/health.html", {"section": "health", "health": found})
    return JsonResponse({"status": "ready", **found.to_json()})


def _is_admin(request: HttpRequest) -> bool:
    """By session, or by API token: what monitors the station has no session."""
    user: object = request.user
    if not request.user.is_authenticated:
        try:
            found = TokenAuthentication().authenticate(Request(request))
        except AuthenticationFailed:
            return False
        user = found[0] if found else None
    return isinstance(user, User) and user.has_role(Role.ADMIN)
