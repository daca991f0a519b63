"""What is wrong in gold, from what two signatures show about one."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal

import pytest

from mlcore.agreement.figures import Measured, NotEnough
from mlcore.agreement.gold_errors import gold_errors
from mlcore.agreement.people import accuracy_sums
from mlcore.schema import InvoiceRecord

TRUTH = InvoiceRecord(invoice_number="INV-1", total=Decimal("90.00"))
WRONG = replace(TRUTH, total=Decimal("99.00"))
MISLED, STANDS = 0.3, 0.5


def pairs(count: int, dice: random.Random, *, hidden: bool) -> tuple[list[tuple[InvoiceRecord, InvoiceRecord]], list[bool]]:
    """First labels with their settled truth, and whether gold is wrong: nobody sees what both let stand."""
    labels, wrong = [], []
    for _ in range(count):
        misled = dice.random() < MISLED
        first = misled and dice.random() < STANDS
        second = misled and not hidden and dice.random() < STANDS
        labels.append((WRONG if first else TRUTH, WRONG if first and second else TRUTH))
        wrong.append(first and second)
    return labels, wrong


def measured(figure: object) -> Measured:
    assert isinstance(figure, Measured)
    return figure


def within(figure: object, truth: float) -> bool:
    found = measured(figure)
    assert found.low is not None
    assert found.high is not None
    return found.low <= truth <= found.high


def test_what_two_let_stand_is_recovered_though_nobody_saw_it() -> None:
    covered = {"single": 0, "settled": 0, "gold": 0}
    for seed in range(60):
        dice = random.Random(seed)
        hidden, _ = pairs(120, dice, hidden=True)
        shown, wrong = pairs(120, dice, hidden=False)
        found = gold_errors(
            accuracy_sums((f"h{n}", *pair) for n, pair in enumerate(hidden)),
            accuracy_sums((f"s{n}", *pair) for n, pair in enumerate(shown)),
            singles=600,
            both_shown=120,
            others=120,
        )["documents"]
        single, settled = MISLED * STANDS, MISLED * STANDS * STANDS
        covered["single"] += within(found.single, single)
        covered["settled"] += within(found.settled, settled)
        covered["gold"] += within(found.gold, (600 * single + 120 * settled) / 840)
        assert 0 < sum(wrong) < 40
    assert min(covered.values()) >= 53, covered


def test_an_estimate_is_never_below_none_and_counts_values_too() -> None:
    hidden = [(TRUTH, TRUTH)] * 25
    shown = [(WRONG, TRUTH)] * 25
    found = gold_errors(
        accuracy_sums((f"h{n}", *pair) for n, pair in enumerate(hidden)),
        accuracy_sums((f"s{n}", *pair) for n, pair in enumerate(shown)),
        singles=10,
        both_shown=25,
        others=25,
    )
    assert measured(found["documents"].settled).value == 0
    assert measured(found["values"].single).value == 0
    assert measured(found["values"].settled).low == 0


def test_under_the_floor_there_is_no_number() -> None:
    few = accuracy_sums((str(n), TRUTH, TRUTH) for n in range(19))
    found = gold_errors(few, few, singles=1, both_shown=19, others=19)["documents"]
    assert found.single == NotEnough(19, 20)
    assert isinstance(found.settled, NotEnough)
    assert found.to_json()["gold"] == {"value": None, "n": 19, "floor": 20}


@pytest.mark.parametrize("others", [0, 40])
def test_gold_where_the_second_had_an_empty_form_adds_no_errors(others: int) -> None:
    wrong = accuracy_sums((str(n), WRONG if n % 2 else TRUTH, TRUTH) for n in range(40))
    found = gold_errors(wrong, wrong, singles=40, both_shown=0, others=others)["documents"]
    assert measured(found.gold).value == pytest.approx(0.5 * 40 / (40 + others))
