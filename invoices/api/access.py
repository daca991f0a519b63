"""Who may do what: every person who is signed in sees documents; some changes need a role."""

from __future__ import annotations

from typing import cast

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from invoices.people import Role, User


def person(request: Request) -> User:
    """The authenticated person; the default permission has made sure there is one."""
    return cast(User, request.user)


class ReadOrSenior(BasePermission):
    """Reading for everybody who is signed in, changes from senior biller on."""

    message = "This needs the role senior biller. Ask one, or an administrator."

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether the request may go on."""
        if not request.user.is_authenticated:
            return False
        return request.method in ("GET", "HEAD", "OPTIONS") or person(request).has_role(Role.SENIOR)
