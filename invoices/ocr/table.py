"""Reads what Tesseract reports, whichever way it was called."""

from __future__ import annotations

from invoices.ocr.engine import OcrWord

_WORD_LEVEL = "5"
_LEFT, _TOP, _WIDTH, _HEIGHT, _CONFIDENCE, _TEXT = 6, 7, 8, 9, 10, 11
_SURE_TURN = 1.0
_SPECK, _UNBELIEVED = 2, 30.0
_DEBRIS = "|‘’`´~{}\\_«»¦"
"""What is left of rules, folds and dirt; invoices print none of it around a word."""
_SIGNS = frozenset("&-–—+#/%$€£@*")
"""The signs that say something while they stand alone."""


def words_from_table(table: str) -> list[OcrWord]:
    """Words from Tesseract's tab separated table; lines of other levels, blank words and debris are skipped."""
    words = []
    for line in table.split("\n"):
        cells = line.split("\t")
        text = _print_of(cells[_TEXT]) if len(cells) > _TEXT and cells[0] == _WORD_LEVEL else ""
        if not text or _is_speck(text, cells[_CONFIDENCE]):
            continue
        left, top = float(cells[_LEFT]), float(cells[_TOP])
        confidence = min(max(float(cells[_CONFIDENCE]) / 100, 0.0), 1.0)
        words.append(OcrWord(text, left, top, left + float(cells[_WIDTH]), top + float(cells[_HEIGHT]), confidence))
    return words


def _print_of(text: str) -> str:
    """The word without debris at its ends; empty when nothing of it was print."""
    bare = text.strip().strip(_DEBRIS)
    return bare if bare.rstrip(",.;:") in _SIGNS or any(char.isalnum() for char in bare) else ""


def _is_speck(text: str, confidence: str) -> bool:
    """One or two letters that the engine hardly believes in itself; digits stay, since a quantity is that short."""
    return len(text) <= _SPECK and float(confidence) < _UNBELIEVED and not any(char.isdigit() for char in text)


def turn_from_report(degrees: int, confidence: float) -> int | None:
    """Tesseract says by how much the page was turned clockwise; the answer is how to turn it back."""
    return (360 - degrees) % 360 if confidence >= _SURE_TURN else None
