"""What the size of the print and the rest of the page say of a possible name."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from mlcore.documents import Box, DocumentText, Page, Word
from mlcore.readers.context import Context
from mlcore.readers.layout import build_layout
from mlcore.readers.scoring import Features
from mlcore.readers.vendor_reader import find_names, name_features

Line = tuple[str, float]
LETTER = [
    (text, 10.0)
    for text in ("Lakeside Infusion Center", "900 Lakeshore Drive", "Erie, PA 16501", "Please pay within thirty days of receipt")
]
"""Plain print, of which a page has most."""


def printed(lines: Sequence[Line]) -> DocumentText:
    """Lines of text, each in print as high as its number says (points), on a page 600 points wide."""
    words, y = [], 40.0
    for number, (text, height) in enumerate(lines):
        x = 40.0
        for word in text.split():
            wide = 0.5 * height * len(word)
            words.append(Word(word, Box(x / 600, y / 800, (x + wide) / 600, (y + height) / 800), number))
            x += wide + 0.4 * height
        y += 1.3 * height
    return DocumentText((Page(1, 600, 800, tuple(words)),))


def features(lines: Sequence[Line], text: str) -> Features:
    """The features of the first possible name with a text."""
    context = Context(build_layout(printed(lines)))
    names = find_names(context)
    return next(found for span, found in zip(names, name_features(context, names), strict=True) if span.text == text)


TWO_LINES = [("Harborview Medical", 20.0), ("Supply Company", 20.0), ("400 Dock Street", 10.0), *LETTER]


def test_a_line_of_large_print_goes_on_in_one_of_the_same_height() -> None:
    assert features(TWO_LINES, "Harborview Medical")["goes_on"] == 1.0
    assert features(TWO_LINES, "Supply Company")["goes_on"] == 0.0
    assert features([("Harborview Medical", 20.0), ("Supply Company", 14.0), *LETTER], "Harborview Medical")["goes_on"] == 0.0
    assert features([("Harborview Medical", 10.0), ("Supply Company", 10.0), *LETTER], "Harborview Medical")["goes_on"] == 0.0


@pytest.mark.parametrize(("heights", "expected"), [((20.0, 20.0), 1.0), ((20.0, 14.0), 0.0), ((10.0, 10.0), 0.0)])
def test_a_name_of_two_lines_is_in_large_print_where_both_are_equally_large(heights: tuple[float, float], expected: float) -> None:
    lines = [("Harborview Medical", heights[0]), ("Supply Company", heights[1]), *LETTER]
    assert features(lines, "Harborview Medical Supply Company")["in_large_print"] == expected


def test_the_highest_print_of_a_page_is_told_from_what_is_merely_large() -> None:
    lines = [("INVOICE", 28.0), ("Harborview Medical", 14.0), *LETTER]
    assert features(lines, "INVOICE")["highest"] == 1.0
    assert features(lines, "Harborview Medical")["highest"] == 0.0
    assert features(lines[1:], "Harborview Medical")["highest"] == 1.0
    assert features([("Harborview Medical", 10.0), *LETTER], "Harborview Medical")["highest"] == 0.0


SENDER = ("Harborview Medical - 400 Dock Street - Tacoma, WA 98402", 10.0)
FOOTER = ("Harborview Medical | www.harborview.example", 10.0)


def test_a_name_that_stands_before_an_address_elsewhere() -> None:
    found = features([("Harborview Medical", 14.0), *LETTER, SENDER], "Harborview Medical")
    assert (found["begins_a_line"], found["before_address"]) == (1.0, 1.0)
    assert features([("Harborview Medical", 14.0), *LETTER, SENDER], "Lakeside Infusion Center")["before_address"] == 0.0


def test_a_name_that_begins_a_line_of_something_else() -> None:
    found = features([("Harborview Medical", 14.0), *LETTER, FOOTER], "Harborview Medical")
    assert (found["begins_a_line"], found["before_address"]) == (1.0, 0.0)


def test_a_name_within_a_sentence_begins_no_line() -> None:
    lines = [("Harborview Medical", 14.0), *LETTER, ("Harborview Medical thanks you for your trust", 10.0)]
    assert features(lines, "Harborview Medical")["begins_a_line"] == 0.0
    commas = [("Harborview Medical", 14.0), *LETTER, ("Harborview Medical, 400 Dock Street, Tacoma, WA 98402", 10.0)]
    assert features(commas, "Harborview Medical")["before_address"] == 1.0
