"""How accurate, with what certainty: in one number with its interval, or what would make it known. No database."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from mlcore.agreement.figures import FLOOR
from modelops.charts import Unit, say, say_between
from modelops.dashboard.periods import TOO_FEW, told
from modelops.monitoring.estimates import Share, Unknown
from modelops.monitoring.totals import Totals

TARGET = 0.98
"""Accuracy of values below which the specification asks for an investigation."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A share as people read it. ``value`` is blank where it is not known; ``missing`` then says what would make it known."""

    name: str
    value: str
    between: str
    n: int
    missing: str = ""


@dataclass(frozen=True)
class Headline:
    """``values`` is the number of the page; ``documents`` and ``accepted`` stand below. ``standing``: above | below | open | unknown.

    ``day`` is the newest day that was counted.
    """

    values: Figure
    documents: Figure
    accepted: Figure
    standing: str
    day: dt.date | None


def headline(totals: Totals) -> Headline:
    """What the days come to."""
    values = told(totals.values)
    figure = figure_of("Values right", values)
    return Headline(
        values=figure,
        documents=figure_of("Documents right in everything", told(totals.documents)),
        accepted=figure_of("Accepted documents right", told(totals.accepted)),
        standing=standing(values),
        day=totals.newest.day if totals.newest else None,
    )


def figure_of(name: str, share: Share) -> Figure:
    """A share in words."""
    if share.value is None:
        return Figure(name, "", "", share.n, missing(share))
    return Figure(name, say(share.value, Unit.SHARE), say_between(share.low, share.high, Unit.SHARE), share.n)


def standing(share: Share) -> str:
    """What the interval says about ``TARGET``."""
    if share.value is None or share.low is None or share.high is None:
        return "unknown"
    return "above" if share.low >= TARGET else "below" if share.high < TARGET else "open"


def missing(share: Share) -> str:
    """What would make it known."""
    if share.unknown == TOO_FEW:
        return f"{share.n} of {FLOOR} documents are settled that it takes."
    if share.unknown == Unknown.NO_AUDITS:
        return "Documents went through without a person and none was checked; draw some for an audit."
    return f"Nothing was settled yet that could be held to a reading; {FLOOR} documents make it known."
