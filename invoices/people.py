"""People and their roles. The lowest Django layer holds them because every later stage refers to them."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models


class Role(models.TextChoices):
    """What a person may do; each role includes the ones before it."""

    BILLER = "biller", "Biller"
    SENIOR = "senior", "Senior biller"
    ADMIN = "admin", "Admin"


_RANK = {Role.BILLER: 0, Role.SENIOR: 1, Role.ADMIN: 2}


class User(AbstractUser):
    """One person. ``preferences`` holds the screen settings (key map, theme, auto-advance), which are the person's to change."""

    role = models.CharField(max_length=16, choices=Role.choices, default=Role.BILLER)
    preferences = models.JSONField(default=dict, blank=True)
    password_is_temporary = models.BooleanField(default=False)
    """An admin made the password; nothing opens before the person has chosen one (``config.one_time_password``)."""

    def has_role(self, role: Role) -> bool:
        """Whether this person's role is at least ``role``."""
        return self.is_active and _RANK[Role(self.role)] >= _RANK[role]
