"""Having failed documents read again, one or very many."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from invoices.models import Document, DocumentStatus, ReadingEvent
from invoices.rereading import reread_code
from workers.models import Job

pytestmark = pytest.mark.django_db


def fail(count: int, code: str) -> list[int]:
    rows = [Document(sha256=f"{code}{n:063x}", name="a.pdf", media_type="application/pdf", size=1, error_code=code) for n in range(count)]
    for row in rows:
        row.status = DocumentStatus.FAILED
        row.save()
    return [row.pk for row in rows]


def test_many_documents_cost_the_statements_of_a_few() -> None:
    costs = []
    for count, code in ((2, "a"), (60, "b")):
        ids = fail(count, code)
        with CaptureQueriesContext(connection) as statements:
            assert reread_code(code=code) == count
        costs.append(len(statements.captured_queries))
        assert set(Document.objects.filter(pk__in=ids).values_list("status", "parse_revision")) == {("received", 2)}
        assert Job.objects.filter(key__in=[f"parse:{pk}:2" for pk in ids]).count() == count
        assert ReadingEvent.objects.filter(document__in=ids).count() == count
    assert costs[0] == costs[1]
