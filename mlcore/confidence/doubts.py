"""What is doubtful about a pre-filled record, why, and how much money hangs on it. Pure; standard library alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from mlcore.documents import Check, FieldPrediction, Severity
from mlcore.schema import InvoiceRecord, ValueKind, iter_values, spec_for

CONFIDENT = {"critical": 0.9, "other": 0.7}
"""From this confidence on a valid value is trusted unseen; ``critical`` fields decide about a payment."""

UNKNOWN_AMOUNT = Decimal(500)
"""Dollars that an invoice counts for when no amount could be read off it: about what an invoice is worth."""

MOST_AT_RISK = 1_000_000_000
_LESS = 0.5
"""How much the doubt about a field counts that decides about no payment."""


class Cause(StrEnum):
    """Why a value is doubted."""

    CONTRADICTION = "contradiction"
    CHECK = "check"
    LOW = "low"
    PLACE = "place"
    MARKED = "marked"


@dataclass(frozen=True, slots=True)
class Doubt:
    """One reason to doubt one value. ``path`` is its field; ``""`` is the document as a whole. ``share`` (0..1) is how strong it is."""

    path: str
    cause: Cause
    message: str
    share: float

    @property
    def name(self) -> str:
        """The field without an index: ``line_items.total``."""
        head, bracket, rest = self.path.partition("[")
        return f"{head}.{rest.partition('].')[2]}" if bracket else head


def doubts(record: InvoiceRecord, fields: Iterable[FieldPrediction], checks: Sequence[Check]) -> tuple[Doubt, ...]:
    """Every doubt, those of one field together, in the order of the record; what concerns the whole document first.

    A failed check that proves an error is a contradiction of every field it names; one that only warns is a failed check. A value is
    low below ``CONFIDENT``, and has no place when nothing on the pages stands behind it.
    """
    found = [*_of_checks(checks), *_of_values(record, {field.path: field for field in fields})]
    order = {path: place for place, (path, _) in enumerate(iter_values(record), start=1)}
    return tuple(sorted(found, key=lambda doubt: order.get(doubt.path, 0)))


def amount_of(record: InvoiceRecord) -> Decimal:
    """What the invoice is about, in dollars, never negative: its total, else its subtotal, else its lines, else ``UNKNOWN_AMOUNT``."""
    for amount in (record.total, record.subtotal):
        if amount is not None:
            return abs(amount)
    lines = [item.total for item in record.line_items if item.total is not None]
    return abs(sum(lines, Decimal(0))) if lines else UNKNOWN_AMOUNT


def at_risk(amount: Decimal, found: Sequence[Doubt]) -> int:
    """Amount times doubt in whole dollars, 0 to ``MOST_AT_RISK``: the priority of a review. The strongest doubt counts."""
    share = max((doubt.share for doubt in found), default=0.0)
    return min(round(amount * Decimal(str(share))), MOST_AT_RISK)


def _of_checks(checks: Sequence[Check]) -> Iterator[Doubt]:
    for check in checks:
        if check.severity is Severity.OK:
            continue
        proven = check.severity is Severity.ERROR
        for path in check.paths or ("",):
            cause = Cause.CONTRADICTION if proven else Cause.CHECK
            yield Doubt(path, cause, check.message, 1.0 if proven else _weight(path))


def _of_values(record: InvoiceRecord, fields: dict[str, FieldPrediction]) -> Iterator[Doubt]:
    for path, value in iter_values(record):
        field = fields.get(path)
        if value is None:
            continue
        confidence = field.confidence if field is not None else 0.0
        if confidence < enough_for(path):
            yield Doubt(path, Cause.LOW, f"Read with {int(100 * confidence)} % confidence.", (1 - confidence) * _weight(path))
        if (field is None or not field.evidence) and spec_for(path).kind is not ValueKind.ITEM_TYPE:
            yield Doubt(path, Cause.PLACE, "It was found on no place of the pages.", _LESS * _weight(path))


def enough_for(path: str) -> float:
    """The confidence from which on the value of a field is trusted unseen."""
    return CONFIDENT["critical" if spec_for(path).critical else "other"]


def _weight(path: str) -> float:
    return 1.0 if path and spec_for(path).critical else _LESS
