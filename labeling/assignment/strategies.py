"""The rules of handing out work, without the database."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

MAX_AGE_DAYS = 30
POSTPONE_MINUTES = range(5, 10_081)

_KINDS = {"biller": ("label",), "senior": ("label", "adjudicate"), "admin": ("label", "adjudicate")}
_ON_A_SCREEN_OF_THEIR_OWN = ("adjudicate",)


class Step(StrEnum):
    """Where a claim looks for a task."""

    OPENED = "opened"
    PREFETCHED = "prefetched"
    RETURNED = "returned"
    ESCALATED = "escalated"
    QUEUE = "queue"


def kinds_for(role: str) -> tuple[str, ...]:
    """The kinds of tasks that a role is handed."""
    return _KINDS[role]


def labeled_kinds(role: str) -> tuple[str, ...]:
    """Those of them that are done on the labeling screen and end in a submitted record; what a claim without a kind is handed."""
    return tuple(kind for kind in kinds_for(role) if kind not in _ON_A_SCREEN_OF_THEIR_OWN)


def claim_steps(*, senior: bool, prefetch: bool) -> tuple[Step, ...]:
    """Where a claim looks, in order; the first step that finds a task wins.

    A plain claim comes back to what the person has open, then opens what was prefetched. A prefetch only
    ever has one task ahead: asking again answers the same one. Postponed tasks that are due return to their
    person before new work; seniors see escalated tasks before the queue.
    """
    own = (Step.PREFETCHED,) if prefetch else (Step.OPENED, Step.PREFETCHED)
    return (*own, Step.RETURNED, *((Step.ESCALATED,) if senior else ()), Step.QUEUE)


def priority(*, waiting: dt.timedelta, confidence: float | None) -> int:
    """Priority of a task; larger comes first, equal ones by age.

    Ten points for each day the document has waited (at most 30 days), and up to ten for doubt: the mean
    confidence (0..1) of the pre-filled values; a document without a pre-fill counts as full doubt. So a day
    of waiting outweighs any doubt, and on the same day the documents that teach most come first.
    """
    days = min(max(waiting.days, 0), MAX_AGE_DAYS)
    doubt = 1.0 if confidence is None else 1.0 - min(max(confidence, 0.0), 1.0)
    return days * 10 + round(doubt * 10)
