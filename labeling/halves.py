"""How the people of a station are split for one blind pair, so that nobody is ever near both labels. No database.

Each of the two tasks belongs to one half of the people, for good. Whoever may do the one is shown the other neither open nor held nor
done, so nothing that happens to it can be seen, and the two labels are always by two people. The halves are drawn anew for each
document: by one binary digit of the people's ids. Any two people differ in some digit, so any two may become a pair.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

EITHER = -1
"""The side of a task that anybody may do who had none of the document's other labels."""

_DIGITS = 40


@dataclass(frozen=True, slots=True)
class Labeler:
    """An active person. ``is_biller``: labels all day; others label now and then."""

    id: int
    is_biller: bool


class Person(Protocol):
    """What of a person decides."""

    role: str


def labels_blind(person: Person) -> bool:
    """Whether a person may do one of two blind labels. Admins may not: the trail tells them what everybody does."""
    return person.role != "admin"


def side_of(person_id: int, digit: int) -> int:
    """The side that a person is on when people are split by that binary digit (0 is the last) of their ids: 2 x digit + its value."""
    return 2 * digit + (person_id >> digit & 1)


def other_side(side: int) -> int:
    """The side of the other half of the same split."""
    return side ^ 1


def sides_of(person_id: int) -> tuple[int, ...]:
    """Every side that a person is on, ``EITHER`` left out."""
    return tuple(side_of(person_id, digit) for digit in range(_DIGITS))


def split(people: Sequence[Labeler], chance: float, *, first: int | None = None) -> int | None:
    """The side of the first task of a pair, drawn with ``chance`` (0..1); ``None`` when the people cannot be split.

    Halves with a biller in each are taken if there are any, among them those without a lone one where that can be. ``first`` is the id
    of the person who did the first task: then the side is that person's, and only the other half has to have somebody.
    """
    digits = range(max((*(person.id for person in people), first or 0)).bit_length())
    for counted in ([person for person in people if person.is_biller], people):
        found = _sides(counted, digits, first)
        if found:
            return found[min(int(chance * len(found)), len(found) - 1)]
    return None


def _sides(people: Sequence[Labeler], digits: Sequence[int], first: int | None) -> list[int]:
    if first is not None:
        open_to = [sum(side_of(p.id, d) != side_of(first, d) for p in people) for d in digits]
        return [side_of(first, digit) for digit, count in zip(digits, open_to, strict=True) if count >= _enough(open_to)]
    smaller = [min(sum(p.id >> d & 1 for p in people), sum(1 - (p.id >> d & 1) for p in people)) for d in digits]
    return [2 * digit + value for digit, count in zip(digits, smaller, strict=True) if count >= _enough(smaller) for value in (0, 1)]


def _enough(counts: Sequence[int]) -> int:
    """Two where some digit gives two, else one."""
    return min(2, max(1, max(counts, default=1)))
