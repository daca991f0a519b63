"""Shares with intervals out of a day's sums, and how the documents that were looked at stand for all of them. No database.

Documents that a person looks at in any case are all looked at; of those that went through, chance picks some. So the accuracy of all is
that of both kinds, each weighted by how many of its kind came in. Where some went through and none of them was checked, it is not known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from statistics import NormalDist
from typing import Any

from mlcore.agreement.figures import FLOOR
from mlcore.agreement.ratios import LEVEL, edge, wilson


class Unknown(StrEnum):
    """Why there is no number."""

    NOTHING_JUDGED = "nothing_judged"
    NO_AUDITS = "no_audits"


SENTENCES: Mapping[str, str] = {
    Unknown.NOTHING_JUDGED: "Nothing was settled that could be held to a reading.",
    Unknown.NO_AUDITS: "Documents went through without a person, and none of them was checked: how right they are is not known.",
}


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its 95 % interval, of ``n`` documents that were looked at. Without a ``value``, ``unknown`` says why."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    unknown: str = ""

    @property
    def few(self) -> bool:
        """Whether there are too few documents to say much (``mlcore.agreement.figures.FLOOR``)."""
        return self.n < FLOOR

    def to_json(self) -> dict[str, Any]:
        """``{"value", "low", "high", "n", "few", "unknown"}`` to six decimals."""
        value, low, high = (None if part is None else round(part, 6) for part in (self.value, self.low, self.high))
        return {"value": value, "low": low, "high": high, "n": self.n, "few": self.few, "unknown": self.unknown}


NOTHING = Share(None, None, None, 0, Unknown.NOTHING_JUDGED.value)


def of_documents(judged: int, right: int) -> Share:
    """The share of documents of which everything is right, with Wilson's interval."""
    return Share(right / judged, *wilson(right, judged), judged) if judged else NOTHING


def of_values(documents: int, judged: int, right: int, squares: Sequence[int], *, level: float = LEVEL) -> Share:
    """The share of right values. The values of a document are right and wrong together, so the interval is of documents.

    ``squares`` are the sums over documents of judged², judged·right and right². Wilson's interval with the number of independent values
    that would vary as much (the linearised variance of a ratio, Cochran 1977, 6.4; Kish's design effect), never more than there are;
    where all documents are wholly right, or wrong, the exact bound of so many documents.
    """
    if not judged:
        return NOTHING
    share = right / judged
    if right in (0, judged):
        return Share(share, *edge(share, documents, level), documents)
    spread = squares[2] - 2 * share * squares[1] + share * share * squares[0]
    if documents < 2 or spread <= 0:
        return Share(share, *wilson(round(share * documents), documents, level), documents)
    variance = documents / (documents - 1) * spread / (judged * judged)
    independent = min(float(judged), share * (1 - share) / variance)
    return Share(share, *_wilson(share, independent, level), documents)


def weighted(seen: Share, audited: Share, seen_documents: int, passed: int) -> Share:
    """The share among all documents: ``seen`` of the kind that a person looks at, ``audited`` of those that went through.

    ``seen_documents`` and ``passed`` are how many of each kind came in. The interval joins both (MOVER: Zou and Donner 2008).
    """
    if not passed:
        return seen
    if audited.value is None:
        return Share(None, None, None, seen.n, Unknown.NO_AUDITS.value)
    if not seen_documents:
        return audited
    if seen.value is None:
        return Share(None, None, None, audited.n, Unknown.NOTHING_JUDGED.value)
    weight = passed / (passed + seen_documents)
    parts = ((1 - weight, seen), (weight, audited))
    value = sum(part * share.value for part, share in parts if share.value is not None)
    below = sqrt(sum((part * (_value(share) - _low(share))) ** 2 for part, share in parts))
    above = sqrt(sum((part * (_high(share) - _value(share))) ** 2 for part, share in parts))
    return Share(value, max(0.0, value - below), min(1.0, value + above), seen.n + audited.n)


def rate(part: int, whole: int) -> float | None:
    """A plain share of counts that are all known; ``None`` of nothing."""
    return part / whole if whole else None


def _wilson(share: float, n: float, level: float) -> tuple[float, float]:
    """Wilson's interval (``mlcore.agreement.ratios.wilson``) for a number of trials that need not be whole."""
    z = NormalDist().inv_cdf((1 + level) / 2)
    spread = z * z / n
    middle, half = share + spread / 2, z * sqrt(share * (1 - share) / n + spread / (4 * n))
    return (middle - half) / (1 + spread), (middle + half) / (1 + spread)


def _value(share: Share) -> float:
    return share.value if share.value is not None else 0.0


def _low(share: Share) -> float:
    return share.low if share.low is not None else 0.0


def _high(share: Share) -> float:
    return share.high if share.high is not None else 1.0
