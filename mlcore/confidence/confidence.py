"""What fitting gives and an artifact carries: scorer, thresholds and how good they are, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mlcore.confidence.routes import Thresholds
from mlcore.confidence.scorer import LearnedScorer
from mlcore.errors import ConfidenceError

FORMAT = 1
"""Version of the JSON form; a confidence of another version is learned anew."""


@dataclass(frozen=True)
class Confidence:
    """``report`` says from how many documents it was learned and how good it is on others (``measured``)."""

    scorer: LearnedScorer
    thresholds: Thresholds
    report: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"format": FORMAT, "scorer": self.scorer.to_json(), "thresholds": self.thresholds.to_json(), "report": dict(self.report)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Confidence:
        """Inverse of ``to_json``. Raises ``ConfidenceError`` for anything else, and for one fitted to other features than today's."""
        try:
            if data["format"] != FORMAT:
                raise ValueError(f"format {data['format']}, this version reads {FORMAT}")
            scorer, thresholds = LearnedScorer.from_json(data["scorer"]), Thresholds.from_json(data["thresholds"])
            return cls(scorer, thresholds, dict(data["report"]))
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            raise ConfidenceError(f"A stored confidence cannot be read ({error}); calibrate again.") from error
