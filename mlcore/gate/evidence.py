"""What is known of a system when it is judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mlcore.errors import GateError
from mlcore.evaluation.metrics import evaluation_from_json
from mlcore.evaluation.scores import Evaluation


@dataclass(frozen=True, slots=True)
class Measured:
    """A number and from how many things it is."""

    value: float
    n: int


@dataclass(frozen=True)
class System:
    """A model with what the templates add, evaluated on documents of held-out vendors.

    ``trained_vendors`` are keys of the vendors that anything in it was learned from (weights, calibration, examples, vocabulary), as in
    the evaluation's documents. ``calibration`` is the adaptive expected calibration error of the values' confidences on documents that
    nothing was learned from, ``seconds`` the median time of a document on the machine that both systems were timed on; ``None`` where it
    was not measured. ``vendors_known`` is false of a model from elsewhere, of which nobody can say what it was trained on.
    """

    name: str
    evaluation: Evaluation
    trained_vendors: frozenset[str] = field(default_factory=frozenset)
    calibration: Measured | None = None
    seconds: Measured | None = None
    vendors_known: bool = True

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        measured = {"calibration": self.calibration, "seconds": self.seconds}
        return {
            "name": self.name,
            "trained_vendors": sorted(self.trained_vendors),
            "vendors_known": self.vendors_known,
            **{name: {"value": one.value, "n": one.n} if one else None for name, one in measured.items()},
            "evaluation": self.evaluation.to_json(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> System:
        """Inverse of ``to_json``. Raises ``GateError`` or ``EvaluationError``."""
        try:
            measured = {name: data.get(name) for name in ("calibration", "seconds")}
            return cls(
                str(data["name"]),
                evaluation_from_json(data["evaluation"]),
                frozenset(str(vendor) for vendor in data["trained_vendors"]),
                **{name: Measured(float(one["value"]), int(one["n"])) if one else None for name, one in measured.items()},
                vendors_known=bool(data.get("vendors_known", True)),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise GateError(f"This is no evidence for the gate ({error!r}); evaluate the model again.") from error
