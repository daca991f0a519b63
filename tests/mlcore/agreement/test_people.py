"""A labeler's accuracy, and what showing the pre-fill does to it."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal

import pytest

from mlcore.agreement.figures import Figure, Measured, NotEnough
from mlcore.agreement.pair import compare_pair
from mlcore.agreement.people import accuracy_of, accuracy_sums, effect_of_showing
from mlcore.agreement.poisson import Poisson
from mlcore.agreement.prefill import PrefillClass, PrefillPair, prefill_class, prefill_pair
from mlcore.agreement.ratios import wilson
from mlcore.errors import AgreementError
from mlcore.schema import InvoiceRecord, VendorParty
from tests.mlcore.agreement import labels
from tests.mlcore.evaluation.records import invoice, row

QUICK = Poisson(resamples=50)
TRUTH = invoice("A-1", row("saline", "4.00"), row("gauze", "5.00"))


def value(figure: Figure) -> float:
    assert isinstance(figure, Measured)
    return figure.value


def simulated(seed: int, count: int, error: float) -> list[tuple[str, InvoiceRecord, InvoiceRecord]]:
    rng = random.Random(seed)
    truths = [labels.invoice(rng, number) for number in range(count)]
    return [(f"{seed}-{n}", labels.labeled(rng, truth, error), truth) for n, truth in enumerate(truths)]


def test_accuracy_by_hand() -> None:
    shorter = replace(TRUTH, line_items=TRUTH.line_items[:1])
    wrong = replace(TRUTH, invoice_number="A-2", total=None, vendor=VendorParty("Acme"))
    found = accuracy_of(accuracy_sums([("a", TRUTH, TRUTH), ("b", shorter, TRUTH), ("c", wrong, TRUTH)], QUICK), floor=1)
    assert (found.documents, value(found.exact), value(found.critical)) == pytest.approx((3, 1 / 3, 1 / 3))
    assert value(found.fields["line_items.total"]) == pytest.approx(5 / 6), "the cells of a missing row are wrong"
    assert value(found.fields["vendor.name"]) == 0, "a value that is not on the document is wrong"
    assert value(found.fields["total"]) == pytest.approx(2 / 3)
    assert found.fields["tax"] == NotEnough(0, 1)
    assert value(found.values) == pytest.approx((11 + 7 + 9) / (11 + 11 + 12))


def test_accuracy_is_not_agreement() -> None:
    """Two who make the same mistake agree, and are both wrong."""
    wrong = replace(TRUTH, total=Decimal(99))
    assert compare_pair(wrong, wrong).exact
    assert value(accuracy_of(accuracy_sums([("a", wrong, TRUTH)], QUICK), floor=1).exact) == 0


def test_months_add_up() -> None:
    judged = simulated(1, 40, 0.1)
    assert accuracy_sums(judged[:13], QUICK) + accuracy_sums(judged[13:], QUICK) == accuracy_sums(judged, QUICK)


def test_documents_that_were_added_are_taken_off_exactly() -> None:
    documents = simulated(5, 60, 0.2)
    assert accuracy_sums(documents) - accuracy_sums(documents[:25]) == accuracy_sums(documents[25:])
    with pytest.raises(AgreementError, match="count again"):
        accuracy_sums(documents) - accuracy_sums(documents, Poisson(50))


def test_a_header_field_has_the_interval_of_wilson() -> None:
    found = accuracy_of(accuracy_sums(simulated(2, 50, 0.2), QUICK)).fields["invoice_number"]
    assert isinstance(found, Measured)
    assert (found.low, found.high) == wilson(round(50 * found.value), 50)
    # Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=1e-4)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)
    assert wilson(0, 20)[0] == 0
    assert wilson(20, 20)[1] == 1


def test_a_labelers_error_rate_is_recovered() -> None:
    hits = 0
    for seed in range(60):
        found = accuracy_of(accuracy_sums(simulated(seed, 60, 0.15)))
        for name in ("invoice_number", "line_items.total"):
            figure = found.fields[name]
            assert isinstance(figure, Measured)
            assert figure.low is not None
            assert figure.high is not None
            hits += figure.low <= 0.85 <= figure.high
    assert 0.89 <= hits / 120 <= 0.99


def test_the_effect_of_showing_is_a_difference_with_an_interval() -> None:
    shown, hidden = accuracy_sums(simulated(1, 200, 0.05)), accuracy_sums(simulated(2, 200, 0.25))
    effect = effect_of_showing(shown, hidden)
    number = effect["invoice_number"]
    assert isinstance(number, Measured)
    assert number.low is not None
    assert number.high is not None
    assert 0 < number.low < 0.2 < number.high
    assert number.n == 200
    assert effect_of_showing(shown, accuracy_sums([]))["exact"] == NotEnough(0, 20)
    back = effect_of_showing(hidden, shown)["invoice_number"]
    assert isinstance(back, Measured)
    assert (back.value, back.low) == pytest.approx((-number.value, -number.high))


def test_what_became_of_the_prefill() -> None:
    assert prefill_class(TRUTH, None) is PrefillClass.HIDDEN
    assert prefill_class(replace(TRUTH, total=Decimal("10.000")), TRUTH) is PrefillClass.UNCHANGED
    assert prefill_class(replace(TRUTH, total=Decimal(11)), TRUTH) is PrefillClass.CHANGED
    assert prefill_class(replace(TRUTH, line_items=()), TRUTH) is PrefillClass.CHANGED


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("unchanged", "unchanged", "both_unchanged"),
        ("unchanged", "hidden", "one_unchanged"),
        ("changed", "unchanged", "one_unchanged"),
        ("changed", "hidden", "both_typed"),
        ("hidden", "hidden", "both_typed"),
    ],
)
def test_two_who_accepted_the_same_are_no_two_who_typed_the_same(first: str, second: str, expected: str) -> None:
    assert prefill_pair(PrefillClass(first), PrefillClass(second)) is PrefillPair(expected)
