"""ANLS*: worked examples of the definition, and what must hold for any record."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from mlcore.evaluation.anls import Tree, anls_star, tree_of
from mlcore.schema import InvoiceRecord
from tests.mlcore.evaluation.records import invoice, records, row


@pytest.mark.parametrize(
    ("expected", "found", "score"),
    [
        ("Hello World", "hello  world", 1.0),
        ("Hello World", "Hello Wrld", 10 / 11),
        ("abcd", "abxy", 0.5),
        ("abcd", "axyz", 0.0),
        (None, "", 1.0),
        (None, None, 1.0),
        (None, "x", 0.0),
        ([], [], 1.0),
        ({"a": "b", "c": "d"}, {"a": "b", "e": "d"}, 1 / 3),
        ({"a": "b"}, {"a": "b", "c": None}, 1.0),
        ({"a": ["a", "b", "c"]}, {"a": ["b", "c"]}, 2 / 3),
        ({"a": ["a", "b", "c"]}, {"a": "b"}, 0.0),
        (["one", "two", "three"], ["three", "one", "two"], 1.0),
        ({"a": "hello", "b": ["this", "is", "a", "test"]}, {"a": "hello!", "b": ["a", "test", "this", "be"]}, (5 / 6 + 3) / 5),
        (
            {"k1": "1", "k2": "mock", "rows": [{"a": "b", "c": "d"}, {"e": "f"}]},
            {"k1": "1", "k2": "kcom", "rows": [{"e": "f"}, {"a": "y", "c": "d"}]},
            3 / 5,
        ),
    ],
)
def test_worked_examples(expected: Tree, found: Tree, score: float) -> None:
    assert anls_star(expected, found) == pytest.approx(score)


@given(records(), records())
@settings(max_examples=60)
def test_it_is_a_share_and_one_only_for_the_same(left: InvoiceRecord, right: InvoiceRecord) -> None:
    assert anls_star(tree_of(left), tree_of(left)) == pytest.approx(1)
    assert 0 <= anls_star(tree_of(left), tree_of(right)) <= 1


def test_a_near_miss_scores_more_than_a_far_one() -> None:
    expected = tree_of(invoice("A100", row("metformin", "1.00")))
    near, far = tree_of(invoice("A100", row("metformim", "1.00"))), tree_of(invoice("A100", row("aspirin", "1.00")))
    assert 1 > anls_star(expected, near) > anls_star(expected, far)


def test_only_labeled_fields_are_in_the_tree() -> None:
    assert tree_of(invoice("A1", row("x", "1.00")), {"invoice_number", "line_items.total"}) == {
        "invoice_number": "A1",
        "line_items": [{"total": "1"}],
    }
