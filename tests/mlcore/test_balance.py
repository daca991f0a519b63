"""The balance solver: shared vectors, and what must hold for any invoice."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlcore.balance import explain_imbalance
from mlcore.record_json import record_from_json
from mlcore.schema import InvoiceRecord, LineItem

VECTORS: list[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "vectors" / "balance.json").read_text(encoding="utf-8"))


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_shared_vectors(vector: dict[str, Any]) -> None:
    balance = explain_imbalance(record_from_json(vector["record"]))
    expected = vector["expected"]
    assert balance.residuals.rows == tuple(_number(text) for text in expected["residuals"]["rows"])
    assert balance.residuals.lines == _number(expected["residuals"]["lines"])
    assert balance.residuals.total == _number(expected["residuals"]["total"])
    assert [{"path": e.path, "kind": e.kind.value, "value": e.value} for e in balance.explanations] == expected["explanations"]


def _invoice(prices: list[tuple[int, int]]) -> InvoiceRecord:
    items = tuple(LineItem(f"item {i}", Decimal(q), Decimal(p) / 100, Decimal(q) * p / 100) for i, (q, p) in enumerate(prices))
    subtotal = sum((item.total for item in items if item.total is not None), Decimal(0))
    return InvoiceRecord(line_items=items, subtotal=subtotal, tax=Decimal("1.50"), total=subtotal + Decimal("1.50"))


ROWS = st.lists(st.tuples(st.integers(1, 99), st.integers(1, 99999)), min_size=1, max_size=8)


@given(ROWS)
def test_a_consistent_invoice_is_balanced_and_needs_no_explanation(prices: list[tuple[int, int]]) -> None:
    balance = explain_imbalance(_invoice(prices))
    assert balance.balanced
    assert balance.explanations == ()


@given(ROWS, st.integers(0, 7), st.integers(2, 10**7))
def test_the_true_amount_is_among_the_best_explanations_of_one_wrong_amount(prices: list[tuple[int, int]], pick: int, off: int) -> None:
    right = _invoice(prices)
    row = pick % len(prices)
    items = list(right.line_items)
    true = items[row].total
    assert true is not None
    items[row] = LineItem(items[row].description, items[row].quantity, items[row].unit_price, true + Decimal(off))
    balance = explain_imbalance(InvoiceRecord(line_items=tuple(items), subtotal=right.subtotal, tax=right.tax, total=right.total))
    best = {(e.path, e.value) for e in balance.explanations[:3]}
    assert (f"line_items[{row}].total", f"{true:.2f}") in best


@given(ROWS, st.integers(0, 7), st.integers(0, 10**7), st.integers(0, 10**7))
def test_no_row_of_an_invoice_is_said_to_be_negative(prices: list[tuple[int, int]], pick: int, amount: int, subtotal: int) -> None:
    right = _invoice(prices)
    items = list(right.line_items)
    row = pick % len(items)
    items[row] = LineItem(items[row].description, None, None, Decimal(amount) / 100)
    record = InvoiceRecord(line_items=tuple(items), subtotal=Decimal(subtotal) / 100, tax=right.tax, total=right.total)
    assert not [e for e in explain_imbalance(record).explanations if e.path.endswith("].total") and e.value.startswith("-")]


def test_a_removed_row_is_explained_as_missing() -> None:
    right = _invoice([(2, 1000), (3, 500), (1, 7777)])
    found = InvoiceRecord(line_items=right.line_items[:2], subtotal=right.subtotal, tax=right.tax, total=right.total)
    first = explain_imbalance(found).explanations[0]
    assert (first.path, first.kind.value, first.value) == ("line_items[2]", "missing_row", "77.77")
    assert first.sentence == "A row of 77.77 is missing from the lines."


def test_thousands_of_rows_stay_within_the_limit_of_explanations() -> None:
    right = _invoice([(1, 100)] * 2000)
    assert right.subtotal is not None
    wrong = InvoiceRecord(line_items=right.line_items, subtotal=right.subtotal - 20, tax=right.tax, total=right.total)
    assert len(explain_imbalance(wrong).explanations) <= 8
