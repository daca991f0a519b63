"""Files of folders in batches: one outcome for each file, one transaction for each batch."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from invoices.blobs import load
from invoices.errors import StorageFull
from invoices.folders import Outcome, take_files
from invoices.intake import receive
from invoices.models import Document
from tests.invoices.paper import invoice_pdf
from workers.models import Job


def written(folder: Path, count: int, start: int = 0) -> list[Path]:
    paths = [folder / f"{number:03d}.pdf" for number in range(start, start + count)]
    for path in paths:
        path.write_bytes(b"%PDF-1.4\n" + path.name.encode())
    return paths


def test_every_file_has_its_outcome_in_its_place(db: None, tmp_path: Path) -> None:
    known = receive(name="known.pdf", data=invoice_pdf()).document
    first, second = written(tmp_path, 2)
    copy, page, gone, seen = (tmp_path / name for name in ("copy.pdf", "page.pdf", "gone.pdf", "seen.pdf"))
    copy.write_bytes(first.read_bytes())
    page.write_text("<html>")
    seen.write_bytes(invoice_pdf())
    taken = list(take_files([first, page, copy, gone, seen, second], source="command", vendor_hint=" Apex  Infusion"))
    assert [(file.path, file.outcome) for file in taken] == [
        (first, Outcome.RECEIVED),
        (page, Outcome.REFUSED),
        (copy, Outcome.DUPLICATE),
        (gone, Outcome.UNREADABLE),
        (seen, Outcome.DUPLICATE),
        (second, Outcome.RECEIVED),
    ]
    assert taken[2].document_id == taken[0].document_id
    assert taken[4].document_id == known.pk
    assert [file.code for file in taken if not file.document_id] == ["file_type_unknown", "cannot_open"]
    stored = Document.objects.get(pk=taken[5].document_id)
    assert (stored.name, stored.source, stored.vendor_hint) == ("001.pdf", "command", "Apex Infusion")
    assert load(stored.sha256) == second.read_bytes()
    assert set(Job.objects.values_list("key", flat=True)) == {f"parse:{pk}:1" for pk in Document.objects.values_list("pk", flat=True)}


def test_a_batch_is_stored_by_three_statements_after_one_look_for_each_file(db: None, tmp_path: Path) -> None:
    costs = []
    for start, count in ((0, 3), (100, 40)):
        with CaptureQueriesContext(connection) as statements:
            assert len(list(take_files(written(tmp_path, count, start), source="command"))) == count
        told = [query["sql"].split()[0] for query in statements.captured_queries if "SAVEPOINT" not in query["sql"]]
        assert told[:count] == ["SELECT"] * count, "whether the file was removed"
        costs.append(told[count:])
    assert costs[0] == costs[1] == ["SELECT", "INSERT", "INSERT"]


def test_what_fitted_is_kept_when_the_disk_is_full(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths, on_disk = written(tmp_path, 3, 200), os.fsync
    room = iter([True, False])

    def full_after_one(descriptor: int) -> None:
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode) and not next(room):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        on_disk(descriptor)

    monkeypatch.setattr("invoices.blobs.os.fsync", full_after_one)
    files = take_files(paths, source="command")
    assert next(files).path == paths[0]
    with pytest.raises(StorageFull):
        next(files)
    assert list(Document.objects.values_list("name", flat=True)) == ["200.pdf"]
