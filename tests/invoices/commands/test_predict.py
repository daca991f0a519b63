"""``manage.py predict``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from invoices.models import Document
from invoices.sandbox.client import SandboxedReader
from invoices.sandbox.failures import SandboxLost
from mlcore.templates.extractor import TemplateExtractor
from tests.invoices.commands.test_ingest import run
from tests.invoices.paper import invoice_pdf, locked_pdf

pytestmark = pytest.mark.django_db


def test_files_are_read_and_nothing_is_stored(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(invoice_pdf())
    (tmp_path / "b.pdf").write_bytes(locked_pdf())
    (tmp_path / "c.pdf").write_text("no invoice at all")
    code, out, _ = run(str(tmp_path), command="predict")
    read, locked, foreign = [json.loads(line) for line in out.splitlines()]
    assert code == 1
    assert (read["model_id"], read["record"]["total"]) == (TemplateExtractor().model_id, "90.00")
    total = next(field for field in read["fields"] if field["path"] == "total")
    assert total["evidence"][0]["page"] == 1
    assert (locked["error"]["code"], foreign["error"]["code"]) == ("encrypted", "not_an_invoice_file")
    assert Document.objects.count() == 0


def test_a_reader_that_was_killed_costs_its_file_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.pdf", "b.pdf"):
        (tmp_path / name).write_bytes(invoice_pdf())
    real = SandboxedReader.read
    killed: list[SandboxedReader] = []

    def kill_first(self: SandboxedReader, *arguments: Any) -> object:
        if not killed:
            killed.append(self)
            raise SandboxLost("The reader of this document was killed from outside.")
        return real(self, *arguments)

    monkeypatch.setattr(SandboxedReader, "read", kill_first)
    code, out, _ = run(str(tmp_path), command="predict")
    lost, read = [json.loads(line) for line in out.splitlines()]
    assert (code, lost["error"]["code"], read["record"]["total"]) == (1, "sandbox_lost", "90.00")


def test_a_path_that_is_not_there_is_named() -> None:
    with pytest.raises(CommandError, match=r"There is no /nowhere\.pdf"):
        call_command("predict", "/nowhere.pdf")


def test_templates_alone_need_no_model(tmp_path: Path, settings: LazySettings) -> None:
    settings.MODEL = str(tmp_path / "no artifact")
    (tmp_path / "a.pdf").write_bytes(invoice_pdf())
    code, out, _ = run(str(tmp_path / "a.pdf"), "--templates-only", command="predict")
    assert (code, json.loads(out)["record"]["invoice_number"]) == (0, "INV-204881")
