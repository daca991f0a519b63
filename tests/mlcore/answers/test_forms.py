"""Answers say what the page prints and are read back without loss, whole or broken off."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlcore.answers import FORMS, AnswerForm
from mlcore.answers.printed import habits, printed_record, record_of
from mlcore.compare import Outcome, compare_records
from mlcore.dataset.synthetic import generate
from mlcore.documents import GoldExample
from mlcore.normalize import DateOrder, NumberStyle
from mlcore.schema import HEADER_FIELDS, LINE_ITEM_FIELDS, InvoiceRecord, LineItem, ValueKind, item_path
from tests.mlcore.conftest import Typewriter

_FORMS = pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
_TEXT = st.text("abcXYZ0189.,-/#&'\"\\éß€µ{}[]:", min_size=1, max_size=12)


@st.composite
def _printed(draw: st.DrawFn) -> dict[str, str]:
    printed = {}
    for spec in HEADER_FIELDS:
        if draw(st.booleans()):
            printed[spec.name] = draw(_TEXT)
    for row in range(draw(st.integers(0, 3))):
        printed[item_path(row, "type")] = draw(st.sampled_from("SCRB"))
        for spec in LINE_ITEM_FIELDS:
            if spec.kind is not ValueKind.ITEM_TYPE and draw(st.booleans()):
                printed[item_path(row, spec.name)] = draw(_TEXT)
    return printed


def _spelled(form: AnswerForm, printed: dict[str, str]) -> str:
    return "".join(part.text for part in form.spell(printed))


@_FORMS
@given(printed=_printed())
def test_what_is_spelled_is_read_back(form: AnswerForm, printed: dict[str, str]) -> None:
    text = _spelled(form, printed)
    assert {one.path: one.text for one in form.read(text) if one.text} == printed


@_FORMS
@given(printed=_printed(), share=st.floats(0, 1))
def test_a_broken_off_answer_says_nothing_that_was_not_said(form: AnswerForm, printed: dict[str, str], share: float) -> None:
    text = _spelled(form, printed)
    said = {one.path: one.text for one in form.read(text[: int(share * len(text))]) if one.text}
    assert said.items() <= printed.items()


@_FORMS
def test_spans_are_where_the_values_stand(form: AnswerForm) -> None:
    for document in generate(4, 9):
        text = _spelled(form, printed_record(document.gold))
        for one in form.read(text):
            if "\\" not in text[one.start : one.end]:
                assert text[one.start : one.end] == one.text


@_FORMS
def test_unlabeled_fields_are_spelled_as_absent_and_marked(form: AnswerForm) -> None:
    printed = {"vendor.name": "Apex", "total": "5.00", item_path(0, "total"): "5.00", item_path(0, "type"): "S"}
    parts = form.spell(printed, {"total"})
    assert {part.path for part in parts if part.labeled and part.path} == {"total"}
    assert "Apex" not in "".join(part.text for part in parts)


def test_prints_give_the_confirmed_record_back() -> None:
    for document in generate(40, 3):
        order, style = habits(document.text)
        back = record_of(printed_record(document.gold), order=order, style=style)
        comparison = compare_records(document.record, back)
        assert comparison.exact, [f for f in comparison.fields if f.outcome not in (Outcome.CORRECT, Outcome.BOTH_ABSENT)]


def test_a_value_is_taken_as_printed_and_one_without_a_place_as_typed(typewritten: Typewriter) -> None:
    document = typewritten("Date 27/10/2025\nTotal  1.234,50")
    record = InvoiceRecord(date=dt.date(2025, 10, 27), total=Decimal("1234.50"), tax=Decimal("7.00"), line_items=(LineItem("Rent"),))
    printed = printed_record(GoldExample(document, record, "v"))
    assert printed == {"date": "27/10/2025", "total": "1.234,50", "tax": "7.00", "line_items[0].description": "Rent"}
    assert record_of(printed, order=DateOrder.DAY_FIRST, style=NumberStyle.COMMA).total == Decimal("1234.50")


def test_a_text_that_is_no_value_is_left_out() -> None:
    record = record_of({"date": "tomorrow", "total": "abc", "line_items[0].type": "X", "line_items[0].description": "Gauze"})
    assert (record.date, record.total, record.line_items[0].type, record.line_items[0].description) == (None, None, None, "Gauze")
