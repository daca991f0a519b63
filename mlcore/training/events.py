"""What a training run tells while it goes on: plain values for a log, a database row, a screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Progress:
    """After a step. ``loss`` is the mean weighted loss of the step's tokens, ``seconds`` and ``tokens`` are of the run so far.

    ``tokens`` counts every token that went through the model, ``memory`` is the peak in bytes, ``eta_seconds`` what is left.
    """

    step: int
    steps: int
    epoch: int
    loss: float
    learning_rate: float
    tokens: int
    tokens_per_second: float
    seconds: float
    eta_seconds: float
    memory: int

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"kind": "progress", **asdict(self)}


@dataclass(frozen=True, slots=True)
class EpochEnd:
    """After an epoch. ``validation_loss`` and ``validation_accuracy`` (``validation.Validation``) are ``None`` without validation

    documents, the latter in old runs too; ``best`` says that this adapter is kept: the one of the least loss.
    """

    epoch: int
    step: int
    train_loss: float
    validation_loss: float | None
    best: bool
    validation_accuracy: float | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"kind": "epoch", **asdict(self)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> EpochEnd:
        """Inverse of ``to_json``."""
        return cls(**{name: value for name, value in data.items() if name != "kind"})


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a person should know, such as that memory ran out and the micro-batch was halved."""

    step: int
    message: str

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"kind": "notice", **asdict(self)}


Event = Progress | EpochEnd | Notice
Listener = Callable[[Event], None]
