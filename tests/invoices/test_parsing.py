"""Reading stored documents: once, completely, or failed with a reason."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import pytest

from invoices import signals
from invoices.intake import receive
from invoices.models import Document, DocumentStatus, Page
from invoices.parsing import document_text, parse_document
from invoices.rereading import reread_documents
from tests.invoices.paper import LINES, invoice_pdf, locked_pdf


@pytest.fixture
def parsed() -> Iterator[list[int]]:
    """Ids that ``document_parsed`` announced."""
    said: list[int] = []

    def listen(*, document_id: int, **_: object) -> None:
        said.append(document_id)

    signals.document_parsed.connect(listen)
    yield said
    signals.document_parsed.disconnect(listen)


def test_pages_words_and_pictures_are_stored(read: Callable[..., Document], parsed: list[int]) -> None:
    document = read(invoice_pdf(pages=2))
    assert (document.status, document.page_count, document.error_code) == ("parsing", 2, "")
    text = document_text(document)
    assert text.text.split("\f")[1].splitlines()[0] == LINES[0]
    assert len(text.pages) == 2
    assert document.parsed_at is not None
    assert parsed == [document.pk]
    assert len(set(Page.objects.values_list("image_sha256", flat=True))) == 1, "equal pictures are one blob"


def test_reading_again_changes_nothing(read: Callable[..., Document], parsed: list[int]) -> None:
    document = read(invoice_pdf())
    before = list(Page.objects.values_list("pk", flat=True))
    parse_document(document.pk, 1)
    parse_document(document.pk, 7)
    assert list(Page.objects.values_list("pk", flat=True)) == before
    assert parsed == [document.pk]


def test_a_document_that_cannot_be_read_says_why(read: Callable[..., Document], parsed: list[int]) -> None:
    document = read(locked_pdf())
    assert (document.status, document.error_code) == ("failed", "encrypted")
    assert "password" in document.error_message
    assert not parsed


def test_a_retry_reads_the_next_revision(read: Callable[..., Document], parsed: list[int]) -> None:
    document = read(invoice_pdf())
    Document.objects.filter(pk=document.pk).update(status=DocumentStatus.FAILED, error_code="job_dead")
    assert reread_documents(document_ids=[document.pk]) == 1
    assert parse_document(document.pk, 1) is DocumentStatus.RECEIVED, "the old revision has nothing to say any more"
    parse_document(document.pk, 2)
    document.refresh_from_db()
    assert (document.status, document.page_count, document.error_code) == ("parsing", 1, "")
    assert Page.objects.count() == 1
    assert parsed == [document.pk] * 2


class Late(Exception):
    """The fence says no."""


def refuse() -> None:
    raise Late


@pytest.mark.parametrize("data", [invoice_pdf(), locked_pdf()], ids=["readable", "locked"])
def test_a_late_writer_writes_nothing(db: None, parsed: list[int], data: bytes) -> None:
    document = receive(name="a.pdf", data=data).document
    with pytest.raises(Late):
        parse_document(document.pk, 1, fence=refuse)
    document.refresh_from_db()
    assert (document.status, document.parsed_at, document.error_code) == ("parsing", None, "")
    assert not Page.objects.exists()
    assert not parsed


def test_no_word_of_a_document_reaches_the_log(read: Callable[..., Document], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    read(invoice_pdf([*LINES, "Patient: Zyxwinda Quorblatt"]), name="Zyxwinda Quorblatt.pdf")
    read(invoice_pdf(["Zyxwinda"])[:280], name="Zyxwinda.pdf")
    said = caplog.text
    assert "was read" in said
    assert "cannot be read" in said
    assert "Zyxwinda" not in said
    assert "Quorblatt" not in said
