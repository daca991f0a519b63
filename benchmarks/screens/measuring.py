"""Visits every row on a small and on a large station by turns, so that whatever else the machine does disturbs both alike."""

from __future__ import annotations

import re
import statistics
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.screens.addresses import Row
from benchmarks.screens.fates import PASSWORD, SIGNED_IN
from benchmarks.screens.visitor import Visitor
from benchmarks.web_station import WebStation

ENOUGH: Final = 3


@dataclass(frozen=True, slots=True)
class Taken:
    """Of one row on one station: milliseconds of the first visit and of the middle one of the others, bytes on the wire."""

    first: float
    median: float
    size: int
    visits: int


class Place:
    """A station with somebody signed in for each role, and what the addresses name on it."""

    def __init__(self, station: WebStation, names: dict[str, list[Any]]) -> None:
        self.names = names
        self.visitors = {role: Visitor(station.port, name, PASSWORD) for role, name in SIGNED_IN.items()}

    def turns(self, row: Row, times: int) -> int:
        """How often a row can be visited: a change only once on each of its targets."""
        used = set(re.findall(r"\{(\w+)\}", f"{row.address} {row.body}"))
        return times if row.method == "GET" or not used else min(times, *(len(self.names[name]) for name in used))


def taken(row: Row, places: list[Place], times: int) -> list[Taken] | None:
    """What a row took on each place, visited by turns; ``None`` when there are not ``ENOUGH`` targets for it."""
    turns = min(place.turns(row, times) for place in places)
    if turns < ENOUGH:
        return None
    seen: list[list[tuple[float, int]]] = [[] for _ in places]
    for turn in range(turns):
        for place, found in zip(places, seen, strict=True):
            answer = place.visitors[row.by].visit(row, place.names, turn)
            found.append((answer.seconds * 1000, len(answer.body)))
    return [
        Taken(found[0][0], statistics.median(ms for ms, _ in found[1:]), int(statistics.median(size for _, size in found)), turns)
        for found in seen
    ]
