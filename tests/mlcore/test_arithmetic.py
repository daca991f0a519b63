"""The joint arithmetic check: what it chooses, what it repairs, and above all what it leaves alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from mlcore.arithmetic import adjusted_confidence, reconcile
from mlcore.arithmetic.misreadings import misreadings
from mlcore.documents import Box, Evidence
from mlcore.readers.candidates import Candidate
from mlcore.tables.reading import CellReading, RowReading, TableReading

NAMES = ("quantity", "unit_price", "total")


def row(*prints: str | None) -> RowReading:
    cells = {name: CellReading(Decimal(text), text, (), 0.8) for name, text in zip(NAMES, prints, strict=True) if text is not None}
    return RowReading(cells)


def table(*rows: RowReading, ocr: bool = True) -> TableReading:
    return TableReading(tuple(rows), frozenset(), 0.8, ocr)


def amounts(**values: str | Sequence[tuple[str, float]]) -> Mapping[str, Sequence[Candidate]]:
    """Candidates by field; each stands on words of its own."""
    found: dict[str, list[Candidate]] = {}
    for place, (name, value) in enumerate(values.items()):
        pairs = [(value, 0.8)] if isinstance(value, str) else value
        found[name] = [
            Candidate(name, Decimal(text), text, (), score, "label", 1, (10 * place + i,)) for i, (text, score) in enumerate(pairs)
        ]
    return found


def values(result: TableReading) -> list[tuple[object, ...]]:
    return [tuple(r.value(name) for name in NAMES) for r in result.rows]


def test_the_sum_chooses_between_candidates() -> None:
    header = amounts(subtotal="60.00", tax=[("12.00", 0.4), ("3.60", 0.3)], total=[("72.60", 0.4), ("63.60", 0.35)])
    result = reconcile(header, table(row("3", "20.00", "60.00")))
    assert {name: c.value for name, c in result.header.items()} == {
        "subtotal": Decimal("60.00"),
        "tax": Decimal("3.60"),
        "total": Decimal("63.60"),
    }
    assert result.notes == {}


def test_other_fields_pass_through_by_score() -> None:
    number = [Candidate("invoice_number", text, text, (), score, "label", 1, ()) for text, score in (("A1", 0.2), ("A2", 0.7))]
    assert reconcile({"invoice_number": number}, table()).header["invoice_number"].value == "A2"


GOOD = (row("2", "3.00", "6.00"), row("4", "1.25", "5.00"))


def test_the_only_repair_is_made_and_said() -> None:
    result = reconcile({}, table(*GOOD, row("7", "11.00", "71.00")))
    assert values(result.table)[2] == (Decimal(7), Decimal("11.00"), Decimal("77.00"))
    assert result.notes == {"line_items[2].total": "Read 71.00; 77.00 makes quantity x price fit."}
    assert result.table.rows[2].cells["total"].note == "Read 71.00; 77.00 makes quantity x price fit."


def test_an_amount_with_tax_is_no_misreading() -> None:
    result = reconcile({}, table(*GOOD, row("3", "500.00", "1800.00")))
    assert values(result.table)[2] == (Decimal(3), Decimal("500.00"), Decimal("1800.00"))


@pytest.mark.parametrize("prints", [("10", "4.50", "48.00"), ("10", "4.80", "42.00"), ("3", "20.00", "71.00")])
def test_without_exactly_one_repair_nothing_is_changed(prints: tuple[str, str, str]) -> None:
    result = reconcile({}, table(*GOOD, row(*prints)))
    assert values(result.table)[2] == tuple(Decimal(text) for text in prints)
    assert result.notes == {}


def test_the_text_layer_is_never_repaired() -> None:
    rows = (row("7", "13.50", "94.50"), row("2", "3.00", "6.00"), row("7", "11.00", "71.00"))
    assert values(reconcile({}, table(*rows, ocr=False)).table) == values(table(*rows))


def test_a_discount_on_every_row_is_no_misreading() -> None:
    rows = (row("10", "5.00", "45.00"), row("2", "30.00", "54.00"), row("4", "10.00", "36.00"))
    result = reconcile({}, table(*rows))
    assert values(result.table) == values(table(*rows))
    assert result.notes == {}
    assert not any(path.startswith("line_items") for path in result.support)


def test_the_lines_decide_which_cell_of_a_row_is_wrong() -> None:
    rows = (row("8", "4.50", "13.50"), row("2", "12.00", "24.00"), row("1", "22.50", "22.50"))
    result = reconcile(amounts(subtotal="60.00", total="60.00"), table(*rows))
    assert values(result.table)[0] == (Decimal(3), Decimal("4.50"), Decimal("13.50"))


def test_an_amount_without_a_product_is_repaired_from_the_sum() -> None:
    rows = (row(None, None, "13.50"), row(None, None, "84.00"), row("1", "22.50", "22.50"))
    result = reconcile(amounts(subtotal="70.00", total="70.00"), table(*rows))
    assert values(result.table)[1][2] == Decimal("34.00")
    assert result.notes["line_items[1].total"] == "Read 84.00; 34.00 makes the lines sum to the subtotal."


def test_a_total_is_repaired_when_lines_and_tax_ask_for_it() -> None:
    header = amounts(subtotal="60.00", tax="4.80", total="84.80")
    result = reconcile(header, table(row("3", "20.00", "60.00")))
    assert result.header["total"].value == Decimal("64.80")
    assert result.notes["total"] == "Read 84.80; 64.80 makes subtotal + tax = total fit."


def test_rows_are_never_invented() -> None:
    result = reconcile(amounts(subtotal="100.00", total="100.00"), table(row("3", "20.00", "60.00")))
    assert values(result.table) == [(Decimal(3), Decimal("20.00"), Decimal("60.00"))]
    assert result.support["subtotal"] != 1


def test_what_fits_gains_confidence_and_what_does_not_loses_it() -> None:
    rows = (row("3", "20.00", "60.00"), row("2", "5.00", "10.00"), row("2", "7.00", "90.00"))
    result = reconcile({}, table(*rows, ocr=False))
    confidences = [r.cells["unit_price"].confidence for r in result.table.rows]
    assert confidences[0] > 0.8
    assert confidences[2] < 0.8


def test_an_empty_document_is_no_problem() -> None:
    result = reconcile({}, TableReading())
    assert (dict(result.header), result.table.rows, dict(result.support)) == ({}, (), {})


@pytest.mark.parametrize(
    ("raw", "value", "meant"),
    [
        ("71.00", "71.00", "77.00"),
        ("1O.00", "10.00", "18.00"),
        ("4550", "4550", "45.50"),
        ("55.00", "55.00", "5.00"),
        ("12.00", "12.00", "122.00"),
    ],
)
def test_misreadings_contain_what_was_meant(raw: str, value: str, meant: str) -> None:
    assert Decimal(meant) in set(misreadings(raw, Decimal(value)))


@pytest.mark.parametrize("support", [-1.0, -0.3, 0.0, 0.4, 1.0])
def test_adjusted_confidence_stays_a_probability_and_keeps_the_direction(support: float) -> None:
    for confidence in (0.0, 0.2, 0.9, 1.0):
        adjusted = adjusted_confidence(confidence, support)
        assert 0 <= adjusted <= 1
        assert (adjusted - confidence) * support >= 0


def _placed(cell: CellReading, x0: float, x1: float, y: float) -> CellReading:
    return replace(cell, evidence=(Evidence(1, Box(x0, y, x1, y + 0.01)),))


@pytest.mark.parametrize(
    ("prints", "name", "value"),
    [
        ((None, "12.50", "50.00"), "quantity", "4"),
        (("4", None, "50.00"), "unit_price", "12.50"),
        (("4", "12.50", None), "total", "50.00"),
        (("3", "0.015", None), "total", "0.05"),
    ],
)
def test_the_third_number_of_a_row_is_computed_and_says_so(prints: tuple[str | None, ...], name: str, value: str) -> None:
    result = reconcile({}, table(row("2", "3.00", "6.00"), row(*prints)))
    cell = result.table.rows[1].cells[name]
    assert cell.value == Decimal(value)
    assert cell.note.startswith("Not read;")
    assert cell.confidence < 0.9
    assert result.notes[f"line_items[1].{name}"] == cell.note


@pytest.mark.parametrize("prints", [(None, "12.50", "51.00"), ("3", None, "50.00"), (None, None, "50.00"), (None, "0.00", "0.00")])
def test_a_number_that_does_not_come_out_even_stays_empty(prints: tuple[str | None, ...]) -> None:
    result = reconcile({}, table(row("2", "3.00", "6.00"), row(*prints)))
    assert values(result.table)[1].count(None) == prints.count(None)


def test_text_layers_and_columns_that_are_not_printed_are_not_completed() -> None:
    assert values(reconcile({}, table(row("2", "3.00", "6.00"), row(None, "2.00", "4.00"), ocr=False)).table)[1][0] is None
    lone = [row(None, "2.00", "4.00"), row(None, "3.00", "6.00"), row("1", "5.00", "5.00")]
    assert [line[0] for line in values(reconcile({}, table(*lone)).table)] == [None, None, Decimal(1)]


def test_a_computed_number_points_to_where_its_column_crosses_its_row() -> None:
    whole, part = row("2", "3.00", "6.00"), row(None, "2.00", "4.00")
    places = {"quantity": (0.5, 0.52), "unit_price": (0.6, 0.66), "total": (0.8, 0.86)}
    rows = [RowReading({n: _placed(c, *places[n], y) for n, c in line.cells.items()}) for line, y in ((whole, 0.3), (part, 0.4))]
    cell = reconcile({}, table(*rows)).table.rows[1].cells["quantity"]
    assert cell.evidence == (Evidence(1, Box(0.5, 0.4, 0.52, 0.4 + 0.01)),)
