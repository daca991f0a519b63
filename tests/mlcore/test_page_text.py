"""The text of a document for a model, and the way back to the page."""

from __future__ import annotations

import pytest

from mlcore.dataset.synthetic import generate
from mlcore.page_text import page_text, text_of_rows
from tests.mlcore.conftest import Typewriter

_PAGE = """\
Apex Infusion Services          Invoice INV-7

Description         Qty     Amount
Saline bag            2      20.00
\f
Gauze                 1       5.00
"""


def test_cells_are_parted_by_tabs_and_pages_by_form_feeds(typewritten: Typewriter) -> None:
    text = page_text(typewritten(_PAGE)).text
    assert text == ("Apex Infusion Services\tInvoice INV-7\n\nDescription\tQty\tAmount\nSaline bag\t2\t20.00\fGauze\t1\t5.00")


def test_line_ids_stand_before_each_row(typewritten: Typewriter) -> None:
    lines = page_text(typewritten(_PAGE), line_ids=True).text.replace("\f", "\n").split("\n")
    assert [line.split(" ")[0] for line in lines if line] == ["L1", "L2", "L3", "L4"]


@pytest.mark.parametrize("line_ids", [False, True])
def test_every_word_is_found_again_at_its_place(line_ids: bool) -> None:
    for document in generate(6, 5):
        text = page_text(document.text, line_ids=line_ids)
        for start, token in zip(text.starts, text.tokens, strict=True):
            assert text.text[start : start + len(token.text)] == token.text
            assert token in text.tokens_in(start, start + len(token.text))


def test_a_span_has_one_box_for_each_row(typewritten: Typewriter) -> None:
    text = page_text(typewritten(_PAGE))
    start = text.text.index("bag")
    boxes = text.evidence(start, text.text.index("Gauze") + 5)
    assert [place.page for place in boxes] == [1, 2]
    assert boxes[0].box.x0 < 0.3 < boxes[0].box.x1


def test_a_window_holds_its_rows_only(typewritten: Typewriter) -> None:
    whole = page_text(typewritten(_PAGE))
    window = text_of_rows(whole.layout, [1, 2])
    assert window.text == "Description\tQty\tAmount\nSaline bag\t2\t20.00"
    assert [row for _, _, row in window.rows] == [1, 2]
