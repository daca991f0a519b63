"""One thing that is odd about a line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BillingFinding:
    """``row`` counts from 0; ``paths`` are the fields concerned, the one to look at last; ``message`` does not name the row."""

    code: str
    row: int
    message: str
    paths: tuple[str, ...]
