"""What is stored of the trail. The database itself refuses to change or take away any of it (migration ``0006_audit_trail``).

Every later migration of these tables has to make the triggers anew: SQLite drops them with the table that it rebuilds.
"""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models

from invoices.audit.actions import Action


class AppendOnly(models.Model):
    """Rows that are inserted and never changed."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert only."""
        if not self._state.adding:
            raise TypeError("The trail is append-only; record what happened as a new entry.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Never."""
        raise TypeError("The trail is append-only; nothing is taken away from it.")


class AuditEntry(AppendOnly):
    """One thing that somebody did: ``action`` is a code of ``Action``.

    ``person_id``, ``person_name`` and ``role`` are as they were then; no person (``None``) is the station itself, a command or a
    stranger. ``address`` and ``request_id`` say where it came from, both empty outside of a request. ``object_kind`` and
    ``object_id`` name what it was done to, ``document_id`` the document that this concerns. ``before`` and ``after`` hold paths, ids,
    hashes and counts, never a value of a record. ``once`` keeps repeated reads from being written twice.

    ``position`` (from 1, without gaps), ``previous`` and ``hash`` are empty until the entry is sealed, and are written once.
    """

    at = models.DateTimeField()
    person_id = models.BigIntegerField(null=True)
    person_name = models.CharField(max_length=150, blank=True, default="")
    role = models.CharField(max_length=16, blank=True, default="")
    address = models.CharField(max_length=45, blank=True, default="")
    request_id = models.CharField(max_length=64, blank=True, default="")
    action = models.CharField(max_length=40)
    object_kind = models.CharField(max_length=32, blank=True, default="")
    object_id = models.CharField(max_length=64, blank=True, default="")
    document_id = models.BigIntegerField(null=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    once = models.CharField(max_length=160, null=True, unique=True)
    position = models.BigIntegerField(null=True, unique=True)
    previous = models.CharField(max_length=64, blank=True, default="")
    hash = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["at", "id"], name="audit_time"),
            models.Index(fields=["person_id", "at", "id"], name="audit_person"),
            models.Index(fields=["action", "at", "id"], name="audit_action"),
            models.Index(fields=["person_id", "action", "at", "id"], name="audit_person_action"),
            models.Index(fields=["object_id", "at", "id"], name="audit_object"),
            models.Index(fields=["document_id", "at", "id"], name="audit_document"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.action}"

    @property
    def action_label(self) -> str:
        """The action in words; the bare code when this version does not know it."""
        return Action(self.action).label if self.action in Action.values else self.action

    @property
    def document_text(self) -> str:
        """The document's id as it is searched for."""
        return str(self.document_id or "")


class AuditSeal(AppendOnly):
    """The end of the chain at one moment: every entry up to ``position`` is sealed, the last of them with ``hash``."""

    position = models.BigIntegerField(unique=True)
    hash = models.CharField(max_length=64)
    entries = models.PositiveIntegerField()
    sealed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.position}:{self.hash}"


class AuditVerification(AppendOnly):
    """One check of the chain from ``start`` to ``end`` (positions); ``faults`` is how many were found, ``first_fault`` the first."""

    at = models.DateTimeField()
    start = models.BigIntegerField()
    end = models.BigIntegerField()
    faults = models.PositiveIntegerField()
    first_fault = models.CharField(max_length=400, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.start}-{self.end}: {self.faults}"
