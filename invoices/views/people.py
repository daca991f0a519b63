"""Accounts: for admins. A one-time password is shown in the answer to its form and nowhere else."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from invoices.people import Role, User
from invoices.people_changes import NewPassword, PersonChangeError, change_person, make_person, reset_password
from invoices.views.guards import person, role_required


@role_required(Role.ADMIN)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with an account."""
    return _list(request)


@role_required(Role.ADMIN)
@require_POST
def person_make(request: HttpRequest) -> HttpResponse:
    """A new account; what was typed stays in the form when it is refused."""
    typed = {name: request.POST.get(name, "") for name in ("username", "full_name", "role")}
    try:
        return _list(request, new=make_person(**typed, by=person(request)))
    except PersonChangeError as error:
        return _list(request, typed=typed, refusal=error.message, status=400)


@role_required(Role.ADMIN)
@require_POST
def person_change(request: HttpRequest, person_id: int) -> HttpResponse:
    """Role and switch of one account."""
    try:
        changed = change_person(
            person_id=person_id, role=request.POST.get("role", ""), active=request.POST.get("active") == "1", by=person(request)
        )
    except PersonChangeError as error:
        messages.error(request, error.message)
    else:
        state = "" if changed.is_active else " and is switched off"
        messages.success(request, f"{changed.username} has the role {changed.get_role_display()}{state}.")
    return redirect("people")


@role_required(Role.ADMIN)
@require_POST
def person_password(request: HttpRequest, person_id: int) -> HttpResponse:
    """A one-time password for somebody who forgot theirs."""
    try:
        return _list(request, new=reset_password(person_id=person_id, by=person(request)))
    except PersonChangeError as error:
        messages.error(request, error.message)
        return redirect("people")


def _list(
    request: HttpRequest, *, new: NewPassword | None = None, typed: dict[str, str] | None = None, refusal: str = "", status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "section": "people",
        "people": User.objects.order_by("-is_active", "username"),
        "roles": Role.choices,
        "new": new,
        "typed": typed or {},
        "refusal": refusal,
    }
    return render(request, "invoices/people.html", context, status=status)
