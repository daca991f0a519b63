"""Systems with known faults to put before the gate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import replace
from decimal import Decimal
from typing import Any

from mlcore.evaluation import Case, evaluate
from mlcore.evaluation.bootstrap import Resampling
from mlcore.gate import Measured, System
from mlcore.schema import InvoiceRecord, ItemType, LineItem, VendorParty

Fault = Callable[[int, InvoiceRecord], InvoiceRecord | None]
RIGHT = InvoiceRecord(
    invoice_number="INV-1",
    date=dt.date(2026, 1, 2),
    vendor=VendorParty("Apex", "12 Elm St"),
    line_items=(
        LineItem(
            description="Saline", quantity=Decimal(2), unit_price=Decimal("5.00"), total=Decimal("10.00"), type=ItemType.STANDARD_MEDICATION
        ),
    ),
    total=Decimal("10.00"),
)


def wrong_total(on: Collection[int]) -> Fault:
    """The total is wrong on these documents."""
    return lambda number, record: replace(record, total=Decimal("99.00")) if number in on else record


def no_answer(on: Collection[int]) -> Fault:
    """There is no record of these documents."""
    return lambda number, record: None if number in on else record


def system(
    name: str = "candidate", fault: Fault = lambda _, record: record, documents: int = 120, vendors: int = 6, **values: Any
) -> System:
    """A system that reads ``documents`` of ``vendors`` rightly but for its ``fault``."""
    cases = [Case(f"d{n:03}", f"v{n % vendors}", RIGHT, fault(n, RIGHT)) for n in range(documents)]
    known: dict[str, Any] = {"calibration": Measured(0.02, 400), "seconds": Measured(1.0, documents)}
    return System(name, evaluate(cases, Resampling(400)), **{**known, **values})
