"""The stream of documents: determinism, arithmetic, shares of line types, weights."""

from __future__ import annotations

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

import pytest

from mlcore.dataset.synthetic import SyntheticDocument, generate, major_minor_weights, vendor_catalogue
from mlcore.documents import gold_from_json, gold_to_json
from mlcore.normalize import is_procedure_code, ndc11
from mlcore.record_json import record_from_json, record_to_json
from mlcore.schema import ItemType

CENT = Decimal("0.01")


@pytest.fixture(scope="module")
def stream() -> list[SyntheticDocument]:
    """2,000 documents; text only, nothing is rendered."""
    return list(generate(2_000, 42))


def test_a_longer_stream_begins_with_the_shorter_one() -> None:
    short, long = list(generate(3, 5)), list(generate(6, 5))

    assert [d.id for d in long[:3]] == [d.id for d in short]
    assert [d.record for d in long[:3]] == [d.record for d in short]
    assert [d.text.content_id for d in long[:3]] == [d.text.content_id for d in short]


def test_another_seed_gives_other_documents() -> None:
    assert next(generate(1, 1)).record != next(generate(1, 2)).record


def test_the_arithmetic_of_every_record_holds(stream: list[SyntheticDocument]) -> None:
    for document in stream[:400]:
        record = document.record
        lines = Decimal("0.00")
        for item in record.line_items:
            assert item.total is not None
            lines += item.total
            if item.quantity is not None and item.unit_price is not None:
                assert item.total == (item.quantity * item.unit_price).quantize(CENT, ROUND_HALF_UP)
        assert record.subtotal in (None, lines)
        assert record.total == lines + (record.tax or 0)


def test_each_rare_type_has_four_to_five_percent_of_the_lines(stream: list[SyntheticDocument]) -> None:
    counts = Counter(line.kind for document in stream for line in document.invoice.lines)
    total = counts.total()

    for kind in (ItemType.COMPOUND_MEDICATION, ItemType.DME_RENTAL, ItemType.BUNDLED_SERVICE):
        assert 0.035 < counts[kind] / total < 0.05, kind
    assert counts[ItemType.STANDARD_MEDICATION] / total > 0.85


def test_codes_have_the_forms_of_ndc_and_hcpcs(stream: list[SyntheticDocument]) -> None:
    for document in stream[:300]:
        for line in document.invoice.lines:
            assert not line.product.ndc or ndc11(line.product.ndc)
            assert not line.product.code or is_procedure_code(line.product.code)


def test_some_papers_print_no_tax_no_subtotal_and_no_quantities(stream: list[SyntheticDocument]) -> None:
    records = [document.record for document in stream[:300]]

    assert any(record.tax is None for record in records)
    assert any(record.tax == 0 for record in records)
    assert any(record.tax for record in records)
    assert any(record.subtotal is None for record in records)
    assert any(item.quantity is None for record in records for item in record.line_items)


def test_some_documents_run_over_pages(stream: list[SyntheticDocument]) -> None:
    longest = max(stream, key=lambda document: len(document.invoice.lines))

    assert len(longest.text.pages) > 1
    assert {place.page for places in longest.evidence.values() for place in places} == set(range(1, len(longest.text.pages) + 1))


def test_records_and_examples_survive_json() -> None:
    for document in generate(10, 9):
        assert record_from_json(record_to_json(document.record)) == document.record
        assert gold_from_json(gold_to_json(document.gold)).record == document.record


def test_major_vendors_write_three_quarters() -> None:
    makers = vendor_catalogue()
    weights = major_minor_weights(makers)
    written = Counter(document.vendor.major for document in generate(800, 1, makers, weights))

    assert 0.70 < written[True] / 800 < 0.80


def test_weights_must_match_the_vendors() -> None:
    with pytest.raises(ValueError, match="2 weights for 27 vendors"):
        next(generate(1, 1, weights=(1.0, 2.0)))
