"""Both ways to Tesseract read the same words. Each is skipped, with a reason, where it is not installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from invoices.ocr.choice import choose_engine
from invoices.ocr.engine import OcrEngine
from invoices.ocr.pages import ocr_page, turned
from invoices.ocr.table import turn_from_report, words_from_table
from tests.invoices.paper import page_picture


def test_words_with_places_and_confidence(engine: OcrEngine) -> None:
    found = ocr_page(page_picture(), engine)
    texts = [word.text for word in found.words]
    assert {"Apex", "Infusion", "INV-204881", "03/04/2026", "22.50"} <= set(texts)
    total = next(word for word in found.words if word.text == "INV-204881")
    assert 0.5 < total.confidence <= 1
    assert 0 < total.x0 < total.x1 < 1
    assert total.y0 < (90 + 64 * 3 + 20) / 1600 < total.y1
    assert (found.rotation, found.skew) == (0, 0.0)


@pytest.mark.slow
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_scan_is_turned_back(engine: OcrEngine, turn: int) -> None:
    found = ocr_page(turned(page_picture(), (360 - turn) % 360), engine)
    assert found.rotation == turn
    assert found.image.size == (1240, 1600)
    assert "INV-204881" in {word.text for word in found.words}


@pytest.mark.thorough
@pytest.mark.parametrize("angle", [1.5, -3.0])
def test_a_tilted_scan_is_straightened(engine: OcrEngine, angle: float) -> None:
    found = ocr_page(page_picture().rotate(-angle, fillcolor=255), engine)
    assert found.skew == pytest.approx(angle, abs=0.3)
    assert {"Infusion", "03/04/2026"} <= {word.text for word in found.words}


def test_the_choice_can_be_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERSIGN_OCR_ENGINE", "library")
    assert choose_engine().name.endswith("(library)")


def test_table_rows_without_words_are_skipped() -> None:
    rows = ("level page", "1 1 0 0 0 0 0 0 9 9 -1 ", "5 1 1 1 1 1 10 20 30 8 91.5 Total", "5 1 1 1 1 2 50 20 3 8 95  ")
    [word] = words_from_table("\n".join(row.replace(" ", "\t") for row in rows))
    assert (word.text, word.x0, word.y0, word.x1, word.y1, word.confidence) == ("Total", 10, 20, 40, 28, 0.915)


def test_an_unsure_turn_is_no_turn() -> None:
    assert turn_from_report(90, 0.3) is None
    assert turn_from_report(90, 5.0) == 270


def test_a_program_ended_by_its_limit_is_a_timeout(tmp_path: Path) -> None:
    """The program inherits the limit of computing time of the page; that is no crash of the reader."""
    program = tmp_path / "tesseract"
    program.write_text("#!/bin/sh\ncase \"$1\" in --list-langs) echo eng;; --version) echo 'tesseract 5.3.0';; *) kill -s XCPU $$;; esac\n")
    program.chmod(0o755)
    script = (
        "import sys, pytesseract\n"
        "from PIL import Image\n"
        "from invoices.ocr.tesseract_program import TesseractProgram\n"
        "from invoices.sandbox.failures import ReadingFailed\n"
        f"pytesseract.pytesseract.tesseract_cmd = {str(program)!r}\n"
        "try:\n    TesseractProgram('tesseract').words(Image.new('L', (80, 40), 255))\n"
        "except ReadingFailed as error:\n    print(error.code)\n"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "timeout"
