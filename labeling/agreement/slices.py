"""Which sums a compared pair is added to. No database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from mlcore.agreement.outcomes import PairOutcome
from mlcore.agreement.prefill import PrefillClass, prefill_pair

NO_VENDOR = 0
"""Stands for documents whose vendor was not recognised."""


class Kind(StrEnum):
    """What the pairs of a slice have in common; the values of ``AgreementTally.Kind``."""

    ALL = "all"
    MONTH = "month"
    WEEK = "week"
    VENDOR = "vendor"
    PAIR = "pair"
    PREFILL = "prefill"


@dataclass(frozen=True, slots=True, order=True)
class Slice:
    """One set of pairs whose sums are stored."""

    kind: Kind
    key: str = ""

    @property
    def name(self) -> str:
        """``kind:key``."""
        return f"{self.kind}:{self.key}"


EVERYTHING = Slice(Kind.ALL)


@dataclass(frozen=True, slots=True)
class Counted:
    """A frozen pair as it is counted. ``outcome`` has the person with the smaller id first, so that kappa of two people is theirs."""

    document: int
    outcome: PairOutcome
    keys: Mapping[Kind, str]

    @property
    def slices(self) -> tuple[Slice, ...]:
        """The sums that it is added to."""
        return tuple(Slice(kind, key) for kind, key in self.keys.items())


def counted(
    document: int,
    outcome: PairOutcome,
    *,
    authors: tuple[int, int],
    prefills: tuple[str, str],
    vendor: int | None,
    at: dt.datetime,
) -> Counted:
    """How a pair is counted. ``authors`` and ``prefills`` are those of first and second; ``at`` is when it was compared.

    Months and weeks are those of UTC; a week is named by its Monday.
    """
    day = at.astimezone(dt.UTC).date()
    keys = {
        Kind.ALL: "",
        Kind.MONTH: f"{day:%Y-%m}",
        Kind.WEEK: (day - dt.timedelta(days=day.weekday())).isoformat(),
        Kind.VENDOR: str(vendor or NO_VENDOR),
        Kind.PAIR: pair_key(*authors),
        Kind.PREFILL: prefill_pair(*(PrefillClass(prefill) for prefill in prefills)).value,
    }
    return Counted(document, outcome if authors[0] <= authors[1] else outcome.mirrored, keys)


def pair_key(one: int, other: int) -> str:
    """Two people, whichever was first: ``3-5``."""
    return f"{min(one, other)}-{max(one, other)}"


def people_of(key: str) -> tuple[int, int] | None:
    """Inverse of ``pair_key``; ``None`` for what is none."""
    parts = key.split("-")
    if len(parts) != 2 or not all(part.isascii() and part.isdigit() and len(part) < 16 for part in parts):
        return None
    one, other = int(parts[0]), int(parts[1])
    return (one, other) if one < other else None
