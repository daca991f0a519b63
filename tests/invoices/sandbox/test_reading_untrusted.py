"""Hostile files end in a designed outcome, and the reader lives on."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from PIL import Image

from invoices.sandbox.client import ReadPage, SandboxedReader
from invoices.sandbox.failures import Failure, ReadingFailed, SandboxLost
from invoices.sandbox.limits import Limits
from tests.invoices import paper


@pytest.fixture(scope="module")
def reader() -> Iterator[SandboxedReader]:
    made = SandboxedReader()
    yield made
    made.close()


def read(reader: SandboxedReader, data: bytes, media_type: str = "application/pdf", limits: Limits | None = None) -> list[ReadPage]:
    pages: list[ReadPage] = []
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        reader.read(file, media_type, limits or Limits(), pages.append)
    return pages


def failure(reader: SandboxedReader, data: bytes, media_type: str = "application/pdf", limits: Limits | None = None) -> ReadingFailed:
    with pytest.raises(ReadingFailed) as failed:
        read(reader, data, media_type, limits)
    assert read(reader, paper.invoice_pdf())[0].page.words[0].text == "Apex", "the reader does not live on"
    return failed.value


def huge_white(side: int) -> bytes:
    return paper.encoded(Image.new("1", (side, side), 1))


PNG = "image/png"
HOSTILE: list[tuple[str, bytes, str, Failure, str]] = [
    ("zero bytes", b"", "application/pdf", Failure.NOT_AN_INVOICE_FILE, "not a PDF, PNG, JPEG or TIFF"),
    ("html named pdf", b"<html>%PD", "application/pdf", Failure.NOT_AN_INVOICE_FILE, "Export the invoice"),
    ("kind does not match", paper.invoice_pdf(), PNG, Failure.NOT_AN_INVOICE_FILE, "Export the invoice"),
    ("truncated pdf", paper.invoice_pdf()[:300], "application/pdf", Failure.DAMAGED, "damaged"),
    ("locked pdf", paper.locked_pdf(), "application/pdf", Failure.ENCRYPTED, "password"),
    ("endless page", paper.invoice_pdf(size=(2e5, 800)), "application/pdf", Failure.TOO_LARGE_PAGE, "200000 points"),
    ("truncated png", paper.encoded(paper.page_picture())[:900], PNG, Failure.DAMAGED, "damaged"),
    ("png that claims 65000 x 65000", paper.png_that_claims(65000, 65000), PNG, Failure.TOO_LARGE_PAGE, "60 million pixels"),
    ("real 20000 x 20000 png", huge_white(20_000), PNG, Failure.TOO_LARGE_PAGE, "60 million pixels"),
]


@pytest.mark.parametrize(("data", "media_type", "code", "says"), [case[1:] for case in HOSTILE], ids=[case[0] for case in HOSTILE])
def test_hostile_files_are_terminal_failures(reader: SandboxedReader, data: bytes, media_type: str, code: Failure, says: str) -> None:
    found = failure(reader, data, media_type)
    assert found.failure is code
    assert says in found.message


def test_too_many_pages_names_both_numbers(reader: SandboxedReader) -> None:
    found = failure(reader, paper.invoice_pdf(["x"], pages=6), limits=replace(Limits(), pages=5))
    assert found.failure is Failure.TOO_MANY_PAGES
    assert "6 pages; the limit is 5" in found.message


@pytest.mark.slow
@pytest.mark.parametrize("data", [paper.flate_bomb(), paper.self_reference()], ids=["flate bomb", "self reference"])
def test_bombs_end_within_the_limits(reader: SandboxedReader, data: bytes) -> None:
    with contextlib.suppress(ReadingFailed):
        read(reader, data, limits=replace(Limits(), page_seconds=5, memory=900 * 1024 * 1024))
    assert read(reader, paper.invoice_pdf())


def test_time_runs_out_for_a_page_that_takes_too_long(reader: SandboxedReader) -> None:
    """The clock limit is zero seconds, so that any page is too slow."""
    found = failure(reader, paper.invoice_pdf(), limits=replace(Limits(), total_seconds=0))
    assert found.failure in (Failure.TIMEOUT, Failure.READER_CRASHED)


def test_output_is_bounded(reader: SandboxedReader) -> None:
    assert failure(reader, paper.invoice_pdf(), limits=replace(Limits(), output=1000)).failure is Failure.TOO_MUCH_OUTPUT


def test_a_fault_of_the_taker_stops_the_child_and_comes_through(reader: SandboxedReader) -> None:
    def refuse(page: ReadPage) -> None:
        raise LookupError(page.page.number)

    with tempfile.TemporaryFile() as file:
        file.write(paper.invoice_pdf(pages=3))
        file.flush()
        with pytest.raises(LookupError):
            reader.read(file, "application/pdf", Limits(), refuse)
    assert read(reader, paper.invoice_pdf())


@pytest.fixture
def own() -> Iterator[SandboxedReader]:
    """A reader of the test's own."""
    made = SandboxedReader()
    yield made
    made.close()


def scratch_folders() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob("countersign-reading-*"))


def slow_document() -> bytes:
    """Forty pages that need OCR: long enough to be interrupted."""
    page = paper.encoded(paper.page_picture())
    frames = [Image.open(io.BytesIO(page)) for _ in range(40)]
    return paper.encoded(frames[0], "TIFF", save_all=True, append_images=frames[1:])


def kill_in_the_middle(reader: SandboxedReader, victim: int) -> None:
    """Start a long document, then kill the server (0) or its child (1) with SIGKILL."""
    started, others = threading.Event(), set(psutil.Process().children())

    def take(page: ReadPage) -> None:
        if started.is_set():
            return
        started.set()
        [server] = set(psutil.Process().children()) - others
        target = server if victim == 0 else server.children()[0]
        os.kill(target.pid, signal.SIGKILL)

    with tempfile.TemporaryFile() as file:
        file.write(slow_document())
        file.flush()
        reader.read(file, "image/tiff", Limits(), take)


@pytest.mark.slow
@pytest.mark.parametrize("victim", [0, 1], ids=["server", "child"])
def test_killed_from_outside_is_not_the_documents_fault(own: SandboxedReader, victim: int) -> None:
    before = scratch_folders()
    with pytest.raises(SandboxLost):
        kill_in_the_middle(own, victim)
    assert read(own, paper.invoice_pdf()), "a new server starts"
    own.close()
    deadline = time.monotonic() + 20
    while scratch_folders() - before and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not scratch_folders() - before


def test_closing_leaves_no_process_and_no_files(own: SandboxedReader) -> None:
    before, processes = scratch_folders(), set(psutil.Process().children(recursive=True))
    read(own, paper.invoice_pdf())
    [server] = set(psutil.Process().children(recursive=True)) - processes
    own.close()
    assert not server.is_running()
    assert scratch_folders() <= before


WORKER = """
import sys
from invoices.sandbox.client import SandboxedReader
from invoices.sandbox.limits import Limits
with open(sys.argv[1], "rb") as file:
    SandboxedReader().read(file, "image/tiff", Limits(), lambda page: print("page", flush=True))
"""


@pytest.mark.slow
def test_a_killed_worker_leaves_no_process_and_no_files(tmp_path: Path) -> None:
    before = scratch_folders()
    document = tmp_path / "long.tif"
    document.write_bytes(slow_document())
    command = [sys.executable, "-c", WORKER, str(document)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"page\n"
        left = psutil.Process(worker.pid).children(recursive=True)
        assert len(left) >= 2, "a server and its child"
        worker.kill()
    _, alive = psutil.wait_procs(left, timeout=20)
    assert not alive
    assert scratch_folders() <= before
