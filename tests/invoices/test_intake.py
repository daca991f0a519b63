"""Where a document enters."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.db import connection, transaction
from pytest_django import Settings

from invoices import signals
from invoices.blobs import load, path_of
from invoices.errors import IntakeRefused
from invoices.folders import take_files
from invoices.intake import Received, receive
from invoices.models import Document
from tests.invoices.paper import encoded, invoice_pdf, page_picture


@pytest.fixture
def heard() -> Iterator[list[tuple[int, int, bool]]]:
    """What ``documents_received`` said, and whether a transaction was open."""
    said: list[tuple[int, int, bool]] = []

    def listen(*, readings: list[tuple[int, int]], **_: object) -> None:
        said.extend((document_id, revision, transaction.get_connection().in_atomic_block) for document_id, revision in readings)

    signals.documents_received.connect(listen)
    yield said
    signals.documents_received.disconnect(listen)


def test_a_file_becomes_a_document_and_is_announced(db: None, heard: list[tuple[int, int, bool]]) -> None:
    data = invoice_pdf()
    received = receive(name="march.pdf", data=data, source="api", vendor_hint="  Apex \x00 Infusion ")
    document = Document.objects.get()
    assert (received.document.pk, received.duplicate_of) == (document.pk, None)
    assert (document.media_type, document.size, document.status, document.vendor_hint) == (
        "application/pdf",
        len(data),
        "received",
        "Apex Infusion",
    )
    assert load(document.sha256) == data
    assert heard == [(document.pk, 1, True)]


def test_the_same_bytes_are_the_same_document(db: None, heard: list[tuple[int, int, bool]]) -> None:
    first = receive(name="a.pdf", data=invoice_pdf())
    again = receive(name="b.pdf", data=invoice_pdf())
    assert again.duplicate_of == again.document.pk == first.document.pk
    assert again.document.name == "a.pdf"
    assert len(heard) == 1


def test_a_known_file_that_is_sent_again_brings_back_its_lost_bytes(db: None, tmp_path: Path) -> None:
    data = invoice_pdf()
    document = receive(name="a.pdf", data=data).document
    blob = Path(storages["blobs"].path(path_of(document.sha256)))
    blob.unlink()
    assert receive(name="b.pdf", data=data).duplicate_of == document.pk
    assert load(document.sha256) == data
    blob.write_bytes(data[:-1])
    (tmp_path / "c.pdf").write_bytes(data)
    assert [taken.document_id for taken in take_files([tmp_path / "c.pdf"], source="command")] == [document.pk]
    assert load(document.sha256) == data


@pytest.mark.django_db(transaction=True)
def test_twelve_simultaneous_uploads_are_one_document() -> None:
    data = invoice_pdf()
    together = threading.Barrier(12)

    def send(number: int) -> Received:
        together.wait()
        try:
            return receive(name=f"{number}.pdf", data=data)
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        received = list(pool.map(send, range(12)))
    assert Document.objects.count() == 1
    assert [one.duplicate_of for one in received].count(None) == 1
    assert len({one.document.pk for one in received}) == 1


@pytest.mark.parametrize(
    ("kind", "media_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("TIFF", "image/tiff")], ids=["png", "jpeg", "tiff"]
)
def test_what_counts_is_what_is_inside(db: None, kind: str, media_type: str) -> None:
    document = receive(name="misnamed.pdf", data=encoded(page_picture(size=(60, 60)), kind), media_type="application/pdf").document
    assert document.media_type == media_type


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"<html><script>alert(1)</script></html>", "file_type_unknown"),
        (b"GIF89a" + b"\0" * 100, "file_type_unknown"),
        (b"PK\x03\x04" + b"\0" * 100, "file_type_unknown"),
        (b"\0" * 2000 + b"%PDF-1.7", "file_type_unknown"),
    ],
    ids=["empty", "html", "gif", "zip", "header too late"],
)
def test_other_files_are_refused_and_leave_nothing(db: None, data: bytes, code: str) -> None:
    with pytest.raises(IntakeRefused) as refused:
        receive(name="invoice.pdf", data=data)
    assert refused.value.code == code
    assert not Document.objects.exists()


def test_a_file_over_the_limit_is_refused_with_both_numbers(db: None, settings: Settings) -> None:
    settings.MAX_UPLOAD_BYTES = 1_048_576
    with pytest.raises(IntakeRefused, match=r"2\.0 MB; the limit is 1\.0 MB") as refused:
        receive(name="big.pdf", data=b"%PDF-1.7" + b"\0" * 2_097_152)
    assert (refused.value.code, refused.value.status) == ("file_too_large", 413)
