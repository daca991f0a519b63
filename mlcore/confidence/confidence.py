"""What fitting gives and an artifact carries: scorer, thresholds and how good they are, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mlcore.confidence.routes import Thresholds
from mlcore.confidence.scorer import LearnedScorer
from mlcore.errors import ConfidenceError
from mlcore.rescoring.rescorer import Rescorer

FORMAT, RESCORED, UNREAD = 1, 2, 3
"""Versions of the JSON form: without a rescorer, with one, and with one alone; a confidence of another version is learned anew."""


@dataclass(frozen=True)
class Confidence:
    """``report`` says from how many documents it was learned and how good it is on others (``measured``).

    With a ``rescorer`` the scorer has learned of a template reader whose open fields the model has weighed (``mlcore.rescoring``). Where
    the model ``reads`` nothing that is all its part, and the scorer knows no reading of it. Raises ``ConfidenceError`` for no part at all.
    """

    scorer: LearnedScorer
    thresholds: Thresholds
    report: Mapping[str, Any]
    rescorer: Rescorer | None = None
    reads: bool = True

    def __post_init__(self) -> None:
        if not self.reads and self.rescorer is None:
            raise ConfidenceError(
                "A model that reads nothing has to weigh candidates, and no field was found in which it can be believed. Ask it about more "
                "documents with python -m mlcore weigh, or learn from what it reads."
            )

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        if self.rescorer is not None:
            return {**self._told(), "format": RESCORED if self.reads else UNREAD, "rescorer": self.rescorer.to_json()}
        return self._told()

    def _told(self) -> dict[str, Any]:
        told = {"scorer": self.scorer.to_json(), "thresholds": self.thresholds.to_json(), "report": dict(self.report)}
        return {"format": FORMAT, **told}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Confidence:
        """Inverse of ``to_json``. Raises ``ConfidenceError`` for anything else, and for one fitted to other features than today's."""
        try:
            if data["format"] not in (FORMAT, RESCORED, UNREAD):
                raise ValueError(f"format {data['format']}, this version reads {FORMAT} to {UNREAD}")
            scorer, thresholds = LearnedScorer.from_json(data["scorer"]), Thresholds.from_json(data["thresholds"])
            rescorer = Rescorer.from_json(data["rescorer"]) if data["format"] != FORMAT else None
            return cls(scorer, thresholds, dict(data["report"]), rescorer, data["format"] != UNREAD)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            raise ConfidenceError(f"A stored confidence cannot be read ({error}); calibrate again.") from error
