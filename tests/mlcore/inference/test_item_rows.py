"""Where the line item under way stands, and what may then be said of it."""

from __future__ import annotations

import pytest

from mlcore.answers import FORMS, AnswerForm
from mlcore.base_model.loading import LoadedBase, load_base
from mlcore.inference.grammar import Grammars, Guide
from mlcore.inference.item_rows import place_of, rows_of
from tests.mlcore.tiny import write_tiny_base

_PAGE = """Apex Infusion\tInvoice\tINV-7
NDC\tItem\tQty\tPrice\tAmount
0143-9619-10\tSaline bag\t2\t10.00\t20.00
0338-0049-02\tGauze roll with a name
that wraps\t3\t5.00\t15.00
Code J1100
Lot 7
Contract
Swab\t4\t1.00\t4.00
Saline bag\t6\t10.50\t63.00
Total\t102.00"""
_ROWS = rows_of(_PAGE)
_HELD = pytest.mark.parametrize("form", [form for form in FORMS.values() if form.rest is not None], ids=lambda form: form.name)


def test_an_item_stands_where_the_longest_beginning_of_its_description_does() -> None:
    """It reaches down to the next row with numbers: its own row has some already."""
    place = place_of("Gauze roll with a name that wraps", _ROWS, 0)
    assert place is not None
    assert place.next_row == 4
    assert place.own.split("\n") == list(_ROWS[3:5])
    assert place.here.split("\n") == list(_ROWS[3:8])
    assert place.below.split("\n") == list(_ROWS[4:])


def test_an_item_without_numbers_on_its_row_reaches_to_the_next_row_that_has_some() -> None:
    rows = rows_of("Gauze roll\nwith a name\nNDC 0338-0049-02\n3\t5.00\t15.00\nSwab\n4\t1.00\t4.00")
    place = place_of("Gauze roll with a name", rows, 0)
    assert place is not None
    assert place.here.split("\n") == list(rows[:4])


def test_of_two_rows_alike_the_upper_one_that_is_left_is_taken() -> None:
    first = place_of("Saline bag", _ROWS, 0)
    assert first is not None
    assert first.next_row == 3
    second = place_of("Saline bag", _ROWS, first.next_row)
    assert second is not None
    assert second.next_row == 10


def test_what_stands_nowhere_or_only_above_has_no_place() -> None:
    assert place_of("Oxygen", _ROWS, 0) is None
    assert place_of("Swab", _ROWS, 9) is None
    assert place_of("", _ROWS, 0) is None


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> LoadedBase:
    return load_base(write_tiny_base(tmp_path_factory.mktemp("base")), "fp32", "cpu")


def _after(base: LoadedBase, form_name: str, answer: str) -> Guide:
    """The guide after an answer that breaks off."""
    guide = Grammars(base.tokenizer, base.model.config.vocab_size).guide(FORMS[form_name], _PAGE)
    for token in base.tokenizer(answer)["input_ids"]:
        guide.take(token)
    return guide


def _may_be_said(base: LoadedBase, guide: Guide, text: str) -> bool:
    tokens = base.tokenizer(text)["input_ids"]
    return guide.could_take(tokens) == len(tokens)


_BEGUN = {"keyed-1": "total: 102.00\n-\titem: Saline bag\t", "rows-1": "\n\n\n\n\n\n102.00\nSaline bag\t"}
_PRICE = {"keyed-1": "ndc: 0143-9619-10\ttype: S\tprice: {}\tamount: ", "rows-1": "0143-9619-10\t\tS\t\t{}\t"}


@_HELD
def test_an_item_takes_no_value_of_rows_that_are_not_its_own(base: LoadedBase, form: AnswerForm) -> None:
    name = form.name
    guide = _after(base, name, _BEGUN[name])
    assert _may_be_said(base, guide, _PRICE[name].format("10.00"))
    assert not _may_be_said(base, guide, _PRICE[name].format("10.50"))


@_HELD
def test_a_code_that_stands_beside_the_description_is_said(base: LoadedBase, form: AnswerForm) -> None:
    guide = _after(base, form.name, _BEGUN[form.name])
    assert not _may_be_said(base, guide, {"keyed-1": "type: S", "rows-1": "\t\tS"}[form.name])


_ITEM = {
    "keyed-1": "total: 102.00\n-\titem: Gauze roll with a name that wraps\tndc: 0338-0049-02\tcode: J1100\ttype: S\tqty: 3\n",
    "rows-1": "\n\n\n\n\n\n102.00\nGauze roll with a name that wraps\t0338-0049-02\tJ1100\tS\t3\t\t\n",
}
_NEXT = {"keyed-1": "-\titem: {}", "rows-1": "{}\t"}


@_HELD
def test_later_items_begin_further_down(base: LoadedBase, form: AnswerForm) -> None:
    name = form.name
    guide = _after(base, name, _ITEM[name])
    assert _may_be_said(base, guide, _NEXT[name].format("Swab"))
    assert not _may_be_said(base, guide, _NEXT[name].format("Gauze"))


@_HELD
def test_after_the_last_row_there_is_no_item(base: LoadedBase, form: AnswerForm) -> None:
    name = form.name
    rest = {"keyed-1": "total: 102.00\n-\titem: Total\ttype: S\n", "rows-1": "\n\n\n\n\n\n102.00\nTotal\t\t\tS\t\t\t\n"}
    guide = _after(base, name, rest[name])
    assert guide.take_forced(5) == [base.tokenizer.eos_token_id] or guide.ended()
