from __future__ import annotations

from collections.abc import Callable

import pytest

from mlcore.documents import Box, DocumentText, Page, Word
from mlcore.readers.layout import build_layout, evidence_of, fold, group_rows


def test_wide_gaps_cut_a_row_into_cells(typewritten: Callable[..., DocumentText]) -> None:
    layout = build_layout(typewritten("Invoice no    Date\nA-17          2024-05-01"))
    assert [[cell.text for cell in row] for row in layout.row_cells] == [["Invoice no", "Date"], ["A-17", "2024-05-01"]]


def test_a_label_and_its_value_in_one_word_become_two_tokens_of_one_word(typewritten: Callable[..., DocumentText]) -> None:
    layout = build_layout(typewritten("Date:2024-05-01"))
    label, value = layout.rows[0]
    assert (label.text, value.text) == ("Date:", "2024-05-01")
    assert label.index == value.index == 0
    assert label.box.x1 == value.box.x0


def test_times_and_addresses_of_pages_stay_one_token(typewritten: Callable[..., DocumentText]) -> None:
    layout = build_layout(typewritten("12:30 https://acme.example"))
    assert [token.text for token in layout.rows[0]] == ["12:30", "https://acme.example"]


def test_a_tilted_row_stays_together() -> None:
    words = [Word(f"w{i}", Box(0.1 * i, 0.1 + 0.004 * i, 0.1 * i + 0.08, 0.12 + 0.004 * i), 0) for i in range(9)]
    below = [Word(f"v{i}", Box(0.1 * i, 0.13 + 0.004 * i, 0.1 * i + 0.08, 0.15 + 0.004 * i), 0) for i in range(9)]
    assert group_rows([*words, *below], 600, 800) == [list(range(9)), list(range(9, 18))]


def test_lengths_are_in_text_heights() -> None:
    small = Page(1, 300, 400, (Word("x", Box(0.1, 0.1, 0.2, 0.12), 0),))
    large = Page(1, 3000, 4000, (Word("x", Box(0.1, 0.1, 0.2, 0.12), 0),))
    sizes = [build_layout(DocumentText((page,))).rows[0][0] for page in (small, large)]
    assert sizes[0].x0 == pytest.approx(sizes[1].x0)
    assert [size.height for size in sizes] == pytest.approx([1.0, 1.0])


def _scanned(lines: list[str], widths: dict[str, float]) -> DocumentText:
    """Lines in a font of 10 points as OCR sees them: boxes of the ink, which ends short of the letter's width and of the line's height."""
    words = []
    for number, line in enumerate(lines):
        x = 40.0
        for text in line.split(" "):
            wide = sum(widths.get(char, 6.0) for char in text)
            if text:
                words.append(
                    Word(text, Box((x + 0.6) / 600, (50 + 15 * number) / 800, (x + wide - 0.6) / 600, (55.7 + 15 * number) / 800), number)
                )
            x += wide + widths.get(" ", 6.0)
    return DocumentText((Page(1, 600, 800, tuple(words)),))


_TYPED = [
    "Northgate Pharmaceutical Supply",
    "Bill to Riverside Family Clinic",
    "Invoice number  68166487",
    "Metformin tablets bottle  12  68.85  826.20",
    "Lisinopril tablets bottle   3  17.83   53.49",
    "Please quote with payment",
]


def test_one_space_of_a_typewriter_parts_no_cells_though_it_is_as_wide_as_a_letter() -> None:
    """Here it is 7.2 points between letters 5.7 high: 1.26 em, which parts columns in print of other fonts."""
    layout = build_layout(_scanned(_TYPED, {}))
    assert [[cell.text for cell in row] for row in layout.row_cells][2:5] == [
        ["Invoice number", "68166487"],
        ["Metformin tablets bottle", "12", "68.85", "826.20"],
        ["Lisinopril tablets bottle", "3", "17.83", "53.49"],
    ]
    assert [len(row) for row in layout.row_cells] == [1, 1, 2, 4, 4, 1]


def test_where_letters_differ_in_width_a_gap_of_a_letter_parts_columns() -> None:
    narrow = {**dict.fromkeys("iljt.", 2.8), **dict.fromkeys("mwMW", 8.9), " ": 6.0}
    layout = build_layout(_scanned(_TYPED, narrow))
    assert all(len(row) == len(line.split()) for row, line in zip(layout.row_cells, _TYPED, strict=True))


def test_evidence_has_one_box_for_each_row(typewritten: Callable[..., DocumentText]) -> None:
    layout = build_layout(typewritten("12 Elm Street\nToledo OH 43604"))
    places = evidence_of(layout.tokens)
    assert len(places) == 2
    assert places[0].box.y1 < places[1].box.y0


def test_fold_ignores_case_accents_and_outer_marks() -> None:
    assert fold("ÉCHÉANCE:") == "echeance"
    assert fold("Straße,") == "strasse"


def test_an_empty_document_has_an_empty_layout() -> None:
    layout = build_layout(DocumentText((Page(1, 600, 800, ()),)))
    assert layout.rows == ()
    assert not layout.narrow
