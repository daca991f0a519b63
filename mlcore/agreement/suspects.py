"""Suspect gold: records that a person should look at again, each with the evidence that speaks against it.

Pure; nothing here changes a record. The score orders a queue and is no probability.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from mlcore.agreement.reasons import Ground, Reason
from mlcore.agreement.vendor_habits import vendor_reasons
from mlcore.documents import Check, Severity
from mlcore.schema import InvoiceRecord, value_at

DOUBTED_BELOW = 0.5
"""A reader that did not learn from the document doubts a value when its confidence that the value is right is below this."""

CONFIDENCE_WEIGHT = 0.8
CONTRADICTION_WEIGHT = 0.6
WARNING_WEIGHT = 0.15


@dataclass(frozen=True, slots=True)
class Suspicion:
    """``score`` is 0 (nothing speaks against it) to 1; ``reasons`` the strongest first."""

    score: float
    reasons: tuple[Reason, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"score": round(self.score, 4), "reasons": [reason.to_json() for reason in self.reasons]}


def suspicion_of(
    record: InvoiceRecord,
    *,
    confidences: Mapping[str, float] | None = None,
    checks: Sequence[Check] = (),
    others: Sequence[InvoiceRecord] = (),
) -> Suspicion:
    """How suspect a gold record is: ``1 - prod(1 - w)`` over the strongest reason of each ground.

    ``confidences`` are by path, 0..1: how sure a reader that has not learned from this document is that the record's value is right
    (cross-validated). ``checks`` are those of ``mlcore.checks.check_record``. ``others`` are the same vendor's other gold records.
    The strongest of a ground counts alone, so that a long document is not suspect for its length.
    """
    reasons = (*_doubted(record, confidences or {}), *_contradicted(checks), *vendor_reasons(record, others))
    ordered = tuple(sorted(reasons, key=lambda reason: (-reason.weight, reason.code, reason.paths)))
    strongest = [max((r.weight for r in reasons if r.ground is ground), default=0.0) for ground in Ground]
    return Suspicion(1 - prod(1 - weight for weight in strongest), ordered)


def _doubted(record: InvoiceRecord, confidences: Mapping[str, float]) -> Iterator[Reason]:
    for path, confidence in confidences.items():
        if confidence < DOUBTED_BELOW:
            weight = CONFIDENCE_WEIGHT * (1 - confidence / DOUBTED_BELOW)
            sure = "of the value" if value_at(record, path) is not None else "that there is none"
            message = f"A reader that has not seen this document is only {100 * confidence:.0f} % sure {sure}."
            yield Reason(Ground.CONFIDENCE, "low_confidence", (path,), weight, message)


def _contradicted(checks: Sequence[Check]) -> Iterator[Reason]:
    weights = {Severity.ERROR: CONTRADICTION_WEIGHT, Severity.WARNING: WARNING_WEIGHT}
    for check in checks:
        if check.severity in weights:
            yield Reason(Ground.ARITHMETIC, check.code, check.paths, weights[check.severity], check.message)
