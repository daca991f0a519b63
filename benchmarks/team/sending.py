"""A label as the screen sends it: the edits of a draft, the record, the places. Pure.

Every label has marks of its own in it (ids of edits and rows, the corner of a box) that no other answer of the product has a reason to
hold before blindness has lifted.
"""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass
from typing import Any

from benchmarks.team.filling import Answer, Label
from benchmarks.team.habits import Habits

_SHOWS_PLACES = ("invoice_number", "total", "date")


@dataclass(frozen=True, slots=True)
class Sent:
    """The bodies of the requests. ``edits`` and ``rows`` go into the draft, ``submission`` lacks ``version``; ``marks`` are the texts by
    which this label would be known anywhere; ``seconds`` is the simulated time at the screen."""

    edits: list[dict[str, Any]]
    rows: list[str] | None
    submission: dict[str, Any]
    marks: frozenset[str]
    seconds: float
    keystrokes: int


def requests_of(label: Label, prefilled_rows: int, who: Habits, rng: random.Random) -> Sent:
    """What a browser would send for this label, with ids drawn from ``rng``."""
    ids = [f"p{row.prefilled}" if row.prefilled is not None else f"n{rng.getrandbits(48):012x}" for row in label.rows]
    touched: list[tuple[str, Answer]] = [(name, answer) for name, answer in label.header.items() if answer.touched]
    for row_id, row in zip(ids, label.rows, strict=True):
        touched += [(f"{row_id}.{name}", answer) for name, answer in row.cells.items() if answer.touched]
    edits = [_edit(key, answer, who, rng) for key, answer in touched]
    corner = round(0.5 + rng.random() / 4, 15)
    evidence = {
        name: [{"page": 1, "box": [0.1, 0.1, corner, 0.2]}] for name in _SHOWS_PLACES if label.header[name].value is not None and edits
    }
    keystrokes = sum(edit["keystrokes"] for edit in edits)
    seconds = round(2 + who.look_seconds * sum(1 for _ in label.answers()) + who.key_seconds * keystrokes, 1)
    marks = {edit["id"] for edit in edits} | {row_id for row_id in ids if row_id.startswith("n")}
    return Sent(
        edits=edits,
        rows=None if ids == [f"p{row}" for row in range(prefilled_rows)] else ids,
        submission={"record": _record(label), "evidence": evidence, "active_seconds": seconds, "keystrokes": keystrokes},
        marks=frozenset(marks | ({str(corner)} if evidence else set())),
        seconds=seconds,
        keystrokes=keystrokes,
    )


def _edit(key: str, answer: Answer, who: Habits, rng: random.Random) -> dict[str, Any]:
    keys = max(1, len(answer.text))
    return {
        "id": str(uuid.UUID(int=rng.getrandbits(128), version=4)),
        "key": key,
        "cell": {"value": answer.text or None, "confirmed": True, "cause": "typed"},
        "active_ms": round(1000 * who.key_seconds * keys),
        "keystrokes": keys,
    }


def _record(label: Label) -> dict[str, Any]:
    header = {name: answer.text or None for name, answer in label.header.items()}
    vendor = {name: header.pop(f"vendor.{name}") for name in ("name", "address")}
    items = [{name: answer.text or None for name, answer in row.cells.items()} for row in label.rows]
    return {"vendor": vendor, **header, "line_items": items}
