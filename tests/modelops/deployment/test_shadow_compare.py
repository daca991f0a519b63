"""What differs between two readings, and which of them is right."""

from __future__ import annotations

from decimal import Decimal

from mlcore.schema import InvoiceRecord, LineItem
from modelops.deployment.shadow_compare import Changed, difference

ITEM = LineItem(description="Saline", quantity=Decimal(2), total=Decimal("10.00"))
TRUTH = InvoiceRecord(invoice_number="A-1", total=Decimal("10.00"), line_items=(ITEM,))


def test_without_a_truth_only_what_differs_is_said() -> None:
    other = InvoiceRecord(invoice_number="A-7", total=Decimal("10.00"), line_items=(ITEM,))
    found = difference(TRUTH, other, None)
    assert found.changed == (Changed("invoice_number"),)
    assert (found.judged, found.right_before, found.right_after) == (0, 0, 0)


def test_a_value_that_became_right_is_won_and_one_that_became_wrong_lost() -> None:
    before = InvoiceRecord(invoice_number="A-7", total=Decimal("10.00"), line_items=(ITEM,))
    after = InvoiceRecord(invoice_number="A-1", total=Decimal("99.00"), line_items=(ITEM,))
    found = difference(before, after, TRUTH)
    assert set(found.changed) == {Changed("invoice_number", "won"), Changed("total", "lost")}
    assert (found.judged, found.right_before, found.right_after) == (5, 4, 4)
    assert (found.count("won"), found.count("lost")) == (1, 1)


def test_both_wrong_is_neither() -> None:
    before, after = InvoiceRecord(invoice_number="A-7"), InvoiceRecord(invoice_number="A-8")
    assert difference(before, after, InvoiceRecord(invoice_number="A-1")).changed == (Changed("invoice_number", ""),)


def test_a_row_that_is_found_at_last_is_won_and_one_that_is_lost_is_lost() -> None:
    without = InvoiceRecord(invoice_number="A-1", total=Decimal("10.00"))
    won, lost = difference(without, TRUTH, TRUTH), difference(TRUTH, without, TRUTH)
    assert {one.path for one in won.changed} == {f"line_items[0].{name}" for name in ("description", "quantity", "total")}
    assert {one.fate for one in won.changed} == {"won"}
    assert {one.fate for one in lost.changed} == {"lost"}
    assert (won.right_before, won.right_after) == (2, 5)
    assert (lost.right_before, lost.right_after) == (5, 2)


def test_a_value_that_is_not_on_the_document_is_wrong() -> None:
    invented = InvoiceRecord(invoice_number="A-1", tax=Decimal("1.00"))
    truth = InvoiceRecord(invoice_number="A-1")
    found = difference(truth, invented, truth)
    assert found.changed == (Changed("tax", "lost"),)
    assert (found.judged, found.right_before, found.right_after) == (2, 2, 1)


def test_a_row_too_many_is_lost_and_its_going_is_won() -> None:
    more = InvoiceRecord(invoice_number="A-1", total=Decimal("10.00"), line_items=(ITEM, LineItem(description="Nothing", total=Decimal(3))))
    assert {one.fate for one in difference(TRUTH, more, TRUTH).changed} == {"lost"}
    assert {one.fate for one in difference(more, TRUTH, TRUTH).changed} == {"won"}


def test_rows_in_another_order_are_the_same() -> None:
    second = LineItem(description="Tape", quantity=Decimal(1), total=Decimal("3.00"))
    one, other = InvoiceRecord(line_items=(ITEM, second)), InvoiceRecord(line_items=(second, ITEM))
    assert difference(one, other, None).changed == ()
