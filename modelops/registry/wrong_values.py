"""The values that a system had wrong, document by document, kept beside its evidence: what changed between two models is read there.

One JSON object a line: ``{"id", "route", "wrong": [{"path", "expected", "found"}]}``; a document without a wrong value has its line too.
The only file of an evaluation that holds values of documents: when a document has to go, ``modelops.datasets.removal`` takes its line
out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlcore.compare import FieldComparison
from mlcore.evaluation.served import Served
from mlcore.schema import Value, item_path
from modelops.errors import Refused


@dataclass(frozen=True, slots=True)
class WrongValue:
    """``expected`` is what people confirmed, ``found`` what was read, as text; ``None`` where there is no value."""

    path: str
    expected: str | None
    found: str | None


@dataclass(frozen=True, slots=True)
class Answered:
    """One document: where it would have gone, and what was wrong in it."""

    id: str
    route: str
    wrong: tuple[WrongValue, ...]


def wrong_lines(documents: Sequence[Served]) -> Iterator[str]:
    """Lines of the file."""
    for one in documents:
        wrong = [{"path": _path(field), "expected": _said(field.expected), "found": _said(field.found)} for field in one.wrong]
        yield json.dumps({"id": one.id, "route": one.route.value, "wrong": wrong}, ensure_ascii=False, separators=(",", ":")) + "\n"


def answered(path: Path) -> dict[str, Answered]:
    """The documents of a file by id. Raises ``Refused`` (``evidence_missing``)."""
    try:
        with path.open(encoding="utf-8") as lines:
            return {one.id: one for one in map(_answered, map(json.loads, lines))}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Refused("evidence_missing", f"What an evaluation had wrong cannot be read ({error}). Evaluate the model again.") from error


def _answered(data: dict[str, Any]) -> Answered:
    return Answered(
        str(data["id"]), str(data["route"]), tuple(WrongValue(one["path"], one["expected"], one["found"]) for one in data["wrong"])
    )


def _path(field: FieldComparison) -> str:
    """Of the confirmed row where there is one, so that two systems name the same cell alike; of the found row for one too many."""
    if not field.name.startswith("line_items."):
        return field.name
    name = field.name.removeprefix("line_items.")
    if field.expected_row is not None:
        return item_path(field.expected_row, name)
    return f"{item_path(field.found_row or 0, name)} (extra)"


def _said(value: Value) -> str | None:
    return None if value is None else str(value)
