"""One blind pair: what differs, what does not, and what must hold for any two records."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore.agreement.counting import COLUMNS, count_pair
from mlcore.agreement.pair import Difference, FieldAgreement, PairOutcome, compare_pair
from mlcore.errors import AgreementError
from mlcore.schema import InvoiceRecord, ItemType, LineItem, VendorParty
from tests.mlcore.agreement.labels import sparse_records
from tests.mlcore.evaluation.records import invoice, records, row

SALINE, GAUZE, TAPE = row("saline", "4.00"), row("gauze", "5.00"), row("tape", "1.00")


def same_cells(outcome: PairOutcome) -> int:
    return sum(cell.outcome is FieldAgreement.SAME for matched in outcome.matched for cell in matched.cells)


@given(sparse_records(), sparse_records())
@settings(max_examples=150)
def test_exchanging_the_two_mirrors_the_outcome(first: InvoiceRecord, second: InvoiceRecord) -> None:
    outcome = compare_pair(first, second, vendor_first="7", vendor_second="8", marks_first={"total": "blank"})
    assert compare_pair(second, first, vendor_first="8", vendor_second="7", marks_second={"total": "blank"}) == outcome.mirrored
    assert outcome.mirrored.mirrored == outcome


@given(sparse_records(), st.randoms(use_true_random=False))
@settings(max_examples=80)
def test_the_same_record_is_exact_in_any_order_of_its_rows(record: InvoiceRecord, rng: object) -> None:
    rows = list(record.line_items)
    rng.shuffle(rows)  # type: ignore[attr-defined]
    outcome = compare_pair(record, replace(record, line_items=tuple(rows)))
    assert outcome.exact
    assert outcome.critical
    assert (outcome.only_first, outcome.only_second) == ((), ())


@given(sparse_records(), sparse_records(), st.randoms(use_true_random=False))
@settings(max_examples=80)
def test_the_order_of_rows_changes_no_number_of_equal_cells(first: InvoiceRecord, second: InvoiceRecord, rng: object) -> None:
    rows = list(second.line_items)
    rng.shuffle(rows)  # type: ignore[attr-defined]
    before, after = compare_pair(first, second), compare_pair(first, replace(second, line_items=tuple(rows)))
    assert same_cells(before) == same_cells(after)
    assert (before.rows_first, before.rows_second, before.header) == (after.rows_first, after.rows_second, after.header)


def test_rows_that_are_told_apart_count_the_same_in_any_order() -> None:
    first = invoice("A-1", SALINE, GAUZE, TAPE)
    second = invoice("A-1", SALINE, replace(GAUZE, total=Decimal(9)), TAPE)
    moved = replace(second, line_items=second.line_items[::-1])
    assert list(count_pair(compare_pair(first, second))) == list(count_pair(compare_pair(first, moved)))


@given(records(least_rows=1), st.data())
@settings(max_examples=60)
def test_a_dropped_row_is_one_difference_and_a_critical_one(record: InvoiceRecord, data: st.DataObject) -> None:
    gone = data.draw(st.integers(0, len(record.line_items) - 1))
    outcome = compare_pair(record, replace(record, line_items=record.line_items[:gone] + record.line_items[gone + 1 :]))
    (difference,) = outcome.differences
    assert (difference.name, difference.path_second, difference.value_second) == ("line_items", "", None)
    assert record.line_items[int(difference.path_first[11:-1])] == record.line_items[gone]
    assert not outcome.exact
    assert not outcome.critical
    assert (outcome.rows_first, outcome.rows_second) == (len(record.line_items), len(record.line_items) - 1)


@given(sparse_records(), sparse_records())
@settings(max_examples=60)
def test_the_stored_form_is_read_back(first: InvoiceRecord, second: InvoiceRecord) -> None:
    outcome = compare_pair(first, second, marks_first={"date": "illegible"}, vendor_first="3")
    assert PairOutcome.from_json(json.loads(json.dumps(outcome.to_json()))) == outcome


@pytest.mark.parametrize("data", [{}, {"format": 2}, {"format": 1, "header": {"total": "nearly"}}, [], None])
def test_a_damaged_stored_form_is_refused(data: object) -> None:
    with pytest.raises(AgreementError, match="compare the pair again"):
        PairOutcome.from_json(data)  # type: ignore[arg-type]


def test_two_empty_records_differ_in_nothing() -> None:
    outcome = compare_pair(InvoiceRecord(), InvoiceRecord(line_items=(LineItem(),)))
    assert outcome.exact
    assert {field.outcome for field in outcome.header} == {FieldAgreement.BOTH_ABSENT}
    counts = dict(zip(COLUMNS, count_pair(outcome), strict=True))
    assert (counts["documents"], counts["valued"], counts["exact"], counts["critical"], counts["with_rows"]) == (1, 0, 0, 0, 0)


def test_every_way_of_a_header_field() -> None:
    first = InvoiceRecord("A-1", vendor=VendorParty("Acme Inc.", None), total=Decimal("45.0"), tax=Decimal(1))
    second = InvoiceRecord("A-2", vendor=VendorParty("acme inc", "Elm St"), total=Decimal("45.00"))
    outcome = compare_pair(first, second)
    assert {field.name: field.outcome.value for field in outcome.header} == {
        "vendor.name": "same", "vendor.address": "second_only", "invoice_number": "differing", "date": "both_absent",
        "subtotal": "both_absent", "tax": "first_only", "total": "same",
    }  # fmt: skip
    assert outcome.differences == (
        Difference("vendor.address", "vendor.address", "vendor.address", None, "Elm St", critical=False),
        Difference("invoice_number", "invoice_number", "invoice_number", "A-1", "A-2", critical=True),
        Difference("tax", "tax", "tax", "1", None, critical=False),
    )
    assert not outcome.critical


def test_a_cell_has_its_path_in_each_record_and_a_row_its_json() -> None:
    unlike = LineItem("tape", Decimal(3), total=Decimal("1.00"))
    first = invoice("A-1", unlike, replace(SALINE, type=ItemType.DME_RENTAL))
    second = invoice("A-1", SALINE, GAUZE)
    outcome = compare_pair(first, second)
    cell, mine, yours = outcome.differences
    assert cell == Difference(
        "line_items.type", "line_items[1].type", "line_items[0].type", "dme_rental", "standard_medication", critical=False
    )
    assert (mine.path_first, mine.path_second, yours.path_first, yours.path_second) == ("line_items[0]", "", "", "line_items[1]")
    assert json.loads(yours.value_second or "")["description"] == "gauze"


def test_a_row_without_an_equal_cell_matches_nothing() -> None:
    first, second = InvoiceRecord(line_items=(LineItem("saline"),)), InvoiceRecord(line_items=(LineItem("gauze"),))
    outcome = compare_pair(first, second)
    assert (outcome.matched, outcome.only_first, outcome.only_second) == ((), (0,), (0,))
    assert outcome.critical, "a row of nothing critical is no critical difference"


def test_different_marks_on_two_absent_values_are_no_difference_and_are_kept() -> None:
    outcome = compare_pair(
        invoice("A-1", SALINE),
        invoice("A-1", SALINE),
        marks_first={"tax": "blank", "line_items[0].ndc_code": "illegible", "total": "illegible"},
        marks_second={"tax": "not_applicable"},
    )
    assert outcome.exact
    marked = {field.name: (field.mark_first, field.mark_second) for field in outcome.header if field.mark_first or field.mark_second}
    assert marked == {"tax": ("blank", "not_applicable")}, "a mark beside a value is not taken"
    assert [cell.mark_first for cell in outcome.matched[0].cells if cell.name == "line_items.ndc_code"] == ["illegible"]


def test_the_mark_of_a_value_that_one_could_not_read_goes_with_the_difference() -> None:
    outcome = compare_pair(InvoiceRecord(), InvoiceRecord("A-1"), marks_first={"invoice_number": "illegible"})
    (difference,) = outcome.differences
    assert (difference.mark_first, difference.value_second) == ("illegible", "A-1")
    assert Difference.from_json(difference.to_json()) == difference


def test_a_row_is_not_taken_by_another_one_that_has_less() -> None:
    """Both of the first record's rows have as many cells equal to the one that is left."""
    shorter = LineItem("saline", total=Decimal(4))
    outcome = compare_pair(InvoiceRecord(line_items=(replace(shorter, quantity=Decimal(2)), shorter)), InvoiceRecord(line_items=(shorter,)))
    assert [(matched.first, matched.second) for matched in outcome.matched] == [(1, 0)]
    assert [difference.path_first for difference in outcome.differences] == ["line_items[0]"]


def test_many_rows_turned_round_are_the_same_rows() -> None:
    rows = tuple(LineItem(f"item {n}") for n in range(300))
    assert compare_pair(InvoiceRecord(line_items=rows), InvoiceRecord(line_items=rows[::-1])).exact
