"""Carrying a ruling over to differences that are alike: which value of each document follows from it. No database.

A and B are drawn for each document, so "A" means nothing across documents. What carries over is why a value won:
it is this very value, it is the machine's, it is the one that is there, or there is none.
"""

from __future__ import annotations

from dataclasses import dataclass

from labeling.adjudication.assembly import ROWS
from labeling.models import Choice, Difference
from mlcore.compare import same
from mlcore.errors import RecordError
from mlcore.record_json import value_from_json
from mlcore.schema import spec_for

SAME_VALUE = "the same value"
ABSENT = "not on the document"
THERE = "the label that has it"
NOT_THERE = "the label without it"
MACHINES = "what the machine read"
ENTERED = "the value as entered"


@dataclass(frozen=True, slots=True)
class Transfer:
    """What is written into one difference, by which choice of its own (letters as the document draws them), and why."""

    choice: Choice
    value: str | None
    why: str


def transfer(example: Difference, choice: Choice, value: str | None, other: Difference, *, a_is_first: bool) -> Transfer | None:
    """How a ruling (``choice`` and the ``value`` it wrote) about ``example`` settles ``other``; ``None`` when nothing follows.

    ``a_is_first`` is of the document of ``other``.
    """
    labels = {_letter(a_is_first): other.value_first, _letter(not a_is_first): other.value_second}
    if choice is Choice.ABSENT:
        return Transfer(Choice.ABSENT, None, ABSENT)
    if choice is Choice.MACHINE:
        return Transfer(Choice.MACHINE, other.value_machine, MACHINES) if other.value_machine is not None else None
    for letter, text in labels.items():
        if value is not None and text is not None and equal(other.name, text, value):
            return Transfer(letter, text, SAME_VALUE)
    if choice is Choice.OTHER:
        return Transfer(Choice.OTHER, value, ENTERED) if value is not None and other.name != ROWS else None
    loser = example.value_second if value == example.value_first else example.value_first
    return _by_presence(value, loser, labels) or _by_machine(example, value, other, labels)


def _by_presence(value: str | None, loser: str | None, labels: dict[Choice, str | None]) -> Transfer | None:
    """One label had a value and the other none: the same kind of label wins again."""
    if (value is None) == (loser is None):
        return None
    fitting = [(letter, text) for letter, text in labels.items() if (text is None) == (value is None)]
    if len(fitting) != 1:
        return None
    letter, text = fitting[0]
    return Transfer(letter, text, THERE if text is not None else NOT_THERE)


def _by_machine(example: Difference, value: str | None, other: Difference, labels: dict[Choice, str | None]) -> Transfer | None:
    """The label that agreed with the machine won: it wins again, where exactly one does."""
    if (
        value is None
        or example.value_machine is None
        or other.value_machine is None
        or not equal(example.name, value, example.value_machine)
    ):
        return None
    fitting = [(letter, text) for letter, text in labels.items() if text is not None and equal(other.name, text, other.value_machine)]
    return Transfer(fitting[0][0], fitting[0][1], f"{MACHINES}, as one label has it") if len(fitting) == 1 else None


def equal(name: str, left: str, right: str) -> bool:
    """Whether two text forms of a field are the same value to the comparator; rows are by their text."""
    if left == right or name == ROWS:
        return left == right
    try:
        return same(spec_for(name).kind, value_from_json(name, left), value_from_json(name, right))
    except RecordError:
        return False


def _letter(is_a: bool) -> Choice:
    return Choice.A if is_a else Choice.B
