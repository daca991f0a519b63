"""What keeps documents from being wholly right."""

from __future__ import annotations

import pytest

from benchmarks.end_to_end import decided, tally, wrong_fields
from mlcore.confidence.fit import prepare
from mlcore.confidence.scorer import RuleScorer
from tests.mlcore.confidence.simulated import simulated_samples


@pytest.mark.thorough
def test_a_document_is_right_or_has_a_wrong_field_and_each_wrong_value_is_counted_once() -> None:
    samples = [prepare(one) for one in simulated_samples(40, 5, vendors=10)]
    decisions = [decided(one, RuleScorer()) for one in samples]
    found = tally(samples, decisions)
    assert found.count == len(samples)
    assert found.right == sum(one.right(decision) for one, decision in zip(samples, decisions, strict=True)) < found.count
    assert found.alone.total() <= found.count - found.right
    wrong = [wrong_fields(one, decision) for one, decision in zip(samples, decisions, strict=True)]
    assert found.documents.total() == sum(len(names) for names in wrong)
    for name, choices in found.choice.items():
        assert found.sums[name] <= choices
        assert found.form[name] <= choices
