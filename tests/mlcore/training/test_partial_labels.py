"""No loss comes from what nobody labeled: neither from a value, nor from what would say that there is none, line items included."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mlcore.answers import FORMS
from mlcore.answers.form import Part
from mlcore.base_model.loading import LoadedBase
from mlcore.inference.tokens import LoadedTokens
from mlcore.schema import HEADER_FIELDS, InvoiceRecord
from mlcore.training.examples import example_of, pieces_of, training_example, weights_of
from tests.mlcore.training.conftest import receipt

_ALL_FORMS = pytest.mark.parametrize("form", list(FORMS))
HEADER = frozenset({"vendor.name", "invoice_number", "total"})


def counted(base: LoadedBase, form: str, fields: frozenset[str] | None, record: InvoiceRecord | None = None) -> tuple[str, bool, str]:
    """What is learned of an answer and whether its end is, and the answer."""
    gold = replace(receipt(2), label_fields=fields)
    gold = replace(gold, record=record) if record else gold
    one = training_example("r", gold, FORMS[form], base.tokenizer)
    first = next(place for place, piece in enumerate(one.pieces) if piece >= 0)
    answer, weights = one.tokens[first:-1], one.weights[first:-1]
    decode = LoadedTokens(base.tokenizer).decode
    return decode([t for t, w in zip(answer, weights, strict=True) if w]), one.weights[-1] > 0, decode(list(answer))


@_ALL_FORMS
def test_unlabeled_line_items_are_neither_said_nor_denied(base: LoadedBase, form: str) -> None:
    with_items, end, answer = counted(base, form, HEADER)
    without_items = counted(base, form, HEADER, replace(receipt(2).record, line_items=()))
    assert (with_items, end, answer) == without_items, "what nobody labeled makes no difference"
    assert "Apex 2" in with_items
    assert with_items.count("2") == 2, "the vendor and the total"
    assert "Gauze" not in answer
    assert "]" not in with_items
    assert end == (form == "json-1"), "the end says that no line item is left, where no sign does"
    pieces = pieces_of(replace(receipt(2), label_fields=HEADER), FORMS[form])
    assert not any(path.startswith("line_items") for path in pieces)


@_ALL_FORMS
@pytest.mark.parametrize("fields", [None, HEADER | {"line_items"}, HEADER | {"line_items.description"}])
def test_labeled_rows_are_learned_to_their_end(base: LoadedBase, form: str, fields: frozenset[str] | None) -> None:
    said, end, _ = counted(base, form, fields)
    assert said.count("Gauze") == sum(item.description.count("Gauze") for item in receipt(2).record.line_items if item.description)
    assert end


@_ALL_FORMS
def test_labeled_rows_of_which_there_are_none_are_denied(base: LoadedBase, form: str) -> None:
    said, end, answer = counted(base, form, HEADER | {"line_items"}, replace(receipt(2).record, line_items=()))
    assert end
    assert said.endswith(answer[-2:])


def test_an_unlabeled_total_that_would_end_the_answer_is_not_denied_by_its_end(base: LoadedBase) -> None:
    """A window without line items of which nobody can say whether it shows the total is labeled so (``windowed.printed_in``)."""
    labeled = frozenset({*(spec.name for spec in HEADER_FIELDS), "line_items"}) - {"total"}
    told = {"vendor.name": "Apex 2"}

    def end(fields: frozenset[str]) -> float:
        return example_of("r", "Apex 2", told, fields, FORMS["keyed-1"], base.tokenizer, rare_weight=1.0).weights[-1]

    assert end(labeled) == 0.0
    assert end(labeled | {"total"}) == 1.0


def test_a_token_that_goes_on_over_an_unlabeled_place_is_not_learned() -> None:
    parts = (Part("total: 5\n"), Part("", "line_items", labeled=False), Part("]}"))
    spans = [(0, 6), (6, 8), (8, 10), (10, 11), (11, 12)]
    assert weights_of(spans, parts, {}) == [1.0, 1.0, 0.0, 1.0, 1.0], "a line break and a bracket in one token"
    assert weights_of([(0, 8), (8, 9), (9, 10), (10, 11), (11, 12)], parts, {}) == [1.0, 1.0, 0.0, 1.0, 1.0]


def test_rows_of_rare_types_weigh_more_up_to_their_break_and_the_end_does_not() -> None:
    parts = (Part("5\n"), Part("-", row=0), Part("R", "line_items[0].type", 0), Part("", "line_items[0].total", 0), Part("\n", row=0))
    assert weights_of([(place, place + 1) for place in range(6)], parts, {0: 2.0}) == [1.0, 1.0, 2.0, 2.0, 2.0, 1.0]
