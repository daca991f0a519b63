"""What changed between two versions of a guideline, line by line. No database."""

from __future__ import annotations

import difflib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One line. ``change``: ``same``, ``added`` or ``removed``."""

    change: str
    text: str


def changed_lines(before: str, after: str) -> list[Line]:
    """Every line of both texts in order; what is in one of them only is marked."""
    old, new = before.splitlines(), after.splitlines()
    lines: list[Line] = []
    for kind, a0, a1, b0, b1 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            lines += [Line("same", text) for text in old[a0:a1]]
            continue
        lines += [Line("removed", text) for text in old[a0:a1]]
        lines += [Line("added", text) for text in new[b0:b1]]
    return lines
