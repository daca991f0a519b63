"""Errors of the gate.

ModelopsError
└── RoleNeeded             403 role_needed      the person may not do it
"""

from __future__ import annotations

from modelops.errors import ModelopsError


class RoleNeeded(ModelopsError):
    """Only admins may."""

    status = 403
    title = "This needs another role"

    def __init__(self, detail: str) -> None:
        super().__init__("role_needed", detail)
