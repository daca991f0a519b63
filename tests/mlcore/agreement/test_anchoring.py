"""The anchoring meter: which suggestions were wrong, which of them stood, and what seeing them does."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal

import pytest

from mlcore.agreement.anchoring import Anchoring, Suggested, anchoring_of, anchoring_sums
from mlcore.agreement.figures import Figure, Measured, NotEnough
from mlcore.agreement.poisson import Poisson
from mlcore.schema import InvoiceRecord, ItemType, LineItem
from tests.mlcore.agreement import labels
from tests.mlcore.evaluation.records import invoice, row

QUICK = Poisson(resamples=50)
TRUTH = invoice("A-1", row("saline", "4.00"), row("gauze", "5.00"), total="9.00")


def meter(*suggested: Suggested) -> dict[str, Anchoring]:
    return anchoring_of(anchoring_sums(suggested, QUICK), floor=1)


def value(figure: Figure) -> float:
    assert isinstance(figure, Measured)
    return figure.value


def test_a_right_prefill_suggests_nothing_wrong() -> None:
    found = meter(Suggested("a", TRUTH, TRUTH, TRUTH), Suggested("b", InvoiceRecord(), TRUTH, TRUTH))
    assert {one.wrong for one in found.values()} == {0}
    assert found[""].accepted == NotEnough(0, 1)


def test_accepted_corrected_and_neither() -> None:
    prefill = replace(TRUTH, total=Decimal("9.90"))
    answers = (prefill, TRUTH, replace(TRUTH, total=Decimal(7)), replace(TRUTH, total=None))
    found = meter(*(Suggested(str(n), prefill, label, TRUTH) for n, label in enumerate(answers)))["total"]
    assert (found.wrong, value(found.accepted), value(found.corrected)) == (4, 0.25, 0.25)
    assert (value(found.natural), found.seeded) == (0.25, NotEnough(0, 1))


def test_seeded_and_natural_are_counted_apart() -> None:
    prefill = replace(TRUTH, total=Decimal("9.90"), invoice_number="A-7")
    found = meter(Suggested("a", prefill, replace(prefill, invoice_number="A-1"), TRUTH, seeded=("total",)))
    assert (value(found["total"].seeded), found["total"].natural) == (1.0, NotEnough(0, 1))
    assert (value(found["invoice_number"].natural), found["invoice_number"].seeded) == (0.0, NotEnough(0, 1))
    assert (found[""].wrong, value(found[""].accepted)) == (2, 0.5)


def test_cells_are_followed_through_the_order_of_rows() -> None:
    wrong = replace(TRUTH.line_items[1], total=Decimal("5.50"))
    prefill = replace(TRUTH, line_items=(wrong, TRUTH.line_items[0]))
    kept, dropped = replace(TRUTH, line_items=(TRUTH.line_items[0], wrong)), replace(TRUTH, line_items=TRUTH.line_items[:1])
    found = meter(
        Suggested("a", prefill, kept, TRUTH, seeded=("line_items[0].total",)),
        Suggested("b", prefill, TRUTH, TRUTH, seeded=("line_items[0].total",)),
        Suggested("c", prefill, dropped, TRUTH, seeded=("line_items[0].total",)),
    )["line_items.total"]
    assert (found.wrong, value(found.seeded)) == pytest.approx((3, 1 / 3))
    assert value(found.corrected) == pytest.approx(1 / 3)


def test_a_row_that_is_not_on_the_document() -> None:
    ghost = LineItem("tax line", Decimal(8), None, Decimal(77), type=ItemType.DME_RENTAL)
    prefill = replace(TRUTH, line_items=(*TRUTH.line_items, ghost))
    found = meter(
        Suggested("a", prefill, prefill, TRUTH, seeded=("line_items[2]",)),
        Suggested("b", prefill, TRUTH, TRUTH, seeded=("line_items[2]",)),
    )["line_items"]
    assert (found.wrong, value(found.seeded), value(found.corrected)) == (2, 0.5, 0.5)


def test_the_share_of_wrong_suggestions_that_stand_is_recovered_and_told_from_what_people_do_anyway() -> None:
    rng = random.Random(8)
    shown, hidden = [], []
    for number in range(400):
        truth = labels.invoice(rng, number)
        prefill = replace(truth, total=Decimal(rng.randint(100_000, 999_999)))
        anchored = rng.random() < 0.3
        shown.append(Suggested(f"s{number}", prefill, prefill if anchored else truth, truth, seeded=("total",)))
        hidden.append(Suggested(f"h{number}", prefill, prefill if rng.random() < 0.05 else truth, truth, seeded=("total",)))
    found = anchoring_of(anchoring_sums(shown), anchoring_sums(hidden))["total"]
    for figure, truth_of in ((found.seeded, 0.3), (found.hidden, 0.05), (found.effect, 0.25)):
        assert isinstance(figure, Measured)
        assert figure.low is not None
        assert figure.high is not None
        assert figure.low <= truth_of <= figure.high
        assert figure.high - figure.low < 0.15
    assert found.to_json()["effect"]["n"] == 400
