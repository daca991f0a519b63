"""How values are written on paper: dates, money, quantities, document numbers."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


class DateStyle(StrEnum):
    """A way to write a date; the value is 5 March 2025 written that way."""

    US = "03/05/2025"
    US_SHORT = "3/5/25"
    US_DASH = "03-05-2025"
    US_DOT = "03.05.2025"
    ISO = "2025-03-05"
    LONG = "March 5, 2025"
    ABBREVIATED = "Mar 5, 2025"
    DAY_MONTH = "05-MAR-2025"
    DAY_MONTH_SHORT = "05 Mar 25"
    DAY_LONG = "5 March 2025"


def write_date(date: dt.date, style: DateStyle) -> str:
    """The date in that style."""
    month = _MONTHS[date.month - 1]
    if style is DateStyle.ISO:
        return date.isoformat()
    if style is DateStyle.US_SHORT:
        return f"{date.month}/{date.day}/{date.year % 100:02d}"
    if style is DateStyle.LONG:
        return f"{month} {date.day}, {date.year}"
    if style is DateStyle.ABBREVIATED:
        return f"{month[:3]} {date.day}, {date.year}"
    if style is DateStyle.DAY_MONTH:
        return f"{date.day:02d}-{month[:3].upper()}-{date.year}"
    if style is DateStyle.DAY_MONTH_SHORT:
        return f"{date.day:02d} {month[:3]} {date.year % 100:02d}"
    if style is DateStyle.DAY_LONG:
        return f"{date.day} {month} {date.year}"
    mark = {DateStyle.US: "/", DateStyle.US_DASH: "-", DateStyle.US_DOT: "."}[style]
    return f"{date.month:02d}{mark}{date.day:02d}{mark}{date.year}"


_DRAWN = {"#": "0123456789", "%": "123456789", "@": "ABCDEFGHJKLMNPRSTUVWXYZ"}


@dataclass(frozen=True, slots=True)
class MoneyStyle:
    """``prefix`` stands before amounts (``"$"``, ``"$ "``, ``"USD "``); totals may have their own."""

    prefix: str = ""
    total_prefix: str = "$"
    grouped: bool = True

    def cell(self, amount: Decimal) -> str:
        """An amount in the table; the decimals of the value are kept."""
        return self._write(amount, self.prefix)

    def total(self, amount: Decimal) -> str:
        """An amount in the totals block."""
        return self._write(amount, self.total_prefix)

    def _write(self, amount: Decimal, prefix: str) -> str:
        digits = f"{abs(amount):,f}" if self.grouped else f"{abs(amount):f}"
        return f"-{prefix}{digits}" if amount < 0 else f"{prefix}{digits}"


def write_quantity(quantity: Decimal, decimals: int) -> str:
    """A quantity with a fixed number of decimals; more when the value has more."""
    return f"{quantity:.{decimals}f}" if quantity == round(quantity, decimals) else f"{quantity.normalize():f}"


def fill_pattern(pattern: str, rng: random.Random, date: dt.date) -> str:
    """A document number: ``#`` is a digit, ``%`` a digit other than 0, ``@`` a letter, ``YY`` and ``MM`` the date's."""
    text = pattern.replace("YY", f"{date.year % 100:02d}").replace("MM", f"{date.month:02d}")
    return "".join([_DRAWN[char][int(rng.random() * len(_DRAWN[char]))] if char in _DRAWN else char for char in text])
