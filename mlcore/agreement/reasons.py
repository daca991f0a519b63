"""Why a gold record is suspect, as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Ground(StrEnum):
    """What kind of evidence speaks against a record."""

    CONFIDENCE = "confidence"
    ARITHMETIC = "arithmetic"
    VENDOR = "vendor"


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence. ``code`` is stable, ``paths`` are the fields concerned, ``weight`` is 0..1, ``message`` for a person."""

    ground: Ground
    code: str
    paths: tuple[str, ...]
    weight: float
    message: str

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "ground": self.ground.value, "code": self.code, "paths": list(self.paths), "weight": round(self.weight, 4),
            "message": self.message,
        }  # fmt: skip
