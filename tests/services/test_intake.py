"""Intake on PostgreSQL: the same bytes many times at once, and the same new vendor many times at once."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, transaction

from invoices.folders import Outcome, take_files
from invoices.intake import receive
from invoices.models import Document, Vendor
from invoices.vendors import Proposal, settle
from tests.invoices.paper import invoice_pdf
from workers.models import Job

TOGETHER = 12


def at_once(work: Callable[[], int]) -> list[int]:
    """What ``work`` answers in twelve threads that start together."""
    together = threading.Barrier(TOGETHER)

    def one(_: int) -> int:
        together.wait()
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(TOGETHER) as pool:
        return list(pool.map(one, range(TOGETHER)))


@pytest.mark.django_db(transaction=True)
def test_twelve_simultaneous_uploads_are_one_document() -> None:
    data = invoice_pdf()
    ids = at_once(lambda: receive(name="a.pdf", data=data).document.pk)
    assert len(set(ids)) == Document.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_twelve_simultaneous_batches_of_the_same_files_make_each_document_once(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.pdf" for number in range(30)]
    for path in paths:
        path.write_bytes(b"%PDF-1.4\n" + path.name.encode())

    directions = itertools.cycle((1, -1))

    def received() -> int:
        order = paths[:: next(directions)]
        taken = list(take_files(order, source="command"))
        assert [file.path for file in taken] == order
        assert all(file.document_id for file in taken)
        return sum(file.outcome is Outcome.RECEIVED for file in taken)

    assert sum(at_once(received)) == Document.objects.count() == Job.objects.count() == len(paths)


@pytest.mark.django_db(transaction=True)
def test_twelve_documents_propose_one_vendor() -> None:
    def propose() -> int:
        with transaction.atomic():
            vendor = settle(Proposal("Brand New Pharmacy"))
        assert vendor is not None
        return vendor.pk

    assert len(set(at_once(propose))) == Vendor.objects.count() == 1


@pytest.mark.django_db
def test_odd_searches_do_not_break(admin_user: object) -> None:
    from rest_framework.test import APIClient

    api = APIClient()
    api.force_authenticate(admin_user)  # type: ignore[arg-type]  # a user, as the fixture makes it
    for search in ("a\x00b", "%", "_", "\\", "'"):
        assert api.get("/api/v1/documents/", {"search": search}).status_code in (200, 400)
