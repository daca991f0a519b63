"""Reading failed documents again."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F, Q, QuerySet

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record_many
from invoices.erasing import REMOVED
from invoices.models import Document, DocumentStatus, ReadingEvent, Role, User
from invoices.signals import documents_received

MOST_AT_ONCE = 1_000


def reread_documents(*, document_ids: Sequence[int], user: User | None = None) -> int:
    """Have failed documents read again, as ``user`` wants; answers how many. The others are left as they are.

    A biller may ask for what they sent in themselves and for what no person sent in (a folder, a command); seniors for all.
    At most ``MOST_AT_ONCE`` are taken in one call, the oldest first, so that one transaction stays short.
    """
    with transaction.atomic():
        failed = _theirs(user).select_for_update().filter(pk__in=document_ids, status=DocumentStatus.FAILED).exclude(error_code=REMOVED)
        found = list(failed.order_by("pk").values_list("pk", "parse_revision")[:MOST_AT_ONCE])
        Document.objects.filter(pk__in=[pk for pk, _ in found]).update(
            status=DocumentStatus.RECEIVED, error_code="", error_message="", parsed_at=None, parse_revision=F("parse_revision") + 1
        )
        again = ReadingEvent.Kind.READ_AGAIN
        ReadingEvent.objects.bulk_create(ReadingEvent(document_id=pk, kind=again, person=user) for pk, _ in found)
        record_many(Action.DOCUMENT_READ_AGAIN, actor=user, objects=[Target("document", pk) for pk, _ in found])
        documents_received.send(sender=Document, readings=[(pk, revision + 1) for pk, revision in found])
    return len(found)


def reread_code(*, code: str, user: User | None = None) -> int:
    """Have the documents that failed for one reason read again; answers how many (``MOST_AT_ONCE`` at most)."""
    failed = _theirs(user).filter(status=DocumentStatus.FAILED, error_code=code).order_by("pk")
    return reread_documents(document_ids=list(failed.values_list("pk", flat=True)[:MOST_AT_ONCE]), user=user)


def _theirs(user: User | None) -> QuerySet[Document]:
    """The documents that ``user`` may have read again; all of them for a command."""
    documents = Document.objects.all()
    if user is None or user.has_role(Role.SENIOR):
        return documents
    return documents.filter(Q(uploaded_by=user) | Q(uploaded_by__isnull=True))
