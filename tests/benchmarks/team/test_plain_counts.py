"""Plain counting and the product's core say the same of the same labels, though they have no line in common."""

from __future__ import annotations

import random

import pytest

from benchmarks.team.filling import Label, Shown, fill_in
from benchmarks.team.habits import BILLERS
from benchmarks.team.plain_counts import coefficient, of_label, of_pair, of_suggestions, share, total
from mlcore.agreement.anchoring import Suggested, anchoring_of, anchoring_sums
from mlcore.agreement.figures import Measured
from mlcore.agreement.pair import compare_pair
from mlcore.agreement.people import accuracy_of, accuracy_sums
from mlcore.agreement.statistics import agreement_of
from mlcore.agreement.tally import Tally
from mlcore.dataset.synthetic import generate
from mlcore.schema import HEADER_FIELDS, InvoiceRecord
from tests.benchmarks.team.test_filling import wrong_in

TRUTHS = [document.record for document in generate(120, 11)]
HEADER = [spec.name for spec in HEADER_FIELDS]


@pytest.fixture(scope="module")
def labels() -> list[tuple[InvoiceRecord, Shown, Label, Label]]:
    """Hugo saw the pre-fill, Milan did not."""
    found = []
    for number, truth in enumerate(TRUTHS):
        shown = Shown.of(truth, wrong_in(truth))
        dice = random.Random(number)
        found.append((truth, shown, fill_in(truth, shown, BILLERS[1], dice), fill_in(truth, None, BILLERS[3], dice)))
    return found


def value(figure: object) -> float:
    assert isinstance(figure, Measured)
    return figure.value


def test_agreement_is_what_plain_counting_finds(labels: list[tuple[InvoiceRecord, Shown, Label, Label]]) -> None:
    said = agreement_of(Tally.of((str(n), compare_pair(one.record, other.record)) for n, (_, _, one, other) in enumerate(labels)))
    counts = total(of_pair(one, other) for _, _, one, other in labels)
    for name in ("exact", "critical", "values", "cells", "row_f1", "row_count"):
        assert value(getattr(said, name)) == pytest.approx(share(counts, "agreement", name), abs=0.005), name
    for name in HEADER:
        assert value(said.field(name).agreement) == pytest.approx(share(counts, "agreement", name)), name
    assert 0.2 < value(said.values) < 0.95


def test_coefficients_are_what_a_table_says(labels: list[tuple[InvoiceRecord, Shown, Label, Label]]) -> None:
    said = agreement_of(Tally.of((str(n), compare_pair(one.record, other.record)) for n, (_, _, one, other) in enumerate(labels)))
    counts = total(of_pair(one, other) for _, _, one, other in labels)
    for kind in ("kappa", "alpha"):
        found = getattr(said.field("subtotal").presence, kind)
        assert value(found) == pytest.approx(coefficient(counts, "subtotal present", kind))
        assert 0 < value(found) < 1


def test_accuracy_is_what_plain_counting_finds(labels: list[tuple[InvoiceRecord, Shown, Label, Label]]) -> None:
    said = accuracy_of(accuracy_sums((str(n), other.record, truth) for n, (truth, _, _, other) in enumerate(labels)))
    counts = total(of_label(other, truth) for truth, _, _, other in labels)
    for name in ("exact", "critical", "values"):
        assert value(getattr(said, name)) == pytest.approx(share(counts, "accuracy", name), abs=0.005), name
    for name in HEADER:
        assert value(said.fields[name]) == pytest.approx(share(counts, "accuracy", name)), name


def test_anchoring_is_what_plain_counting_finds(labels: list[tuple[InvoiceRecord, Shown, Label, Label]]) -> None:
    seeded = {"total"}
    said = anchoring_of(
        anchoring_sums(Suggested(str(n), shown.record, one.record, truth, seeded) for n, (truth, shown, one, _) in enumerate(labels))
    )[""]
    counts = total(of_suggestions(one, truth, shown, seeded) for truth, shown, one, _ in labels)
    for part in ("accepted", "seeded", "natural"):
        assert value(getattr(said, part)) == pytest.approx(share(counts, "anchoring", part)), part
    assert value(said.seeded) == pytest.approx(BILLERS[1].accepts_by["total"], abs=0.12)
    assert value(said.natural) == pytest.approx(BILLERS[1].accepts, abs=0.12)
