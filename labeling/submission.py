"""What a submit request says, read with every problem reported together. No database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from labeling.errors import RecordInvalid
from mlcore.documents import evidence_from_json
from mlcore.errors import DocumentError, FieldProblem, RecordError
from mlcore.record_json import record_from_json, record_to_json
from mlcore.schema import InvoiceRecord, iter_values

MARKS = ("blank", "illegible", "not_applicable")
MAX_PLACES = 200


@dataclass(frozen=True, slots=True)
class Submission:
    """A submitted record with its marks, unsure fields and clicked places by field path."""

    record: InvoiceRecord
    version: int
    marks: dict[str, str] = field(default_factory=dict)
    unsure: tuple[str, ...] = ()
    evidence: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    active_ms: int = 0
    keystrokes: int = 0

    @property
    def request_hash(self) -> str:
        """SHA-256 of what was decided (record, marks, unsure, places); times and keystrokes are left out."""
        content = [record_to_json(self.record), self.marks, sorted(self.unsure), self.evidence]
        return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def read_submission(
    *,
    record: object,
    version: int,
    marks: Mapping[str, str],
    unsure: list[str],
    evidence: Mapping[str, Any],
    active_ms: int = 0,
    keystrokes: int = 0,
) -> Submission:
    """Check everything. Raises ``RecordInvalid`` with one problem for each fault."""
    problems: list[FieldProblem] = []
    parsed = InvoiceRecord()
    try:
        parsed = record_from_json(record)
    except RecordError as error:
        problems.extend(error.problems)
    if not problems:
        known = {path for path, _ in iter_values(parsed)}
        problems.extend(_unknown("marks", marks, known) + _unknown("unsure", unsure, known) + _unknown("evidence", evidence, known))
    for path, mark in marks.items():
        if mark not in MARKS:
            problems.append(FieldProblem(path, "unknown_mark", f"{mark!r} is no mark; choose one of {', '.join(MARKS)}."))
    places = {path: _places(path, boxes, problems) for path, boxes in evidence.items()}
    if problems:
        listed = [{"path": p.path, "code": p.code, "message": p.message} for p in problems]
        count = f"{len(listed)} values do" if len(listed) != 1 else "One value does"
        raise RecordInvalid(f"{count} not fit; nothing was submitted. Correct what is listed and submit again.", {"problems": listed})
    return Submission(parsed, version, dict(marks), tuple(unsure), places, active_ms, keystrokes)


def _unknown(part: str, paths: Mapping[str, Any] | list[str], known: set[str]) -> list[FieldProblem]:
    message = "{} names {!r}, which is no field of this record."
    return [FieldProblem(path[:80], "unknown_field", message.format(part, path[:80])) for path in paths if path not in known]


def _places(path: str, boxes: object, problems: list[FieldProblem]) -> list[dict[str, Any]]:
    if not isinstance(boxes, list) or len(boxes) > MAX_PLACES:
        problems.append(FieldProblem(path, "bad_place", f"The places of a value are a list of at most {MAX_PLACES}."))
        return []
    found = []
    for place in boxes:
        try:
            found.append(evidence_from_json(place if isinstance(place, Mapping) else {}).to_json())
        except (DocumentError, OverflowError) as error:
            problems.append(FieldProblem(path, "bad_place", str(error)))
    return found
