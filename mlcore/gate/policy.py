"""The limits that a candidate is held to. One value, with its units and its faults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from mlcore.errors import GateError
from mlcore.evaluation.measures import MEASURES


@dataclass(frozen=True, slots=True)
class GatePolicy:
    """Shares are 0..1, margins are differences of shares, times are seconds.

    ``measure`` (a name of ``evaluation.measures.MEASURES``) has to be above ``accuracy``: .98 of the values right, as the specification
    wants; with ``by_lower_bound`` it is the interval's lower end that has to be. ``documents`` and ``vendors`` are the fewest on which a
    candidate is judged at all. ``significance`` is that of the tests against the champion: a difference is a loss when its interval of
    level 1 - ``significance`` lies below 0, or McNemar's p is below it with more documents lost than won. ``field_margin`` and
    ``vendor_margin`` are how much worse than the champion a critical field, and a vendor, may be for all that the data can tell; vendors
    are the ``top_vendors`` with the most documents, of which each needs ``vendor_documents``. ``calibration`` is the largest adaptive
    expected calibration error of the values' confidences, ``valid`` the least share of documents with an answer of the schema.
    ``seconds`` is the most that a document may take (median), 0 for no limit; ``slower`` is how many times the champion's time it may.

    Raises ``GateError`` with every fault.
    """

    measure: str = "field_accuracy"
    accuracy: float = 0.98
    by_lower_bound: bool = False
    documents: int = 100
    vendors: int = 5
    significance: float = 0.05
    field_margin: float = 0.02
    vendor_margin: float = 0.05
    top_vendors: int = 5
    vendor_documents: int = 20
    calibration: float = 0.05
    valid: float = 0.999
    seconds: float = 0.0
    slower: float = 1.25

    def __post_init__(self) -> None:
        faults = []
        if self.measure not in MEASURES:
            faults.append(f"measure {self.measure!r} is none of {', '.join(sorted(MEASURES))}")
        for name in ("accuracy", "field_margin", "vendor_margin", "calibration", "valid"):
            if not 0 <= getattr(self, name) <= 1:
                faults.append(f"{name} {getattr(self, name)} lies outside of 0..1")
        if not 0 < self.significance < 0.5:
            faults.append(f"significance {self.significance} lies outside of 0..0.5")
        for name in ("documents", "vendors", "vendor_documents"):
            if getattr(self, name) < 1:
                faults.append(f"{name} {getattr(self, name)} is below 1")
        if self.top_vendors < 0 or self.seconds < 0 or not self.slower > 0:
            faults.append("top_vendors and seconds are 0 or more, slower is above 0")
        if faults:
            raise GateError(f"This policy cannot be: {'; '.join(faults)}.")

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> GatePolicy:
        """Inverse of ``to_json``; what is missing has its default. Raises ``GateError`` for a key or a type that is unknown."""
        kinds = {field.name: type(field.default) for field in fields(cls)}
        unknown = sorted(set(data) - set(kinds))
        if unknown:
            raise GateError(f"A gate policy has no {', '.join(unknown)}; it has {', '.join(kinds)}.")
        for name, value in data.items():
            number = kinds[name] is float and isinstance(value, int) and not isinstance(value, bool)
            if not number and type(value) is not kinds[name]:
                raise GateError(f"{name} of a gate policy is {value!r}; it has to be of type {kinds[name].__name__}.")
        return cls(**dict(data))
