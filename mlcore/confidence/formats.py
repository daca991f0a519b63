"""Whether a value looks like a value of its field."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from mlcore.billing.codes import drug_code_problem, procedure_problem
from mlcore.checks import EARLIEST, LATEST
from mlcore.schema import Value, ValueKind

_MOST_DECIMALS = 4
_IDENTIFIER = range(2, 31)


def form_of(kind: ValueKind, value: Value) -> float:
    """1.0 for the usual form, -1.0 for a wrong one, 0.0 for one that says nothing (an absent value too)."""
    if value is None or kind is ValueKind.ITEM_TYPE:
        return 0.0
    if isinstance(value, Decimal):
        return _number(kind, value)
    if isinstance(value, dt.date):
        return 1.0 if EARLIEST <= value <= LATEST else -1.0
    if kind is ValueKind.NDC:
        return -1.0 if drug_code_problem(value) else 1.0
    if kind is ValueKind.PROCEDURE:
        return -1.0 if procedure_problem(value) else 1.0
    if kind is ValueKind.IDENTIFIER:
        return 1.0 if len(value) in _IDENTIFIER and any(char.isdigit() for char in value) else -1.0
    letters = sum(char.isalpha() for char in value)
    return 1.0 if letters >= 3 and 3 * letters >= len(value) else -1.0


def _number(kind: ValueKind, value: Decimal) -> float:
    exponent = value.normalize().as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else _MOST_DECIMALS + 1
    if decimals > _MOST_DECIMALS or (kind is ValueKind.QUANTITY and value == 0):
        return -1.0
    return 1.0 if decimals <= (0 if kind is ValueKind.QUANTITY else 2) else 0.0
