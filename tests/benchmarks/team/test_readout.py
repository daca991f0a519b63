"""Which labels the figures are of: what chance drew, with no value made wrong on purpose; seeds are of every label that was shown one."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from benchmarks.team import readout
from benchmarks.team.holding import Held
from benchmarks.team.tables import beside
from mlcore.agreement.pair import compare_pair
from mlcore.dataset.synthetic import generate
from mlcore.percent import points
from mlcore.record_json import record_to_json
from mlcore.schema import InvoiceRecord

WRONG = Decimal("987654.32")
"""No document has this total."""


def label(pk: int, document: int, person: str, record: InvoiceRecord, **more: Any) -> dict[str, Any]:
    """As ``stored.labels`` has it; ``seeded``: the total that was shown is wrong."""
    seeded = more.pop("seeded", False)
    shown = replace(TRUTHS[document], total=WRONG) if seeded else TRUTHS[document]
    plain = {"drawn_for": "", "hidden": False, "unseeded": record_to_json(TRUTHS[document])}
    return {
        "id": pk,
        "document": document,
        "person": person,
        "record": record_to_json(record),
        "prefill": record_to_json(shown),
        "seeded": {"total": {"right": "1", "wrong": str(WRONG)}} if seeded else {},
        **(plain | more),
    }


def pair(document: int, one: dict[str, Any], other: dict[str, Any], records: tuple[InvoiceRecord, InvoiceRecord]) -> dict[str, Any]:
    """As ``stored.pairs`` has it."""
    plain = {"document": document, "first": one["id"], "second": other["id"], "settled": 1, "turned": False}
    return {**plain, "prefills": ["changed", "changed"], "outcome": compare_pair(*records).to_json()}


TRUTHS = {document: found.record for document, found in enumerate(generate(4, 5))}
LET_THROUGH = {document: replace(truth, total=WRONG) for document, truth in TRUTHS.items()}


@pytest.fixture
def stored() -> dict[str, Any]:
    """Document 0: a fair pair. 1: chance drew it, and its first label let a seed through. 2: a second label because of a seed that was let
    through. 3: one label, which caught its seed."""
    labels = [
        label(1, 0, "ann", TRUTHS[0]),
        label(2, 0, "ben", TRUTHS[0], drawn_for="double"),
        label(3, 1, "ann", LET_THROUGH[1], seeded=True),
        label(4, 1, "ben", TRUTHS[1], drawn_for="double"),
        label(5, 2, "ann", LET_THROUGH[2], seeded=True),
        label(6, 2, "ben", TRUTHS[2], drawn_for="seed_missed"),
        label(7, 3, "ann", TRUTHS[3], seeded=True),
    ]
    pairs = [
        pair(0, labels[0], labels[1], (TRUTHS[0], TRUTHS[0])),
        pair(1, labels[2], labels[3], (LET_THROUGH[1], TRUTHS[1])),
        pair(2, labels[4], labels[5], (LET_THROUGH[2], TRUTHS[2])),
    ]
    made_of = {0: "agreed", 1: "adjudicated", 2: "adjudicated", 3: "single"}
    golds = [{"document": document, "record": record_to_json(TRUTHS[document]), "made_of": kind} for document, kind in made_of.items()]
    return {"labels": labels, "pairs": pairs, "golds": golds}


def test_a_pair_that_a_mistake_made_or_with_a_seed_in_it_is_in_no_agreement(stored: dict[str, Any]) -> None:
    said = readout.figures(stored, floor=1)

    assert readout.drawn_by_chance(stored) == {0, 1}
    assert readout.fair_pairs(stored) == {0}
    assert (said["agreement", readout.FAIR, "exact"]["value"], said["agreement", readout.FAIR, "exact"]["n"]) == (1.0, 1)
    assert (said["agreement", readout.ALL, "exact"]["value"], said["agreement", readout.ALL, "exact"]["n"]) == (0.333333, 3)


def test_accuracy_is_of_labels_whose_author_saw_no_seed(stored: dict[str, Any]) -> None:
    said = readout.figures(stored, floor=1)

    assert (said["accuracy", "ann", "exact"]["value"], said["accuracy", "ann", "exact"]["n"]) == (1.0, 1)
    assert said["accuracy", "ben", "exact"]["n"] == 2
    assert (said["accuracy of all pairs", "ann", "exact"]["value"], said["accuracy of all pairs", "ann", "exact"]["n"]) == (0.333333, 3)


def test_seeds_are_of_every_label_that_was_shown_one(stored: dict[str, Any]) -> None:
    said = readout.figures(stored, floor=1)

    assert (said["anchoring", "ann", "seeded"]["value"], said["anchoring", "ann", "seeded"]["n"]) == (0.666667, 3)
    assert (said["anchoring of all pairs", "ann", "seeded"]["value"], said["anchoring of all pairs", "ann", "seeded"]["n"]) == (1.0, 2)
    assert said["anchoring", "ben", "seeded"]["n"] == 0


def test_an_interval_without_the_expected_value_is_bold() -> None:
    was, now = Held(("accuracy", "x", "exact"), 0.25, 0.18, 0.33, 100, 0.33, 0.34), Held(("a", "x", "exact"), 0.3, 0.2, 0.4, 60, 0.33, 0.34)

    assert beside([("whole", was, now)]).endswith("| whole | 34.0 | 25.0 | **18.0 to 33.0** | 100 | 30.0 | 20.0 to 40.0 | 60 |")


@pytest.mark.parametrize(("share", "told"), [(0.0012, "+0.1"), (-0.0004, "0.0"), (0.0, "0.0"), (-0.02, "−2.0")])
def test_a_difference_of_nothing_has_no_sign(share: float, told: str) -> None:
    assert points(share) == told
