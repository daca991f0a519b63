"""How wrong gold is, from what two signatures show about one.

Settled truth is itself not the truth: what both labelers have wrong in the same way, nobody sees. Two people who were shown the same
pre-fill go wrong in the same way when both let the same wrong suggestion stand. Where chance gave the second one an empty form, that
cannot happen. So, with ``h`` the share of errors that is found in the first labels of pairs whose second label was hidden from the
pre-fill, and ``s`` that of pairs whose second label was shown it (the first ones were shown it in both):

- a single label is as wrong as ``h``;
- ``h - s`` is what two who were shown the same pre-fill leave in gold;
- all gold: ``h`` times the share of single labels and of settled pairs with both shown, less ``s`` times the latter.

Both are of pairs that were drawn beforehand, at random, without a value made wrong on purpose. Not seen are slips that two people happen to
make alike, what both overlook, and what the senior settles wrong: only gold tests show those. Intervals are joined as in ``ratios``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mlcore.agreement.figures import FLOOR, Figure, Measured, NotEnough
from mlcore.agreement.people import accuracy_of
from mlcore.agreement.ratios import LEVEL, difference
from mlcore.agreement.sums import Sums


@dataclass(frozen=True, slots=True)
class GoldErrors:
    """Shares of errors: ``single`` in gold of one label, ``settled`` in gold of pairs that were both shown the pre-fill, ``gold`` in all
    of it."""

    single: Figure
    settled: Figure
    gold: Figure

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {name: getattr(self, name).to_json() for name in ("single", "settled", "gold")}


def gold_errors(
    hidden: Sums, shown: Sums, *, singles: int, both_shown: int, others: int, floor: int = FLOOR, level: float = LEVEL
) -> dict[str, GoldErrors]:
    """The figures for ``values`` (shares of values) and ``documents`` (shares of documents with an error).

    ``hidden`` and ``shown`` are the accuracy sums (``people.accuracy_sums``) of first labels by what the second labeler had. ``singles``,
    ``both_shown`` and ``others`` count the gold records of one label, of pairs that were both shown the pre-fill, and of other pairs.
    """
    one, other = (accuracy_of(sums, floor=floor, level=level) for sums in (hidden, shown))
    counts = (singles, both_shown, others)
    return {
        "values": _errors(_wrong(one.values), _wrong(other.values), *counts),
        "documents": _errors(_wrong(one.exact), _wrong(other.exact), *counts),
    }


def _errors(hidden: Figure, shown: Figure, singles: int, both_shown: int, others: int) -> GoldErrors:
    count = max(1, singles + both_shown + others)
    left = difference(_times(hidden, (singles + both_shown) / count), _times(shown, both_shown / count))
    return GoldErrors(hidden, _not_below_none(difference(hidden, shown)), _not_below_none(left))


def _wrong(right: Figure) -> Figure:
    if isinstance(right, NotEnough):
        return right
    low, high = (None if end is None else 1 - end for end in (right.high, right.low))
    return Measured(1 - right.value, low, high, right.n)


def _times(figure: Figure, factor: float) -> Figure:
    if isinstance(figure, NotEnough):
        return figure
    low, high = (None if end is None else factor * end for end in (figure.low, figure.high))
    return Measured(factor * figure.value, low, high, figure.n)


def _not_below_none(figure: Figure) -> Figure:
    """A share is never negative, though an estimate of one may be."""
    if isinstance(figure, NotEnough):
        return figure
    low, high = (None if end is None else max(0.0, end) for end in (figure.low, figure.high))
    return Measured(max(0.0, figure.value), low, high, figure.n)
