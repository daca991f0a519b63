"""Whether one text is what OCR makes of another: by measured confusions, or by nearness to what was read."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from rapidfuzz.distance import OSA

from mlcore.dataset.ocr_errors import confusions

LEAST_SEEN = 2
"""A confusion that was measured once may be an accident of the alignment."""

PER_CONFUSION = 6
"""One confusion for so many characters, and one in a shorter text."""

MOST_CONFUSIONS = 8
_SHORTEST_NEAR = 4
_TWO_EDITS_FROM = 8
_EDITS_PER = 8


def confusable(one: str, other: str) -> bool:
    """Whether measured confusions alone turn one text into the other: one for each ``PER_CONFUSION`` characters, 8 at most.

    Either may be the misread one. Case and white space do not count.
    """
    left, right = _plain(one), _plain(other)
    shorter = min(len(left), len(right))
    limit = min(MOST_CONFUSIONS, max(1, shorter // PER_CONFUSION))
    if not shorter or left == right or abs(len(left) - len(right)) > limit * _longest_step():
        return False
    return _confusions(left, right, limit) <= limit


def near_reading(one: str, other: str, edits: int | None = None) -> bool:
    """Whether two different texts of at least 4 characters are so near that one is a slip for the other.

    At most ``edits`` characters inserted, deleted, replaced or exchanged with their neighbour; by default 1, from 8 characters on 2,
    from 24 on one for each 8.
    """
    left, right = _plain(one), _plain(other)
    length = min(len(left), len(right))
    if length < _SHORTEST_NEAR:
        return False
    by_length = 1 if length < _TWO_EDITS_FROM else max(2, length // _EDITS_PER)
    limit = by_length if edits is None else edits
    return 0 < OSA.distance(left, right, score_cutoff=limit) <= limit


def _plain(text: str) -> str:
    return "".join(text.casefold().split())


def _confusions(left: str, right: str, limit: int) -> int:
    """Fewest confusions that turn ``left`` into ``right``; more than ``limit`` when there is no such way."""
    steps, band, far = _steps(), limit * _longest_step(), limit + 1
    best = {(0, 0): 0}
    for i in range(len(left) + 1):
        open_steps = steps.get(left[i : i + 1], ()) + steps[""] if i < len(left) else steps[""]
        for j in range(max(0, i - band), min(len(right), i + band) + 1):
            cost = best.get((i, j), far)
            if cost > limit:
                continue
            if i < len(left) and j < len(right) and left[i] == right[j]:
                _reach(best, (i + 1, j + 1), cost)
            for source, target in open_steps:
                if left.startswith(source, i) and right.startswith(target, j):
                    _reach(best, (i + len(source), j + len(target)), cost + 1)
    return best.get((len(left), len(right)), far)


def _reach(best: dict[tuple[int, int], int], place: tuple[int, int], cost: int) -> None:
    if cost < best.get(place, cost + 1):
        best[place] = cost


@cache
def _steps() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Confusions in both directions, without case, by the first character of what they replace (``""`` for none)."""
    found: set[tuple[str, str]] = set()
    for source, targets in confusions().items():
        for target, count in targets.items():
            step = source.casefold(), target.casefold()
            if count >= LEAST_SEEN and step[0] != step[1]:
                found |= {step, step[::-1]}
    grouped: dict[str, tuple[tuple[str, str], ...]] = {"": ()}
    for step in sorted(found):
        grouped[step[0][:1]] = (*grouped.get(step[0][:1], ()), step)
    return grouped


@cache
def _longest_step() -> int:
    """By how much one confusion changes the length of a text at most; at least 1."""
    return max(1, *(abs(len(source) - len(target)) for steps in _steps().values() for source, target in steps))
