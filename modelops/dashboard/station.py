"""How the processes are. The layer above knows them and registers its look here; without one the dashboard says that it does not know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Station:
    """``problems`` are sentences, each with what to do. ``workers`` are alive, ``waiting`` jobs of them are queued, ``running`` are done.

    ``oldest_seconds`` is how long the oldest job has waited that somebody waits for.
    """

    problems: tuple[str, ...]
    workers: int
    waiting: int
    running: int
    oldest_seconds: int


_looks: list[Callable[[], Station]] = []


def register(look: Callable[[], Station]) -> None:
    """Once, when the process starts: how the station is looked at from now on. ``look`` may raise ``DatabaseError``."""
    _looks[:] = [look]


def look_at_station() -> Station | None:
    """How the processes are; ``None`` where nobody registered a look."""
    return _looks[0]() if _looks else None
