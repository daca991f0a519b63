"""How wrong gold is, from what two signatures and values made wrong on purpose show about it.

Settled truth is itself not the truth: what both labelers have wrong in the same way, nobody sees, and whoever settles errs as well.

Two people who were shown the same pre-fill go wrong in the same way when both let the same wrong suggestion stand. Where chance gave the
second one an empty form, that cannot happen. So, with ``h`` the share of errors that is found in the first labels of pairs whose second
label was hidden from the pre-fill, and ``s`` that of pairs whose second label was shown it (the first ones were shown it in both), one
label is as wrong as ``h``, and ``h - s`` is what two who were shown the same pre-fill leave in gold. Both are of pairs that were drawn
beforehand, at random, without a value made wrong on purpose.

A value made wrong on purpose that one of two let stand comes before the senior as a difference, and what is right is known. ``r``, the
share of those that are settled for the wrong value, is how often settling errs: ``r`` times the differences of a document are its errors,
and ``1 - (1 - r) ** differences`` is the chance that it has one.

Not seen are slips that two people happen to make alike and what both overlook: only gold tests show those. Intervals are joined as those of
independent estimates (MOVER, as in ``ratios``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt
from typing import Any

from mlcore.agreement.figures import FLOOR, Figure, Measured, NotEnough
from mlcore.agreement.people import accuracy_of
from mlcore.agreement.ratios import LEVEL, difference, wilson
from mlcore.agreement.sums import Sums


@dataclass(frozen=True, slots=True)
class GoldPart:
    """Gold records of one kind: how many values they have together, and for each record how many differences a person settled in it."""

    values: int
    differences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class GoldErrors:
    """Shares of errors: ``single`` in gold of one label, ``settled`` in gold of pairs that were both shown the pre-fill, ``gold`` in all
    of it. ``settling`` is the share of differences that are settled wrong."""

    single: Figure
    settled: Figure
    gold: Figure
    settling: Figure

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {name: getattr(self, name).to_json() for name in ("single", "settled", "gold", "settling")}


@dataclass(frozen=True, slots=True)
class GoldCounts:
    """What there is: gold of single labels, of pairs that were both shown the pre-fill, of other pairs; and of the values made wrong on
    purpose that one of two let stand, how many were settled (``tried``), how many of those for the wrong value (``failed``)."""

    singles: GoldPart
    both_shown: GoldPart
    others: GoldPart
    tried: int
    failed: int


def gold_errors(hidden: Sums, shown: Sums, counts: GoldCounts, *, floor: int = FLOOR, level: float = LEVEL) -> dict[str, GoldErrors]:
    """The figures for ``values`` (shares of values) and ``documents`` (shares of documents with an error).

    ``hidden`` and ``shown`` are the accuracy sums (``people.accuracy_sums``) of first labels by what the second labeler had.
    """
    one, other = (accuracy_of(sums, floor=floor, level=level) for sums in (hidden, shown))
    settling: Figure = NotEnough(counts.tried, floor)
    if counts.tried >= max(1, floor):
        settling = Measured(counts.failed / counts.tried, *wilson(counts.failed, counts.tried, level), counts.tried)
    return {
        "values": _errors(_wrong(one.values), _wrong(other.values), counts, settling, lambda part: part.values, _of_values),
        "documents": _errors(_wrong(one.exact), _wrong(other.exact), counts, settling, lambda part: len(part.differences), _of_documents),
    }


def _of_values(part: GoldPart, rate: float) -> float:
    """The share of values that settling gets wrong."""
    return rate * sum(part.differences) / part.values if part.values else 0.0


def _of_documents(part: GoldPart, rate: float) -> float:
    """The share of documents in which settling gets something wrong."""
    return sum(1 - (1 - rate) ** count for count in part.differences) / len(part.differences) if part.differences else 0.0


def _errors(
    hidden: Figure,
    shown: Figure,
    counts: GoldCounts,
    settling: Figure,
    size: Callable[[GoldPart], int],
    of_settling: Callable[[GoldPart, float], float],
) -> GoldErrors:
    parts = (counts.singles, counts.both_shown, counts.others)
    total = max(1, sum(size(part) for part in parts))
    single, both, other = (size(part) / total for part in parts)
    alike = difference(_scaled(hidden, lambda x: x * (single + both)), _scaled(shown, lambda x: x * both))
    settled = _scaled(settling, lambda rate: of_settling(counts.both_shown, rate))
    all_settled = _scaled(settling, lambda rate: both * of_settling(counts.both_shown, rate) + other * of_settling(counts.others, rate))
    return GoldErrors(hidden, _share(_sum(difference(hidden, shown), settled)), _share(_sum(alike, all_settled)), settling)


def _wrong(right: Figure) -> Figure:
    if isinstance(right, NotEnough):
        return right
    low, high = (None if end is None else 1 - end for end in (right.high, right.low))
    return Measured(1 - right.value, low, high, right.n)


def _scaled(figure: Figure, rising: Callable[[float], float]) -> Figure:
    """The figure on another scale that rises with its own."""
    if isinstance(figure, NotEnough):
        return figure
    low, high = (None if end is None else rising(end) for end in (figure.low, figure.high))
    return Measured(rising(figure.value), low, high, figure.n)


def _sum(one: Figure, other: Figure) -> Figure:
    """Two independent shares added up (Zou and Donner 2008)."""
    if isinstance(one, NotEnough) or isinstance(other, NotEnough):
        return min((f for f in (one, other) if isinstance(f, NotEnough)), key=lambda figure: figure.n)
    value, n = one.value + other.value, min(one.n, other.n)
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return Measured(value, None, None, n)
    below = sqrt((one.value - one.low) ** 2 + (other.value - other.low) ** 2)
    above = sqrt((one.high - one.value) ** 2 + (other.high - other.value) ** 2)
    return Measured(value, value - below, value + above, n)


def _share(figure: Figure) -> Figure:
    """A share is 0 to 1, though an estimate of one may not be."""
    return _scaled(figure, lambda value: min(1.0, max(0.0, value)))
