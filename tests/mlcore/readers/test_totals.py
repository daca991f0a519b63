"""Subtotal, tax and total together: what two amounts that are equal say, and what they do not."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from mlcore.arithmetic.totals import LinesSum, choose_totals
from mlcore.readers.candidates import Candidate

Scored = Sequence[tuple[str, float]]
NO_LINES = LinesSum(None, 0)


def chosen(lines: LinesSum = NO_LINES, **fields: Scored) -> dict[str, str | None]:
    """The amounts that are chosen among candidates ``(amount, score)``, each on words of its own."""
    header = {
        name: [Candidate(name, Decimal(text), text, (), score, "label", 1, (10 * place + n,)) for n, (text, score) in enumerate(candidates)]
        for place, (name, candidates) in enumerate(fields.items())
    }
    return {name: one.raw if one else None for name, one in choose_totals(header, lines).items()}


@pytest.mark.parametrize("rows", [1, 3])
def test_a_subtotal_that_equals_the_total_is_not_there_because_the_lines_sum_to_both(rows: int) -> None:
    found = chosen(LinesSum(Decimal("60.00"), rows), subtotal=[("60.00", 0.35)], total=[("60.00", 0.9)])
    assert found == {"subtotal": None, "tax": None, "total": "60.00"}


def test_a_subtotal_that_equals_the_total_stays_where_its_label_says_so() -> None:
    found = chosen(LinesSum(Decimal("60.00"), 3), subtotal=[("60.00", 0.7)], total=[("60.00", 0.9)])
    assert found["subtotal"] == "60.00"


def test_lines_that_sum_to_a_subtotal_below_the_total_are_evidence_of_it() -> None:
    found = chosen(LinesSum(Decimal("60.00"), 3), subtotal=[("60.00", 0.35)], tax=[("4.80", 0.4)], total=[("64.80", 0.9)])
    assert found == {"subtotal": "60.00", "tax": "4.80", "total": "64.80"}


def test_a_tax_of_nothing_is_no_evidence_that_a_sum_fits() -> None:
    found = chosen(subtotal=[("60.00", 0.9)], tax=[("0.00", 0.4)], total=[("60.00", 0.9)])
    assert found == {"subtotal": "60.00", "tax": None, "total": "60.00"}


def test_a_tax_of_nothing_leaves_room_for_charges_between_subtotal_and_total() -> None:
    found = chosen(subtotal=[("60.00", 0.8)], tax=[("0.00", 0.7)], total=[("65.00", 0.7), ("60.00", 0.2)])
    assert found == {"subtotal": "60.00", "tax": "0.00", "total": "65.00"}
