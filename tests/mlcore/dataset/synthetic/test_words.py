"""Words, boxes and evidence of a sheet that was drawn by hand."""

from __future__ import annotations

from mlcore.dataset.synthetic.ink import BLACK, Sheet, Span, TextRun, advance
from mlcore.dataset.synthetic.words import read_sheet


def sheet_with(*runs: TextRun) -> Sheet:
    sheet = Sheet(200.0, 100.0)
    sheet.marks.extend(runs)
    sheet.pages = max(run.page for run in runs) + 1
    return sheet


def run(x: float, baseline: float, *spans: Span, page: int = 0) -> TextRun:
    return TextRun(page, x, baseline, spans, "Helvetica", 10.0, BLACK)


def test_words_split_at_white_space_and_stand_where_they_are_drawn() -> None:
    read = read_sheet(sheet_with(run(20.0, 50.0, Span("Tel  555"))))

    first, second = read.text.pages[0].words
    assert (first.text, second.text) == ("Tel", "555")
    assert first.box.x0 == 0.1
    assert second.box.x0 == (20.0 + advance("Tel  ", "Helvetica", 10.0)) / 200.0
    assert first.box.y0 < 0.5 < first.box.y1


def test_a_value_glued_to_its_label_has_the_whole_word_as_its_place() -> None:
    read = read_sheet(sheet_with(run(20.0, 50.0, Span("Invoice #"), Span("A-17", "invoice_number"))))

    label, value = read.text.pages[0].words
    assert value.text == "#A-17"
    assert label.text == "Invoice"
    (place,) = read.evidence["invoice_number"]
    assert place.box == value.box
    assert read.printed["invoice_number"] == ("A-17",)


def test_a_wrapped_value_has_a_place_for_each_line_and_lines_read_from_left_to_right() -> None:
    path = "line_items[0].description"
    read = read_sheet(
        sheet_with(
            run(90.0, 30.2, Span("9.50", "line_items[0].total")),
            run(10.0, 30.0, Span("Patient lift,", path)),
            run(10.0, 42.0, Span("with sling", path)),
            run(10.0, 20.0, Span("page two"), page=1),
        )
    )

    assert read.text.text == "Patient lift, 9.50\nwith sling\fpage two"
    assert [place.page for place in read.evidence[path]] == [1, 1]
    assert " ".join(read.printed[path]) == "Patient lift, with sling"
