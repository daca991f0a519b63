"""Where a return leads: the stack of what served, read from its history. No database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """A deployment of the champion's slot. ``replaces`` is the one that it ended, ``is_return`` whether it was a return."""

    id: int
    replaces: int | None
    is_return: bool


def returns_to(history: Iterable[Link], active: int) -> int | None:
    """The deployment that a return from ``active`` leads back to; ``None`` when nothing served before it.

    ``history`` is in the order in which the deployments began. A return to what served before is no step of its own: two returns lead two
    steps back, and never to what was rolled back.
    """
    below: dict[int, int | None] = {}
    for link in history:
        if link.is_return and link.replaces is not None:
            returned_to = below.get(link.replaces)
            below[link.id] = below.get(returned_to) if returned_to is not None else None
        else:
            below[link.id] = link.replaces
    return below.get(active)
