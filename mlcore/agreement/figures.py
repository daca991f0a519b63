"""What a statistic says: a value with its interval and its number of documents, or that there are not enough of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

FLOOR = 20
"""Fewest documents behind a number. Agreement in 20 of 20 leaves anything from 83 % to 100 % open (95 %, exact binomial); with
fewer a number says less than its decimals."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A value, its interval, and from how many documents. ``low`` and ``high`` are ``None`` where nothing was resampled."""

    value: float
    low: float | None
    high: float | None
    n: int

    def to_json(self) -> dict[str, float | int | None]:
        """``{"value", "low", "high", "n"}`` to six decimals."""
        return {"value": round(self.value, 6), "low": _rounded(self.low), "high": _rounded(self.high), "n": self.n}


@dataclass(frozen=True, slots=True)
class NotEnough:
    """Too few documents to say anything: ``n`` of the ``floor`` that it takes."""

    n: int
    floor: int

    def to_json(self) -> dict[str, float | int | None]:
        """``{"value": null, "n", "floor"}``."""
        return {"value": None, "n": self.n, "floor": self.floor}


@dataclass(frozen=True, slots=True)
class OneCategory:
    """Every label is the same category: chance explains all of the agreement, and a coefficient that takes it off is not defined."""

    n: int

    def to_json(self) -> dict[str, float | int | None]:
        """``{"value": null, "n"}``."""
        return {"value": None, "n": self.n}


Figure: TypeAlias = Measured | NotEnough
ChanceFigure: TypeAlias = Measured | NotEnough | OneCategory


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
