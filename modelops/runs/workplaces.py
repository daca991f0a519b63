"""Whether anybody is there to do the work. Queues and processes are the affair of ``workers``, which says here how to ask for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

TRAINING_QUEUE: Final = "training"

Watch = Callable[[str], int]
"""How many living workers serve the queue of that name."""

_watching: list[Watch] = []


def watched_by(watch: Watch) -> None:
    """From now on ``watch`` is asked."""
    _watching[:] = [watch]


def workers_of(queue: str) -> int | None:
    """Living workers of a queue: one statement at most. ``None`` when nobody watches, so that nothing can be said."""
    return _watching[0](queue) if _watching else None
