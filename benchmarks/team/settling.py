"""What a senior says about the differences of a document whose truth the simulation knows. Pure."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.team.filling import ROWS
from benchmarks.team.writing import plain, slip
from mlcore.compare import match_rows, same
from mlcore.record_json import read_value, record_from_json, value_to_json
from mlcore.schema import LINE_ITEM_FIELDS, InvoiceRecord, LineItem, Value, header_value, item_value, spec_for

_SIDES = ("a", "b", "machine")


@dataclass(frozen=True, slots=True)
class Said:
    """A decision as the API takes it. ``right``: what it writes is the truth."""

    choice: str
    value: str | None
    right: bool


@dataclass(frozen=True, slots=True)
class Case:
    """One adjudication as the API shows it, with the row of the document that each aligned row stands for."""

    truth: InvoiceRecord
    rows: Mapping[int, int]

    @classmethod
    def of(cls, truth: InvoiceRecord, body: Mapping[str, Any]) -> Case:
        """Tie the aligned rows of ``record`` to the document's, by what either label has there."""
        sides = [_items(body["record"], side) for side in ("a", "b")]
        rows: dict[int, int] = {}
        for items in sides:
            numbers = [at for at, item in items.items() if item != LineItem() and at not in rows]
            left = [t for t in range(len(truth.line_items)) if t not in rows.values()]
            for t, n in match_rows([truth.line_items[t] for t in left], [items[at] for at in numbers]):
                rows[numbers[n]] = left[t]
        return cls(truth, rows)

    def true_value(self, difference: Mapping[str, Any]) -> str | None:
        """What is true of a difference, in its text form; ``None``: not on the document."""
        name, row = str(difference["name"]), difference["row"]
        if row is None:
            return value_to_json(header_value(self.truth, name))
        t = self.rows.get(row)
        if t is None:
            return None
        item = self.truth.line_items[t]
        if name == ROWS:
            return json.dumps({spec.name: value_to_json(item_value(item, spec.name)) for spec in LINE_ITEM_FIELDS})
        return value_to_json(item_value(item, name.removeprefix(f"{ROWS}.")))


def decide(difference: Mapping[str, Any], true: str | None, errs: float, rng: random.Random) -> Said:
    """How the senior settles a difference: by a side that has the truth, by typing it, or, with ``errs``, wrong."""
    name = str(difference["name"])
    if rng.random() < errs and (wrong := _wrong(difference, name, true, rng)) is not None:
        return wrong
    if true is None:
        return Said("absent", None, True)
    for side in _SIDES:
        if is_same(name, difference[side]["value"], true):
            return Said(side, None, True)
    return Said("other", true, True)


def is_same(name: str, value: str | None, other: str | None) -> bool:
    """Whether two text forms of a field, or two whole rows, say the same."""
    if value is None or other is None:
        return value is other
    if name != ROWS:
        return same(spec_for(name).kind, _read(name, value), _read(name, other))
    one, two = (record_from_json({ROWS: [json.loads(text)]}).line_items[0] for text in (value, other))
    return all(same(spec.kind, item_value(one, spec.name), item_value(two, spec.name)) for spec in LINE_ITEM_FIELDS)


def _wrong(difference: Mapping[str, Any], name: str, true: str | None, rng: random.Random) -> Said | None:
    """A side that has something else than the truth, or a slip of the keyboard."""
    sides = [s for s in ("a", "b") if difference[s]["value"] is not None and not is_same(name, difference[s]["value"], true)]
    if sides:
        return Said(rng.choice(sides), None, False)
    if true is None:
        return None
    if name == ROWS:
        return Said("absent", None, False)
    written = plain(slip(spec_for(name), _read(name, true), rng))
    return None if is_same(name, written, true) else Said("other", written, False)


def _read(name: str, text: str) -> Value:
    read = read_value(spec_for(name).kind, text)
    return read if read is None or not hasattr(read, "message") else text


def _items(fields: Sequence[Mapping[str, Any]], side: str) -> dict[int, LineItem]:
    """The rows that one label has, by their number on the screen."""
    rows: dict[int, dict[str, Any]] = {}
    for field in fields:
        if field["row"] is not None:
            rows.setdefault(int(field["row"]), {})[str(field["name"]).removeprefix(f"{ROWS}.")] = field[side]
    return {row: record_from_json({ROWS: [cells]}).line_items[0] for row, cells in rows.items()}
