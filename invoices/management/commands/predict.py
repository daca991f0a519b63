"""``manage.py predict PATH...``: read files and print what would fill in their records. Nothing is stored."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from invoices.folders import files_under
from invoices.media import SNIFF_BYTES, sniff
from invoices.models import Vendor
from invoices.prefill import learned, newest_template
from invoices.sandbox.client import ReadPage, process_reader
from invoices.sandbox.failures import Failure, ReadingFailed, SandboxLost
from invoices.sandbox.limits import Limits
from invoices.serving import load_serving, serving_model
from invoices.vendors import recognise
from mlcore.documents import DocumentText, Extraction, Page, field_to_json
from mlcore.errors import MlcoreError
from mlcore.inference.extractor import TemplatedExtractor
from mlcore.inference.model_names import name_together
from mlcore.record_json import record_to_json
from mlcore.templates import VendorTemplate
from mlcore.templates.extractor import TemplateExtractor


@dataclass(frozen=True, slots=True)
class _File:
    text: DocumentText
    template: VendorTemplate | None


class Command(BaseCommand):
    """Exit code 0: every file was read; 1: some could not be; 2: a path that does not exist, or a model that cannot be used."""

    help = (
        "Read PDF, PNG, JPEG and TIFF files in the sandbox and print one JSON object a line: the record, its values with "
        "confidence and places, and the checks, as the serving model and the templates of this station fill them in."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """PATH..., --templates-only."""
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files and folders; folders with all that is below them")
        parser.add_argument("--templates-only", action="store_true", help="without the model, as a document is filled in at first")

    def handle(self, *args: Any, **options: Any) -> None:
        """Batches of ``COUNTERSIGN_MODEL_BATCH`` files are read with the model together."""
        missing = [str(path) for path in options["paths"] if not path.exists()]
        if missing:
            raise CommandError(f"There is no {', '.join(missing)}.", returncode=2)
        reader = None if options["templates_only"] else _reader()
        paths = list(files_under(options["paths"]))
        all_read = True
        for start in range(0, len(paths), settings.MODEL_BATCH):
            batch = [(path, _read(path)) for path in paths[start : start + settings.MODEL_BATCH]]
            answers = _extract([file for _, file in batch if isinstance(file, _File)], reader)
            for path, file in batch:
                answer = next(answers) if isinstance(file, _File) else {"error": file}
                self.stdout.write(json.dumps({"file": str(path), **answer}, ensure_ascii=False))
            all_read = all_read and all(isinstance(file, _File) for _, file in batch)
        if not all_read:
            raise SystemExit(1)


def _read(path: Path) -> _File | dict[str, str]:
    """The file's text and the template of its vendor, or the code and the sentence of why it cannot be read."""
    try:
        text = _text(path)
    except ReadingFailed as failure:
        return {"code": failure.code, "message": failure.message}
    except SandboxLost as lost:
        return {"code": lost.code, "message": f"{lost} Read the file again."}
    except OSError as error:
        return {"code": "unreadable", "message": f"The file cannot be opened: {error.strerror}."}
    vendor = recognise(text)
    stored = newest_template(vendor) if isinstance(vendor, Vendor) else None
    return _File(text, learned(stored))


def _reader() -> TemplatedExtractor | None:
    artifact = serving_model()
    try:
        return load_serving(artifact) if artifact else None
    except MlcoreError as error:
        raise CommandError(f"{error} With --templates-only the files are read without it.", returncode=2) from error


def _text(path: Path) -> DocumentText:
    """Raises ``ReadingFailed``, also for a file of another kind."""
    pages: list[Page] = []

    def keep(read: ReadPage) -> None:
        pages.append(read.page)

    with path.open("rb") as file:
        media_type = sniff(file.read(SNIFF_BYTES))
        if media_type is None:
            raise ReadingFailed(Failure.NOT_AN_INVOICE_FILE)
        process_reader().read(file, media_type, replace(Limits(), pages=settings.MAX_PAGES), keep)
    return DocumentText(tuple(pages))


def _extract(files: list[_File], reader: TemplatedExtractor | None) -> Iterator[dict[str, Any]]:
    if reader is None:
        for file in files:
            [found] = TemplateExtractor(file.template).extract([file.text])
            yield _answer(found.model_id, found)
    elif files:
        found_together = reader.extract([file.text for file in files], [file.template for file in files])
        for file, found in zip(files, found_together, strict=True):
            yield _answer(name_together(reader.model_id, file.template), found)


def _answer(model_id: str, found: Extraction) -> dict[str, Any]:
    return {
        "model_id": model_id,
        "record": record_to_json(found.record),
        "fields": [field_to_json(field) for field in found.fields],
        "checks": [check.to_json() for check in found.checks],
        "route": found.route.value,
    }
