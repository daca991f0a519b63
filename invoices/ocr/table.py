"""Reads what Tesseract reports, whichever way it was called."""

from __future__ import annotations

from invoices.ocr.engine import OcrWord

_WORD_LEVEL = "5"
_LEFT, _TOP, _WIDTH, _HEIGHT, _CONFIDENCE, _TEXT = 6, 7, 8, 9, 10, 11
_SURE_TURN = 1.0


def words_from_table(table: str) -> list[OcrWord]:
    """Words from Tesseract's tab separated table; lines of other levels and blank words are skipped."""
    words = []
    for line in table.split("\n"):
        cells = line.split("\t")
        if len(cells) <= _TEXT or cells[0] != _WORD_LEVEL or not cells[_TEXT].strip():
            continue
        left, top = float(cells[_LEFT]), float(cells[_TOP])
        confidence = min(max(float(cells[_CONFIDENCE]) / 100, 0.0), 1.0)
        words.append(OcrWord(cells[_TEXT].strip(), left, top, left + float(cells[_WIDTH]), top + float(cells[_HEIGHT]), confidence))
    return words


def turn_from_report(degrees: int, confidence: float) -> int | None:
    """Tesseract says by how much the page was turned clockwise; the answer is how to turn it back."""
    return (360 - degrees) % 360 if confidence >= _SURE_TURN else None
