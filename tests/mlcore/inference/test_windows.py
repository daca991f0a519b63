"""Long documents: every row is in a window, and no line item is lost or doubled."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from mlcore.inference.certainty import Certainty
from mlcore.inference.places import Place
from mlcore.inference.windows import LONGEST_WORD, Spoken, Window, WindowReading, merge_windows, plan_windows, tidy_layout
from mlcore.page_text import text_of_rows
from mlcore.readers.layout import Layout, build_layout
from tests.mlcore.conftest import Typewriter, typewritten

_SURE, _UNSURE = Certainty((-0.01,), (5.0,)), Certainty((-2.0,), (0.1,))


@given(st.lists(st.integers(1, 40), max_size=120), st.integers(60, 400))
def test_every_row_is_read_and_windows_fit_and_overlap(sizes: list[int], budget: int) -> None:
    windows = plan_windows(sizes, budget)
    assert {row for window in windows for row in window.rows} == set(range(len(sizes)))
    for window in windows:
        assert sum(sizes[row] for row in window.rows) <= budget or len(window.body) == 1
        assert list(window.rows) == sorted(set(window.rows))
    for above, below in itertools.pairwise(windows):
        assert above.body[0] < below.body[0] <= above.body[-1] + 1
        assert above.body[-1] < below.body[-1]
        assert above.head == below.head
    assert (len(windows) == 1) == (sum(sizes) <= budget)


def _layout(items: int) -> Layout:
    lines = ["Apex Infusion", "", *(f"Item {n}   {n}.00" for n in range(items)), "Total   99.00"]
    return build_layout(typewritten("\n".join(lines)))


def _reading(layout: Layout, window: Window, header: dict[str, Spoken] | None = None) -> WindowReading:
    """The items of a window's rows as a model would say them: two cells each, numbered from 0 in each window."""
    said = dict(header or {})
    items = [row for row in window.rows if layout.rows[row][0].text == "Item"]
    for place, row in enumerate(items):
        words = layout.rows[row]
        said[f"line_items[{place}].description"] = Spoken(f"Item {words[1].text}", _SURE, Place(words[:2], True), 1)
        said[f"line_items[{place}].total"] = Spoken(words[2].text, _SURE, Place(words[2:], True), 1)
    return WindowReading(window, said)


@given(st.integers(1, 40), st.integers(60, 200))
def test_items_of_overlapping_windows_are_merged_without_loss_or_doubling(items: int, budget: int) -> None:
    layout = _layout(items)
    merged = merge_windows([_reading(layout, window) for window in plan_windows([10] * len(layout.rows), budget)])
    assert [said.text for path, said in merged.items() if path.endswith("description")] == [f"Item {n}" for n in range(items)]
    assert [said.text for path, said in merged.items() if path.endswith("total")] == [f"{n}.00" for n in range(items)]


def test_equal_rows_stay_two_items_and_an_item_that_an_edge_cut_gives_way() -> None:
    layout = build_layout(typewritten("A   1.00\nA   1.00\nB   2.00\nlonger\nC   3.00\nD   4.00"))
    rows = layout.rows

    def cell(place: int, name: str, *runs: int) -> tuple[str, Spoken]:
        tokens = tuple(token for run in runs for token in rows[run][:1])
        return f"line_items[{place}].{name}", Spoken(" ".join(token.text for token in tokens), _SURE, Place(tokens, True), 1)

    above = WindowReading(Window((), (0, 1, 2)), dict([cell(0, "description", 0), cell(1, "description", 1), cell(2, "description", 2)]))
    below = WindowReading(
        Window((), (1, 2, 3, 4, 5)), dict([cell(0, "description", 1), cell(1, "description", 2, 3), cell(2, "description", 4)])
    )
    assert [said.text for said in merge_windows([above, below]).values()] == ["A", "A", "B longer", "C"]


def test_a_field_is_taken_where_it_usually_stands_unless_another_window_is_much_surer() -> None:
    layout = _layout(3)

    def header(name: str, number: str, total: str, sure: Certainty = _SURE) -> dict[str, Spoken]:
        texts = {"vendor.name": name, "invoice_number": number, "total": total}
        return {path: Spoken(text, sure, None, 0) for path, text in texts.items()}

    first = _reading(layout, Window((), (0, 1)), header("Apex", "A-1", "50.00"))
    last = _reading(layout, Window((0,), (1, 2)), header("Apex Inc", "", "99.00"))
    merged = merge_windows([first, last])
    assert [merged[path].text for path in ("vendor.name", "invoice_number", "total")] == ["Apex", "A-1", "99.00"]
    unsure = _reading(layout, Window((), (0, 1)), header("Ship to", "", "", _UNSURE))
    assert merge_windows([unsure, last])["vendor.name"].text == "Apex Inc"
    assert merge_windows([unsure, unsure])["total"].text == ""


def test_words_that_are_none_are_passed_over_and_long_rows_are_cut(typewritten: Typewriter) -> None:
    layout = build_layout(typewritten(f"Apex \ud800ok\n{'x' * (LONGEST_WORD + 1)}\n{'word ' * 60}\nTotal 5.00"))
    tidy = tidy_layout(layout, 100)
    text = text_of_rows(tidy, range(len(tidy.rows))).text
    assert text.startswith("Apex \ufffdok\n")
    assert "x" * 20 not in text
    assert text.split().count("word") == 60
    assert [token.row for row in tidy.rows for token in row] == [place for place, row in enumerate(tidy.rows) for _ in row]
    assert all(sum(len(token.text) + 1 for token in row) <= 100 for row in tidy.rows)
    assert [cell.tokens for cells in tidy.row_cells for cell in cells] == [cell.tokens for cell in tidy.cells]
    plain = build_layout(typewritten("Apex\nTotal 5.00"))
    assert tidy_layout(plain, 100) is plain
