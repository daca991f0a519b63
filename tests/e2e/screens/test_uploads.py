"""Adding documents in the browser: chosen, dropped and refused files, each with its progress and outcome."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import LazySettings
from playwright.sync_api import FilePayload, Page, Route, expect
from reportlab.pdfgen.canvas import Canvas

from invoices.models import Document

if TYPE_CHECKING:
    from tests.conftest import Cast
    from tests.e2e.conftest import SignedIn


def pdf(text: str) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.drawString(72, 720, text)
    canvas.save()
    return buffer.getvalue()


def a_file(name: str, data: bytes, kind: str = "application/pdf") -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": data}


def drop(page: Page, files: list[tuple[str, str]]) -> None:
    """Drops files (name, text) on the middle of the page, as a person does."""
    transfer = page.evaluate_handle(
        """files => { const transfer = new DataTransfer();
        for (const [name, text] of files) transfer.items.add(new File([text], name)); return transfer; }""",
        files,
    )
    for kind in ("dragenter", "dragover", "drop"):
        page.dispatch_event("main", kind, {"dataTransfer": transfer})


def outcome(page: Page, name: str) -> Any:
    return page.locator(".upload").filter(has_text=name).locator(".upload__outcome")


@pytest.mark.main_job
def test_many_files_end_each_with_an_outcome(signed_in: SignedIn, cast: Cast) -> None:
    page = signed_in(cast.biller1)
    page.goto("/documents/")
    first = pdf("one")
    files = [a_file(f"invoice {n}.pdf", pdf(f"text {n}")) for n in range(5)]
    files += [a_file("first.pdf", first), a_file("<b>notes</b>.txt", b"only text", "text/plain"), a_file("empty.pdf", b"")]
    page.locator("#choose-files").set_input_files(files)
    for n in range(5):
        expect(outcome(page, f"invoice {n}.pdf")).to_contain_text("Received")
    expect(outcome(page, "first.pdf")).to_contain_text("Received")
    expect(outcome(page, "<b>notes</b>.txt")).to_contain_text("Refused")
    expect(outcome(page, "<b>notes</b>.txt")).to_contain_text("PDF")
    expect(outcome(page, "empty.pdf")).to_contain_text("The file is empty.")
    expect(page.locator("#uploads-sum")).to_have_text("8 done: 6 received, 2 refused")
    assert Document.objects.count() == 6
    for name in ("invoice 3.pdf", "first.pdf"):
        expect(page.locator("#document-rows tr").filter(has_text=name)).to_be_visible()
    expect(page.locator("#documents-empty")).to_have_count(0)
    page.locator("#choose-files").set_input_files([a_file("again under another name.pdf", first)])
    known = outcome(page, "again under another name.pdf")
    expect(known).to_contain_text("Already here")
    expect(known.get_by_role("link", name="Open")).to_have_attribute("href", f"/documents/{Document.objects.get(name='first.pdf').pk}/")


def test_dropped_files_come_in_and_the_curtain_goes(signed_in: SignedIn, cast: Cast) -> None:
    page = signed_in(cast.biller1)
    page.goto("/documents/")
    drop(page, [("dropped.pdf", "%PDF-1.4 not much of one"), ("picture.bmp", "BM")])
    expect(page.locator("#drop")).to_be_hidden()
    expect(outcome(page, "dropped.pdf")).to_contain_text("Received")
    expect(outcome(page, "picture.bmp")).to_contain_text("Refused")


def test_a_dropped_folder_gives_its_documents_and_says_what_was_left_out(signed_in: SignedIn, cast: Cast, tmp_path: Path) -> None:
    folder = tmp_path / "invoices"
    (folder / "march").mkdir(parents=True)
    (folder / "a.pdf").write_bytes(pdf("a"))
    (folder / "march" / "b.pdf").write_bytes(pdf("b"))
    (folder / "Thumbs.db").write_bytes(b"x")
    page = signed_in(cast.biller1)
    page.goto("/documents/")
    browser = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(folder)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver"):
        browser.send("Input.dispatchDragEvent", {"type": kind, "x": 600, "y": 400, "data": data})
    expect(page.locator("#drop")).to_be_visible()
    browser.send("Input.dispatchDragEvent", {"type": "drop", "x": 600, "y": 400, "data": data})
    for name in ("a.pdf", "b.pdf"):
        expect(outcome(page, name)).to_contain_text("Received")
    expect(page.locator("#uploads-sum")).to_have_text("2 done: 2 received, 1 of other kinds left out")


def test_progress_is_shown_while_a_file_is_sent(signed_in: SignedIn, cast: Cast) -> None:
    page = signed_in(cast.biller1)
    page.goto("/documents/")
    held: list[Route] = []
    page.route("**/api/v1/documents/", lambda route: held.append(route))
    page.locator("#choose-files").set_input_files([a_file(f"slow {n}.pdf", pdf(f"slow {n}")) for n in range(5)])
    expect(page.locator(".upload[data-outcome=sending]")).to_have_count(3)
    expect(page.locator(".upload[data-outcome=waiting]")).to_have_count(2)
    expect(page.get_by_role("progressbar", name="Progress of slow 0.pdf")).to_be_visible()
    expect(page.locator("[data-uploads-close]")).to_be_hidden()
    while page.locator(".upload[data-outcome=received]").count() < 5:
        for route in held:
            route.continue_()
        held.clear()
        page.wait_for_timeout(50)
    expect(page.locator("#uploads-sum")).to_have_text("5 done: 5 received")


def test_a_file_that_was_not_sent_is_kept_and_sent_again(signed_in: SignedIn, cast: Cast) -> None:
    page = signed_in(cast.biller1)
    page.goto("/documents/")
    page.context.set_offline(True)
    page.locator("#choose-files").set_input_files([a_file("kept.pdf", pdf("kept"))])
    expect(outcome(page, "kept.pdf")).to_contain_text("The file is kept here")
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    expect(outcome(page, "kept.pdf")).to_contain_text("Received")
    assert Document.objects.filter(name="kept.pdf").count() == 1


def test_a_file_over_the_limit_is_refused_with_both_numbers(signed_in: SignedIn, cast: Cast, settings: LazySettings) -> None:
    settings.MAX_UPLOAD_BYTES = 2048
    page = signed_in(cast.biller1)
    page.goto("/documents/")
    page.locator("#choose-files").set_input_files([a_file("huge.pdf", b"%PDF" + b"x" * 4096)])
    expect(outcome(page, "huge.pdf")).to_contain_text("It has 4 KB; the limit is 2 KB.")
    assert not Document.objects.exists()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_list_of_uploads_is_accessible(signed_in: SignedIn, cast: Cast, scheme: str, assert_accessible: Callable[[Page], None]) -> None:
    page = signed_in(cast.biller1, color_scheme=scheme)
    page.goto("/documents/")
    assert_accessible(page)
    page.locator("#choose-files").set_input_files([a_file("one.pdf", pdf("one")), a_file("notes.txt", b"no", "text/plain")])
    expect(outcome(page, "notes.txt")).to_contain_text("Refused")
    expect(outcome(page, "one.pdf")).to_contain_text("Received")
    assert_accessible(page)
