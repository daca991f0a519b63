"""Which way a document goes: accepted, to review, or flagged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mlcore.confidence.certificates import Certificate, Certification, certification_from_json, certification_to_json
from mlcore.documents import Route
from mlcore.errors import ConfidenceError


@dataclass(frozen=True, slots=True)
class RoutePrecisions:
    """Certified shares of wholly right documents from which a document needs no person, and from which it is not flagged."""

    accepted: float = 0.95
    review: float = 0.90

    def checked(self) -> RoutePrecisions:
        """Themselves. Raises ``ConfidenceError`` where they are no shares, or more is wanted for review than to be accepted."""
        if not 0 < self.review <= self.accepted < 1:
            told = f"Documents are to be accepted from {self.accepted:g} on and reviewed from {self.review:g} on"
            raise ConfidenceError(f"{told}; both lie between 0 and 1, and the second is not more than the first.")
        return self


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How acceptance and review were certified; ``None`` where nobody has tried."""

    accepted: Certification | None = None
    review: Certification | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        outcomes = (("accepted", self.accepted), ("review", self.review))
        return {name: certification_to_json(one) if one is not None else None for name, one in outcomes}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Thresholds:
        """Inverse of ``to_json``. Raises ``KeyError`` or ``TypeError`` for anything else."""
        return cls(*(certification_from_json(data[name]) if data[name] is not None else None for name in ("accepted", "review")))


UNCERTIFIED = Thresholds()
"""Nothing is certified: every document is seen by a person."""


def route(score: float, thresholds: Thresholds, *, contradicting: bool) -> Route:
    """The route of a document with this score.

    A record that contradicts itself or lacks its total (``checks.contradicts``) is flagged whatever its score. Without a
    certified threshold for review no other document is flagged, and without one for acceptance none is accepted.
    """
    if contradicting:
        return Route.FLAGGED
    if isinstance(thresholds.accepted, Certificate) and score >= thresholds.accepted.threshold:
        return Route.ACCEPTED
    if isinstance(thresholds.review, Certificate) and score < thresholds.review.threshold:
        return Route.FLAGGED
    return Route.REVIEW
