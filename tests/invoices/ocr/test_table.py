"""What of Tesseract's table is print."""

from __future__ import annotations

import pytest

from invoices.ocr.table import words_from_table


def _line(text: str, confidence: float) -> str:
    return "\t".join(["5", "1", "1", "1", "1", "1", "10", "20", "30", "12", f"{confidence}", text])


@pytest.mark.parametrize(
    ("text", "confidence", "read"),
    [
        ("|", 95, None),
        ("‘", 60, None),
        ("{Injection", 80, "Injection"),
        ("38.99|", 90, "38.99"),
        ("%,", 70, "%,"),
        ("&", 90, "&"),
        ("e", 12, None),
        ("4", 12, "4"),
        ("Ere", 12, "Ere"),
    ],
)
def test_debris_of_rules_and_folds_is_no_word(text: str, confidence: float, read: str | None) -> None:
    words = words_from_table(_line(text, confidence))
    assert [word.text for word in words] == ([read] if read else [])
