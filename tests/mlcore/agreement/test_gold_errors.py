"""What is wrong in gold, from what two signatures show about one."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal

import pytest

from mlcore.agreement.figures import Measured, NotEnough
from mlcore.agreement.gold_errors import GoldCounts, GoldErrors, GoldPart, gold_errors
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


def part(documents: int, differences: int = 0) -> GoldPart:
    """Gold records of two values each."""
    return GoldPart(2 * documents, (differences,) * documents)


def errors_of(
    hidden: list[tuple[InvoiceRecord, InvoiceRecord]], shown: list[tuple[InvoiceRecord, InvoiceRecord]], counts: GoldCounts
) -> dict[str, GoldErrors]:
    return gold_errors(
        accuracy_sums((f"h{n}", *pair) for n, pair in enumerate(hidden)),
        accuracy_sums((f"s{n}", *pair) for n, pair in enumerate(shown)),
        counts,
    )


def test_what_two_let_stand_and_what_is_settled_wrong_is_recovered_though_nobody_saw_it() -> None:
    covered = {"single": 0, "settled": 0, "gold": 0, "settling": 0}
    errs = 0.05
    for seed in range(60):
        dice = random.Random(seed)
        hidden, _ = pairs(120, dice, hidden=True)
        shown, wrong = pairs(120, dice, hidden=False)
        failed = sum(dice.random() < errs for _ in range(40))
        found = errors_of(hidden, shown, GoldCounts(part(600), part(120, 2), part(120, 1), 40, failed))["documents"]
        single, settled = MISLED * STANDS, MISLED * STANDS * STANDS + 1 - (1 - errs) ** 2
        covered["single"] += within(found.single, single)
        covered["settled"] += within(found.settled, settled)
        covered["settling"] += within(found.settling, errs)
        covered["gold"] += within(found.gold, (600 * single + 120 * settled + 120 * errs) / 840)
        assert 0 < sum(wrong) < 40
    assert min(covered.values()) >= 53, covered


def test_an_estimate_is_never_below_none_and_counts_values_too() -> None:
    found = errors_of([(TRUTH, TRUTH)] * 25, [(WRONG, TRUTH)] * 25, GoldCounts(part(10), part(25), part(25), 20, 0))
    assert measured(found["documents"].settled).value == 0
    assert measured(found["values"].single).value == 0
    assert measured(found["values"].settled).low == 0


def test_what_is_settled_wrong_counts_by_differences() -> None:
    right = [(TRUTH, TRUTH)] * 25
    found = errors_of(right, right, GoldCounts(part(0), part(10, 1), part(10, 3), 20, 2))
    assert measured(found["values"].settled).value == pytest.approx(0.1 * 10 / 20)
    assert measured(found["values"].gold).value == pytest.approx(0.1 * 40 / 40)
    assert measured(found["documents"].gold).value == pytest.approx((0.1 + 1 - 0.9**3) / 2)
    high = measured(found["documents"].gold).high
    assert high is not None
    assert measured(found["documents"].gold).value < high <= 1


def test_under_the_floor_there_is_no_number() -> None:
    few = [(TRUTH, TRUTH)] * 19
    found = errors_of(few, few, GoldCounts(part(1), part(19), part(19), 20, 0))["documents"]
    assert found.single == NotEnough(19, 20)
    assert isinstance(found.settled, NotEnough)
    assert found.to_json()["gold"] == {"value": None, "n": 19, "floor": 20}
    enough = [(TRUTH, TRUTH)] * 20
    untried = errors_of(enough, enough, GoldCounts(part(1), part(19), part(19), 3, 0))["documents"]
    assert untried.settling == NotEnough(3, 20)
    assert untried.gold == NotEnough(3, 20)
    assert isinstance(untried.single, Measured)


@pytest.mark.parametrize("others", [0, 40])
def test_gold_where_the_second_had_an_empty_form_adds_no_errors_of_its_own(others: int) -> None:
    wrong = [(WRONG if n % 2 else TRUTH, TRUTH) for n in range(40)]
    found = errors_of(wrong, wrong, GoldCounts(part(40), part(0), part(others), 20, 0))["documents"]
    assert measured(found.gold).value == pytest.approx(0.5 * 40 / (40 + others))
