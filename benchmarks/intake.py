"""Intake: hostile files through the real intake and sandbox, what a page costs, and reading of a folder.

python -m benchmarks.intake hostile FOLDER        every file must end in a terminal state within 60 s
python -m benchmarks.intake cost FOLDER           seconds of computing a page against bare pypdfium2 and bare Tesseract
python -m benchmarks.intake folder FOLDER         ingest and read everything: how many, how long, what failed

Each run has a data folder of its own, which is removed. Results are one JSON object on the last line.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

HOSTILE_SECONDS = 60.0


def main() -> None:
    """Run one part."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=["hostile", "cost", "folder"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--limit", type=int, help="take only every n-th file, so that about this many remain")
    arguments = parser.parse_args()
    if not arguments.folder.is_dir():
        raise SystemExit(f"There is no folder {arguments.folder}. Name the folder that holds the files.")
    files = _sample(sorted(p for p in arguments.folder.rglob("*") if p.is_file() and p.suffix != ".json"), arguments.limit)
    with station():
        result = {"hostile": hostile, "cost": cost, "folder": folder}[arguments.part](files)
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "date": datetime.now(UTC).date().isoformat()}
    print(json.dumps({"part": arguments.part, **machine, **result}))


@contextmanager
def station() -> Iterator[None]:
    """Django on an empty database and blob store in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="countersign-intake-") as data:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings.dev", "COUNTERSIGN_DATA_DIR": data, "COUNTERSIGN_LOG_LEVEL": "ERROR"}
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        yield
        from invoices.sandbox.client import process_reader

        process_reader().close()


def hostile(files: list[Path]) -> dict[str, Any]:
    """Every file ends as read, failed or refused in time, and this process lives on."""
    outcomes: Counter[str] = Counter()
    slowest, late = 0.0, []
    for path in files:
        started = time.perf_counter()
        outcome = _through(path)
        seconds = time.perf_counter() - started
        slowest = max(slowest, seconds)
        if seconds > HOSTILE_SECONDS or outcome.startswith("not terminal"):
            late.append(path.name)
        outcomes[outcome] += 1
        print(f"{seconds:6.2f} s  {outcome:<28} {path.name}")
    return {"files": len(files), "slowest_s": round(slowest, 2), "not_in_time": late, "outcomes": dict(sorted(outcomes.items()))}


def folder(files: list[Path]) -> dict[str, Any]:
    """Everything in a folder, read one after the other by one process."""
    from invoices.models import Page

    started = time.perf_counter()
    outcomes = Counter(_through(path) for path in files)
    seconds = time.perf_counter() - started
    pages = dict(Counter(Page.objects.values_list("source", flat=True)))
    sizes = {"files": len(files), "pages": sum(pages.values()), "pages_by_source": pages}
    return {**sizes, "seconds": round(seconds, 1), "outcomes": dict(sorted(outcomes.items()))}


def cost(files: list[Path]) -> dict[str, Any]:
    """Seconds of computing a page: the whole way through intake and sandbox, and the bare libraries on the same pages."""
    from invoices.media import PDF, SNIFF_BYTES, sniff
    from invoices.models import Document
    from invoices.sandbox.client import process_reader

    _through(files[0])
    whole: dict[str, list[float]] = {"text_layer": [], "ocr": []}
    bare: dict[str, list[float]] = {"text_layer": [], "ocr": []}
    for path in files[1:]:
        started = _cpu()
        if _through(path) != "read":
            continue
        seconds = _cpu() - started + process_reader().cpu_seconds
        document = Document.objects.latest("pk")
        sources = set(document.pages.values_list("source", flat=True))
        if len(sources) != 1:
            continue
        source = str(sources.pop())
        with path.open("rb") as file:
            is_pdf = sniff(file.read(SNIFF_BYTES)) == PDF
        whole[source].append(seconds / document.page_count)
        bare[source].append((_bare_pdf(path) if source == "text_layer" else _bare_ocr(path, is_pdf=is_pdf)) / document.page_count)
    result: dict[str, Any] = {}
    for source, name in (("text_layer", "pypdfium2"), ("ocr", "tesseract")):
        if whole[source]:
            intake_s, bare_s = median(whole[source]), median(bare[source])
            result[source] = {
                "documents": len(whole[source]),
                "intake_cpu_s_per_page": round(intake_s, 3),
                f"bare_{name}_cpu_s_per_page": round(bare_s, 3),
                "ratio": round(intake_s / bare_s, 2),
            }
    return result


def _through(path: Path) -> str:
    """Send one file through intake and reading; what it ended as."""
    from invoices.errors import IntakeRefused
    from invoices.intake import receive
    from invoices.models import DocumentStatus
    from invoices.parsing import parse_document

    try:
        with path.open("rb") as file:
            document = receive(name=path.name, file=file, source="command").document
    except IntakeRefused as error:
        return f"refused: {error.code}"
    parse_document(document.pk, document.parse_revision)
    document.refresh_from_db()
    if document.status == DocumentStatus.FAILED:
        return f"failed: {document.error_code}"
    return "read" if document.parsed_at else f"not terminal: {document.status}"


def _bare_pdf(path: Path) -> float:
    """pypdfium2 alone: text of every page and a rendering of 150 dpi."""
    import pypdfium2

    started = _cpu()
    with pypdfium2.PdfDocument(path) as document:
        for page in document:
            page.get_textpage().get_text_range()
            page.render(scale=150 / 72).to_pil()
    return _cpu() - started


def _bare_ocr(path: Path, *, is_pdf: bool) -> float:
    """Tesseract alone, through pytesseract, on the picture as it is (PDF pages rendered at 300 dpi)."""
    import pypdfium2
    import pytesseract
    from PIL import Image

    os.environ["OMP_THREAD_LIMIT"] = "1"
    started = _cpu()
    if is_pdf:
        with pypdfium2.PdfDocument(path) as document:
            for page in document:
                pytesseract.image_to_data(page.render(scale=300 / 72).to_pil())
    else:
        with Image.open(path) as image:
            pytesseract.image_to_data(image)
    return _cpu() - started


def _cpu() -> float:
    """Seconds of computing of this process and the programs that it has waited for."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _sample(files: list[Path], limit: int | None) -> list[Path]:
    return files[:: max(1, len(files) // limit)][:limit] if limit else files


if __name__ == "__main__":
    main()
