"""What a decision about one difference writes. No database."""

from __future__ import annotations

from dataclasses import dataclass

from labeling.adjudication.assembly import ROWS, row_from_text, row_to_text
from labeling.errors import RecordInvalid, RequestInvalid
from labeling.models import Choice, Difference
from mlcore.errors import RecordError
from mlcore.record_json import value_from_json, value_to_json

MAX_REASON = 1000


@dataclass(frozen=True, slots=True)
class Decision:
    """How a difference is settled: ``value`` is entered text and counts with ``Choice.OTHER`` only; an empty ``cause`` stays as it is."""

    choice: Choice
    value: str | None = None
    reason: str = ""
    cause: str = ""


def label_values(difference: Difference, *, a_is_first: bool) -> tuple[str | None, str | None]:
    """The values that are called A and B."""
    values = difference.value_first, difference.value_second
    return values if a_is_first else (values[1], values[0])


def value_written(difference: Difference, decision: Decision, *, a_is_first: bool) -> str | None:
    """The value that holds after the decision, in its text form; ``None`` is "not on the document".

    Raises ``RecordInvalid`` for an entered value that does not fit the field, ``RequestInvalid`` (``value_missing``) when there is
    nothing to take.
    """
    a, b = label_values(difference, a_is_first=a_is_first)
    if decision.choice is Choice.A:
        return a
    if decision.choice is Choice.B:
        return b
    if decision.choice is Choice.ABSENT:
        return None
    if decision.choice is Choice.MACHINE:
        if difference.value_machine is None:
            raise RequestInvalid("value_missing", "The machine has no value here. If there is none on the document, say so (X).")
        return difference.value_machine
    return entered(difference.name, decision.value)


def entered(name: str, text: str | None) -> str:
    """An entered value as it is stored. Raises ``RecordInvalid`` or ``RequestInvalid`` (``value_missing``)."""
    if text is None or not text.strip():
        raise RequestInvalid("value_missing", "Enter the value as it is printed. If there is none on the document, say so (X).")
    try:
        if name == ROWS:
            row = row_from_text(text)
            assert row is not None
            return row_to_text(row)
        return value_to_json(value_from_json(name, text)) or ""
    except RecordError as error:
        problems = [{"path": name, "code": problem.code, "message": problem.message} for problem in error.problems]
        raise RecordInvalid(f"{problems[0]['message']} Nothing was settled.", {"problems": problems}) from error
