"""A document fails only in the state that was waited in."""

from __future__ import annotations

import pytest
from django.db.models import Q

from invoices.failing import fail_document
from invoices.models import Document, DocumentStatus, ReadingEvent

pytestmark = pytest.mark.django_db


def test_a_document_that_is_in_another_state_does_not_fail() -> None:
    document = Document.objects.create(
        sha256="1" * 64, name="a.pdf", media_type="application/pdf", size=900, status=DocumentStatus.PREFILLED
    )
    waiting = Q(status=DocumentStatus.PARSING)
    assert not fail_document(document.pk, where=waiting, code="job_dead", message="It stopped.")
    document.refresh_from_db()
    assert (document.status, ReadingEvent.objects.count()) == (DocumentStatus.PREFILLED, 0)
