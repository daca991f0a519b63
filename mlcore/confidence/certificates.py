"""What a certification came to: a threshold with its guarantee, or why there is none. Needs no SciPy."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

CONFIDENCE = 0.95
"""How often a certified threshold keeps its word, over calibrations."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """``threshold``: accept from this score on. ``accepted`` of ``count`` documents lie there, ``right`` is their mean rightness.

    ``bound`` is the precision that is certain at this threshold: at least ``precision``, in ``confidence`` of all calibrations.
    """

    precision: float
    confidence: float
    threshold: float
    count: int
    accepted: int
    right: float
    bound: float

    @property
    def coverage(self) -> float:
        """Share of the documents that are accepted."""
        return self.accepted / self.count


@dataclass(frozen=True, slots=True)
class NotCertifiable:
    """No threshold passed: at the strictest one, ``accepted`` of ``count`` documents with ``right`` of them right were not enough."""

    precision: float
    confidence: float
    count: int
    accepted: int
    right: float

    @property
    def message(self) -> str:
        """What was missing, in a sentence."""
        least = needed(self.precision, self.confidence)
        return (
            f"Not certifiable with n = {self.count}: {self.precision:.0%} at {self.confidence:.0%} confidence takes {least} accepted "
            f"documents without an error; {self.accepted} were accepted and {self.right:.1%} of them right. Confirm more documents."
        )


def needed(precision: float, confidence: float = CONFIDENCE) -> int:
    """How many accepted documents, all of them right, certify a precision: 59 for .95 and 299 for .99."""
    return math.ceil(math.log(1 - confidence) / math.log(precision) - 1e-9)


Certification = Certificate | NotCertifiable


def certification_to_json(outcome: Certification) -> dict[str, Any]:
    """Plain JSON types; ``certified`` tells the two apart."""
    return {"certified": isinstance(outcome, Certificate), **asdict(outcome)}


def certification_from_json(data: Mapping[str, Any]) -> Certification:
    """Inverse of ``certification_to_json``. Raises ``KeyError`` or ``TypeError`` for anything else."""
    numbers = {name: value for name, value in data.items() if name != "certified"}
    return Certificate(**numbers) if data["certified"] else NotCertifiable(**numbers)
