"""Whether anybody met a trace of the other's label before both were in. ``tests/labeling/test_blindness.py`` proves it byte for byte for
every address; here it is counted for what people really received while they worked."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from benchmarks.team.browsing import Person
from benchmarks.team.day import Done

_MARKS = re.compile(rb"[0-9a-f]{8}-[0-9a-f-]{27}|\bn[0-9a-f]{12}\b|0\.\d{12,17}")
"""The three forms of ``sending.Sent.marks``: ids of edits, ids of added rows, corners of boxes."""


@dataclass(frozen=True, slots=True)
class Leaks:
    """``same_twice``: people who labeled a document twice; ``traces``: answers with a mark of somebody else's label while it was blind;
    ``answers``: how many were searched, ``marks``: for how many marks. ``own``: marks that came back to their author, which shows that
    the search finds what is there."""

    same_twice: int
    traces: int
    answers: int
    marks: int
    own: int


def search(people: Mapping[str, Person], done: Iterable[Done]) -> Leaks:
    """Look through every answer. A document with two labels is blind until the second of them was sent."""
    labels: dict[int, list[Done]] = defaultdict(list)
    for one in done:
        labels[one.document].append(one)
    author: dict[str, str] = {}
    lifted: dict[str, float] = {}
    for several in labels.values():
        for one in several:
            for mark in one.marks:
                author[mark] = one.person
                lifted[mark] = max(other.sent for other in several) if len(several) > 1 else 0.0
    traces = answers = own = 0
    for name, person in people.items():
        for answer in person.received:
            answers += 1
            for found in set(_MARKS.findall(answer.body)):
                mark = found.decode()
                if author.get(mark) == name:
                    own += 1
                elif mark in author and answer.read < lifted[mark]:
                    traces += 1
    twice = sum(len(several) - len({one.person for one in several}) for several in labels.values())
    return Leaks(twice, traces, answers, len(author), own)
