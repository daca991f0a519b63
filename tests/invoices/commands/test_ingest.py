"""``manage.py ingest`` and ``manage.py watch_folder``."""

from __future__ import annotations

import io
import os
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from invoices.models import Document
from tests.conftest import Cast
from tests.invoices.paper import invoice_pdf


def run(*arguments: str, command: str = "ingest") -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(command, *arguments, stdout=out, stderr=err)
    except SystemExit as ended:
        return int(str(ended.code)), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


@pytest.fixture
def folder(tmp_path: Path, db: None) -> Path:
    (tmp_path / "march" / "deep").mkdir(parents=True)
    (tmp_path / "march" / "a.pdf").write_bytes(invoice_pdf())
    (tmp_path / "march" / "deep" / "b.PDF").write_bytes(invoice_pdf(["another"]))
    (tmp_path / "march" / "deep" / "copy.pdf").write_bytes(invoice_pdf())
    (tmp_path / "march" / "notes.txt").write_text("not an invoice")
    (tmp_path / "march" / ".hidden.pdf").write_bytes(invoice_pdf(["hidden"]))
    return tmp_path / "march"


def test_a_folder_is_taken_with_all_below_it(folder: Path, cast: Cast) -> None:
    code, out, err = run(str(folder), "--vendor", "Apex", "--user", "biller1")
    assert (code, err) == (0, "")
    assert "3 files: 2 received, 1 known already, 0 refused, 0 unreadable." in out
    assert {(d.name, d.source, d.vendor_hint) for d in Document.objects.all()} == {
        ("a.pdf", "command", "Apex"),
        ("b.PDF", "command", "Apex"),
    }
    assert {d.uploaded_by for d in Document.objects.all()} == {cast.biller1}
    code, out, _ = run(str(folder))
    assert "0 received, 3 known already" in out


def test_refused_files_are_named_with_the_reason(folder: Path) -> None:
    (folder / "page.pdf").write_text("<html>")
    (folder / "empty.pdf").write_bytes(b"")
    code, out, err = run(str(folder), "--quiet")
    assert code == 1
    assert "empty_file" in err
    assert "file_type_unknown" in err
    assert out.strip() == "5 files: 2 received, 1 known already, 2 refused, 0 unreadable."


@pytest.mark.parametrize("arguments", [["no/such/path"], [".", "--user", "nobody"]])
def test_what_does_not_exist_stops_before_anything_is_taken(db: None, arguments: list[str]) -> None:
    with pytest.raises(CommandError, match="Nothing was taken") as stopped:
        call_command("ingest", *arguments)
    assert stopped.value.returncode == 2


def age(folder: Path, seconds: float) -> None:
    for path in folder.rglob("*.*"):
        os.utime(path, (time.time() - seconds,) * 2)


def test_the_watched_folder_takes_complete_files_only(folder: Path) -> None:
    age(folder, 10)
    (folder / "still copying.pdf").write_bytes(invoice_pdf(["half"]))
    _, out, _ = run(str(folder), "--once", command="watch_folder")
    assert out.count("received") == 2
    assert out.count("duplicate") == 1
    assert not Document.objects.filter(name="still copying.pdf").exists()
    assert (folder / "a.pdf").exists(), "nothing is moved unless asked for"
    age(folder, 10)
    run(str(folder), "--once", command="watch_folder")
    assert Document.objects.count() == 3


def test_taken_files_are_moved_when_asked_for(folder: Path, tmp_path: Path) -> None:
    done = tmp_path / "done"
    (folder / "page.pdf").write_text("<html>")
    age(folder, 10)
    _, _, err = run(str(folder), "--once", "--done-dir", str(done), command="watch_folder")
    assert sorted(path.name for path in done.iterdir()) == ["a.pdf", "b.PDF", "copy.pdf"]
    assert (folder / "page.pdf").exists()
    assert "file_type_unknown" in err


def test_a_folder_has_to_be_named(db: None) -> None:
    with pytest.raises(CommandError, match="COUNTERSIGN_WATCHED_FOLDER"):
        call_command("watch_folder")
