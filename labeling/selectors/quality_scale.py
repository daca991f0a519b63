"""Where a share and its interval are drawn: a bar in a frame of 100 x 10, the same scale for all bars of a table. No database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mlcore.agreement.figures import Figure, Measured

_BASES = (0.9, 0.8, 0.5, 0.0)


@dataclass(frozen=True, slots=True)
class Bar:
    """The interval from ``left``, ``width`` wide, and the value ``at``: hundredths of the scale."""

    left: float
    width: float
    at: float


@dataclass(frozen=True, slots=True)
class Scale:
    """From ``base`` to 1 (shares). Written on the head of the column."""

    base: float

    @classmethod
    def of(cls, figures: Iterable[Figure]) -> Scale:
        """The narrowest of a few scales that holds every interval."""
        lows = [figure.low if figure.low is not None else figure.value for figure in figures if isinstance(figure, Measured)]
        lowest = min(lows, default=1.0)
        return cls(next(base for base in _BASES if lowest >= base))

    @property
    def percent(self) -> int:
        """Where it begins."""
        return round(100 * self.base)

    def bar(self, figure: Figure) -> Bar | None:
        """Where the figure is drawn; ``None`` where there is not enough data."""
        if not isinstance(figure, Measured):
            return None
        low, high = (bound if bound is not None else figure.value for bound in (figure.low, figure.high))
        left, right = self._at(low), self._at(high)
        return Bar(left, round(max(1.0, right - left), 1), self._at(figure.value))

    def _at(self, share: float) -> float:
        return round(100 * max(0.0, share - self.base) / (1 - self.base), 1)
