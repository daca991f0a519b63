"""Who may open a screen."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeAlias

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.cache import cache_control

from invoices.people import Role, User

View: TypeAlias = Callable[..., HttpResponseBase]


def person(request: HttpRequest) -> User:
    """The person behind a request that passed a guard."""
    assert isinstance(request.user, User)
    return request.user


def signed_in(view: View) -> View:
    """Sends who is not signed in to the sign-in page.

    No cache keeps what is answered, so that the back button shows nobody's invoices after signing out.
    """
    return login_required(cache_control(private=True, no_store=True)(view))


def needs_role(role: Role, user: User) -> PermissionDenied:
    """What is raised for a person whose role is below ``role``."""
    return PermissionDenied(f"This needs the role {role.label.lower()}. Yours is {user.get_role_display().lower()}.")


def role_required(role: Role) -> Callable[[View], View]:
    """Sends who is not signed in to the sign-in page and answers 403 to a role below ``role``."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not person(request).has_role(role):
                raise needs_role(role, person(request))
            return view(request, *args, **kwargs)

        return signed_in(guarded)

    return guard
