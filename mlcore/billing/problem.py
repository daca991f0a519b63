"""What a rule says about one value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """A stable code and a sentence; ``concerns_invoice_date`` when that may be the wrong one of the two."""

    code: str
    message: str
    concerns_invoice_date: bool = False
