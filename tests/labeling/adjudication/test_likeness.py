"""Why a value won, carried over to another document."""

from __future__ import annotations

from typing import Any

import pytest

from labeling.adjudication.likeness import transfer
from labeling.models import Choice, Difference


def difference(first: str | None, second: str | None, machine: str | None = None, name: str = "total") -> Difference:
    return Difference(name=name, value_first=first, value_second=second, value_machine=machine)


@pytest.mark.parametrize(
    ("example", "choice", "value", "other", "expected"),
    [
        (difference("1.00", "2.00"), Choice.A, "1.00", difference("3.00", "1.0"), (Choice.B, "1.0")),
        (difference("1.00", "2.00"), Choice.A, "1.00", difference("3.00", "4.00"), None),
        (difference("1.00", "2.00"), Choice.ABSENT, None, difference("3.00", "4.00"), (Choice.ABSENT, None)),
        (difference("1.00", None), Choice.A, "1.00", difference(None, "4.00"), (Choice.B, "4.00")),
        (difference("1.00", None), Choice.B, None, difference(None, "4.00"), (Choice.A, None)),
        (difference("1.00", "2.00", "1.00"), Choice.A, "1.00", difference("3.00", "4.00", "4.00"), (Choice.B, "4.00")),
        (difference("1.00", "2.00", "1.00"), Choice.A, "1.00", difference("3.00", "4.00", "5.00"), None),
        (difference("1.00", "2.00", "9.00"), Choice.MACHINE, "9.00", difference("3.00", "4.00", "5.00"), (Choice.MACHINE, "5.00")),
        (difference("1.00", "2.00", "9.00"), Choice.MACHINE, "9.00", difference("3.00", "4.00"), None),
        (difference("1.00", "2.00"), Choice.OTHER, "7.00", difference("3.00", "4.00"), (Choice.OTHER, "7.00")),
        (difference("1.00", "2.00"), Choice.OTHER, "7.00", difference("3.00", "7.00"), (Choice.B, "7.00")),
        (difference("{}", None, name="line_items"), Choice.OTHER, "{1}", difference("{2}", None, name="line_items"), None),
    ],
)
def test_what_follows_for_another_document(example: Difference, choice: Choice, value: Any, other: Difference, expected: Any) -> None:
    found = transfer(example, choice, value, other, a_is_first=True)
    assert (found and (found.choice, found.value)) == expected
    mirrored = transfer(example, choice, value, other, a_is_first=False)
    assert (mirrored and mirrored.value) == (expected and expected[1])
