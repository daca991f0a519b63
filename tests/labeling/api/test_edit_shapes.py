"""What an edit may look like; what was typed is never refused for the sake of something beside it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from rest_framework.exceptions import ValidationError

from labeling.api.edit_shapes import MAX_EDITS, read_edits

NOW = dt.datetime(2026, 11, 22, 10, tzinfo=dt.UTC)
PLACE = {"page": 1, "box": [0.1, 0.1, 0.2, 0.12]}


def entry(**changes: Any) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "key": "total", "cell": {"value": "1"}, **changes}


def test_an_edit_is_read_with_its_defaults() -> None:
    sent = entry(cell={"value": "12,,3", "evidence": [PLACE], "later": True}, at="2026-11-22T11:00:00+02:00", keystrokes=3)
    (edit,) = read_edits([sent], NOW)
    assert edit.at == dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
    assert edit.cell == {"value": "12,,3", "mark": None, "unsure": False, "confirmed": False, "evidence": [PLACE], "cause": "typed"}
    assert (str(edit.id), edit.keystrokes, edit.active_ms) == (sent["id"], 3, 0)


def test_a_bad_place_a_stray_clock_and_characters_no_database_stores_do_not_cost_the_value() -> None:
    sent = entry(cell={"value": "a\x00b\ud800", "evidence": [{"page": 0, "box": [2, 0, 1, 1]}, 7, PLACE]}, at="0001-01-01T00:00:00Z")
    (edit,) = read_edits([sent], NOW)
    assert edit.at == NOW
    assert edit.cell is not None
    assert edit.cell["value"] == "a\ufffdb\ufffd"
    assert edit.cell["evidence"] == [PLACE]


@pytest.mark.parametrize(
    "bad",
    [
        "text",
        entry(id="1"),
        entry(id=5),
        entry(key="total\n"),
        entry(key="x" * 81),
        {"id": str(uuid.uuid4()), "key": "total"},
        entry(cell="1"),
        entry(cell={"value": 5}),
        entry(cell={"value": "x" * 100_001}),
        entry(cell={"value": "1", "mark": "smudged"}),
        entry(cell={"value": "1", "cause": ["typed"]}),
        entry(at="yesterday"),
        entry(at="2026-11-22T10:00:00"),
        entry(keystrokes=-1),
        entry(active_ms=True),
    ],
)
def test_bad_edits_are_refused_by_their_place(bad: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        read_edits([entry(), bad], NOW)
    assert list(caught.value.get_full_details()) == ["1"]


def test_a_request_holds_so_many_edits() -> None:
    with pytest.raises(ValidationError):
        read_edits([None] * (MAX_EDITS + 1), NOW)
    with pytest.raises(ValidationError):
        read_edits({"0": entry()}, NOW)
