"""The rules of handing out work, without the database."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

MAX_AGE_DAYS = 30
POSTPONE_MINUTES = range(5, 10_081)

LABEL_LINE = ("label", "second_label", "audit")
"""Handed out alike, as labels: nobody is told which it is."""

LINES = {"label": LABEL_LINE, "review": ("review",), "adjudicate": ("adjudicate",)}
"""What may be asked for, and the kinds of tasks that come."""

_SENIOR_LINES = ("label", "review", "adjudicate")
_LINES_OF = {"biller": ("label",), "senior": _SENIOR_LINES, "admin": _SENIOR_LINES}


class Step(StrEnum):
    """Where a claim looks for a task."""

    OPENED = "opened"
    PREFETCHED = "prefetched"
    RETURNED = "returned"
    RESERVED = "reserved"
    ESCALATED = "escalated"
    DUE = "due"
    QUEUE = "queue"


def lines_for(role: str) -> tuple[str, ...]:
    """The lines that a role is handed tasks of; the first one when nothing is said."""
    return _LINES_OF[role]


def kinds_for(role: str) -> tuple[str, ...]:
    """The kinds of tasks that a role is handed."""
    return tuple(kind for line in _LINES_OF[role] for kind in LINES[line])


def claim_steps(*, senior: bool, prefetch: bool) -> tuple[Step, ...]:
    """Where a claim looks, in order; the first step that finds a task wins.

    A plain claim comes back to what the person has open, then opens what was prefetched. A prefetch only
    ever has one task ahead: asking again answers the same one. Postponed tasks that are due return to their
    person before new work, and so do tasks that are for this person alone; seniors see escalated tasks before the queue, and what is due
    within a day comes first of all other new work.
    """
    own = (Step.PREFETCHED,) if prefetch else (Step.OPENED, Step.PREFETCHED)
    return (*own, Step.RETURNED, Step.RESERVED, *((Step.ESCALATED,) if senior else ()), Step.DUE, Step.QUEUE)


def priority(*, waiting: dt.timedelta, confidence: float | None) -> int:
    """Priority of a task; larger comes first, equal ones by age.

    Ten points for each day the document has waited (at most 30 days), and up to ten for doubt: the mean
    confidence (0..1) of the pre-filled values; a document without a pre-fill counts as full doubt. So a day
    of waiting outweighs any doubt, and on the same day the documents that teach most come first.
    """
    days = min(max(waiting.days, 0), MAX_AGE_DAYS)
    doubt = 1.0 if confidence is None else 1.0 - min(max(confidence, 0.0), 1.0)
    return days * 10 + round(doubt * 10)
