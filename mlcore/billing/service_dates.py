"""Dates and periods of service printed in a line's description ("10/17/25-11/15/25"), against the date of the invoice.

A numeric date may be read month first or day first. Both readings are tried, the same for both ends of a period, and a
rule speaks only when every reading breaks it. Dates of something else (expiry, birth, lot) are left out by the word
before them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from mlcore.billing.problem import Problem
from mlcore.normalize import DateOrder, collapse_spaces, parse_date

DAYS_IN_ADVANCE = 31
"""A month may be billed before it begins."""

DAYS_IN_YEAR = 366
"""Medicare takes a claim for one calendar year after the service (42 CFR 424.44), other payers for less."""

_DATE = (
    r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
    r"|[0-9]{1,2}/[0-9]{1,2}/(?:[0-9]{4}|[0-9]{2})"
    r"|[0-9]{1,2}-[0-9]{1,2}-(?:[0-9]{4}|[0-9]{2})"
    r"|[0-9]{1,2}\.[0-9]{1,2}\.(?:[0-9]{4}|[0-9]{2})"
    r"|[0-9]{1,2}[- ][A-Za-z]{3,9}[- ](?:[0-9]{4}|[0-9]{2})"
    r"|[A-Za-z]{3,9}\.? [0-9]{1,2}, ?[0-9]{4}"
)
_FIRST = rf"(?:(?P<first>{_DATE}|[0-9]{{1,2}}/[0-9]{{1,2}}) ?(?:-|–|—|to|thru|through|until) ?)?"
_SERVICE = re.compile(rf"(?<![0-9A-Za-z./-]){_FIRST}(?P<last>{_DATE})(?![0-9A-Za-z]|[./-][0-9])", re.IGNORECASE)
_SOMETHING_ELSE = re.compile(
    r"\b(?:exp|expires?|expired|expiry|expiration|expiring|use by|best before|valid|lot|dob|d\.o\.b|born|birth|due|rev|revised)"
    r"[ .:#(-]*(?:date|on|of|to|until)?[ .:#(-]*$",
    re.IGNORECASE,
)
_WITHOUT_YEAR = re.compile(r"^[0-9]{1,2}/[0-9]{1,2}$")


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day of a service; the same day for a single date."""

    first: dt.date
    last: dt.date


@dataclass(frozen=True, slots=True)
class PrintedPeriod:
    """A period as printed and its one or two readings."""

    printed: str
    readings: tuple[Period, ...]


def printed_periods(description: str) -> tuple[PrintedPeriod, ...]:
    """Every date or period of service in a description, in reading order."""
    text = collapse_spaces(description)
    return tuple(_periods(text))


def _periods(text: str) -> Iterator[PrintedPeriod]:
    for match in _SERVICE.finditer(text):
        if _SOMETHING_ELSE.search(text[: match.start()]):
            continue
        read = [_reading(match["first"], match["last"], order) for order in (DateOrder.MONTH_FIRST, DateOrder.DAY_FIRST)]
        readings = tuple(dict.fromkeys(period for period in read if period is not None))
        if readings:
            yield PrintedPeriod(match[0], readings)


def _reading(first: str | None, last: str, order: DateOrder) -> Period | None:
    end = parse_date(last, order)
    if end is None:
        return None
    if first is None:
        return Period(end, end)
    if not _WITHOUT_YEAR.match(first):
        start = parse_date(first, order)
        return Period(start, end) if start is not None else None
    start = parse_date(f"{first}/{end.year}", order)
    if start is not None and start > end:
        start = parse_date(f"{first}/{end.year - 1}", order)
    return Period(start, end) if start is not None else None


def service_problem(description: str, invoice_date: dt.date | None) -> Problem | None:
    """The first thing that is odd about the dates of service, or ``None``."""
    for period in printed_periods(description):
        if problem := _problem_of(period, invoice_date):
            return problem
    return None


def _problem_of(period: PrintedPeriod, invoice_date: dt.date | None) -> Problem | None:
    printed = period.printed
    readings = [reading for reading in period.readings if reading.first <= reading.last]
    if not readings:
        return Problem("service_reversed", f"The service {printed} ends before it begins.")
    if all((reading.last - reading.first).days > DAYS_IN_YEAR for reading in readings):
        return Problem("service_too_long", f"The service {printed} lasts more than a year.")
    if invoice_date is None:
        return None
    on = invoice_date.isoformat()
    if all((reading.first - invoice_date).days > DAYS_IN_ADVANCE for reading in readings):
        message = f"The service {printed} begins more than {DAYS_IN_ADVANCE} days after the invoice date {on}."
        return Problem("service_after_invoice", message, concerns_invoice_date=True)
    if all((invoice_date - reading.last).days > DAYS_IN_YEAR for reading in readings):
        message = f"The service {printed} was over more than a year before the invoice date {on}: too late to bill?"
        return Problem("service_too_old", message, concerns_invoice_date=True)
    return None
