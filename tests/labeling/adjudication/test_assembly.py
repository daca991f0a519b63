"""The record that two labels and settled differences make: rows aligned, nothing lost, nothing twice."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeling.adjudication.assembly import Settled, aligned_rows, assemble, row_from_text
from mlcore.compare import compare_records
from mlcore.errors import RecordError
from mlcore.record_json import record_from_json, record_to_json
from mlcore.schema import LineItem
from tests.labeling.blind_pairs import differences_of
from tests.labeling.conftest import RECORD


def changed(**header: Any) -> dict[str, Any]:
    return {**copy.deepcopy(RECORD), **header}


def test_what_both_have_is_taken_in_the_first_ones_spelling() -> None:
    second = changed(total="90.0", vendor={"name": "APEX INFUSION", "address": RECORD["vendor"]["address"]})
    built = assemble(record_from_json(RECORD), record_from_json(second), [])
    assert record_to_json(built.record) == RECORD
    assert all(origin.settled is None for origin in built.origins.values())


def test_a_settled_header_field_and_a_settled_cell_stand_in_their_places() -> None:
    second = changed(total="95.00")
    second["line_items"].reverse()
    second["line_items"][1]["quantity"] = "3"
    settled = [
        Settled("total", "total", "95.00", {"source": "adjudicated"}),
        Settled("line_items[0].quantity", "line_items[1].quantity", "4"),
    ]
    built = assemble(record_from_json(RECORD), record_from_json(second), settled)
    assert record_to_json(built.record)["total"] == "95.00"
    assert [item["quantity"] for item in record_to_json(built.record)["line_items"]] == ["4", "1"]
    assert built.origins["total"].settled is settled[0]
    assert built.origins["line_items[0].quantity"].settled is settled[1]
    assert built.origins["line_items[1].quantity"].path_second == "line_items[0].quantity"


@pytest.mark.parametrize("first_has_it", [True, False])
@pytest.mark.parametrize("keep", [True, False])
def test_a_row_of_one_label_is_there_when_it_was_ruled(first_has_it: bool, keep: bool) -> None:
    short = changed()
    lost = short["line_items"].pop(0)
    value = json.dumps(lost) if keep else None
    if first_has_it:
        built = assemble(record_from_json(RECORD), record_from_json(short), [Settled("line_items[0]", "", value)])
    else:
        built = assemble(record_from_json(short), record_from_json(RECORD), [Settled("", "line_items[0]", value)])
    assert record_to_json(built.record) == (RECORD if keep else short)


def test_an_empty_row_without_a_difference_is_left_out() -> None:
    second = changed()
    second["line_items"].insert(1, record_to_json(record_from_json({"line_items": [{}]}))["line_items"][0])
    assert record_to_json(assemble(record_from_json(second), record_from_json(RECORD), []).record) == RECORD


def test_differences_say_which_rows_belong_together() -> None:
    rows = (LineItem(description="Saline"), LineItem(description="Heparin"))
    other = (LineItem(description="Tubing"), LineItem(description="Saline"))
    assert aligned_rows(rows, other) == [(None, 0), (0, 1), (1, None)]
    assert aligned_rows(rows, other, [("line_items[1].description", "line_items[0].description")]) == [(0, 1), (1, 0)]


CELLS = st.fixed_dictionaries({"description": st.sampled_from(["a", "b", None]), "total": st.sampled_from(["1.00", "2.00", "3.00", None])})


@given(st.lists(CELLS, max_size=5), st.lists(CELLS, max_size=5))
def test_taking_the_first_of_every_difference_is_the_first_record_and_the_second_the_second(left: list[Any], right: list[Any]) -> None:
    left = [row for row in left if any(row.values())]
    right = [row for row in right if any(row.values())]
    first, second = record_from_json({"line_items": left}), record_from_json({"line_items": right})
    for wanted, side in ((first, 0), (second, 1)):
        built = assemble(first, second, list(settled_with(first, second, side)))
        assert compare_records(wanted, built.record).exact
        assert len(built.record.line_items) == len(wanted.line_items)


def settled_with(first: Any, second: Any, side: int) -> Any:
    for found in differences_of(record_to_json(first), record_to_json(second), None):
        yield Settled(found["path_first"], found["path_second"], found["value_second" if side else "value_first"])


def test_a_text_that_is_no_row_is_refused() -> None:
    with pytest.raises(RecordError):
        row_from_text("not a row")
