"""Finds dates in rows. An all-numeric date is given with every reading that the calendar allows.

Which reading holds is decided for the whole document (``choose_order``): by dates that read one way only,
by currency and address forms, or by what the vendor's template says.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from mlcore.normalize import DateOrder, parse_date
from mlcore.readers.layout import Layout
from mlcore.readers.row_text import RowText


class DateForm(StrEnum):
    """The order in which a printed date names day, month and year."""

    DAY_MONTH_YEAR = "dmy"
    MONTH_DAY_YEAR = "mdy"
    YEAR_MONTH_DAY = "ymd"
    YEAR_DAY_MONTH = "ydm"
    NAMED = "named"


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A printed date in one row: tokens ``first`` to before ``last``, and its readings by form."""

    row: int
    first: int
    last: int
    raw: str
    readings: tuple[tuple[DateForm, dt.date], ...]

    def value(self, preference: Sequence[DateForm]) -> dt.date:
        """The reading that comes first in ``preference``, else the first there is."""
        by_form = dict(self.readings)
        for form in preference:
            if form in by_form:
                return by_form[form]
        return self.readings[0][1]


_DIGIT_FIXES = str.maketrans("OoQIl|SB", "00011158")
_SEP = r"\s?[-/.,]\s?"
_PATTERNS = (
    re.compile(r"(?<![\d/.-])(?P<y>(?:19|20)\d{2})(?P<s>[-/.])(?P<a>\d{1,2})(?P=s)(?P<b>\d{1,2})(?!\d)"),
    re.compile(rf"(?<![\d/.])(?P<a>[\dOIl]{{1,2}})(?P<s>{_SEP})(?P<b>[\dOIl]{{1,2}})(?:{_SEP})(?P<y>[\dO]{{4}}|\d{{2}})(?![\d/]|[.,]\d)"),
    re.compile(r"(?<![\d/.-])(?P<a>\d{1,2}) (?P<b>\d{1,2}) (?P<y>20\d{2})(?!\d)"),
    re.compile(r"(?<![\dA-Za-z/.-])(?P<y>20\d{2})(?P<a>0[1-9]|1[0-2])(?P<b>[0-2]\d|3[01])(?![\dA-Za-z])"),
    re.compile(r"(?<![\dA-Za-z/.-])(?P<a>[0-2]\d|3[01])(?P<b>0[1-9]|1[0-2])(?P<y>20[012]\d)(?![\dA-Za-z])"),
)
_NAMED = (
    re.compile(
        r"(?<![\d/])(\d{1,2}(?:st|nd|rd|th|er)?[\s.,/-]{0,3}[^\W\d_]{3,10}[\s.,'/-]{0,3}(?:(?:19|20)\d{2}|\d{2}))(?![\d]|[.,:]\d)",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?<![^\W\d_])([^\W\d_]{3,10}[\s.,/-]{0,2}\d{1,2}(?:st|nd|rd|th)?[\s.,'/-]{1,3}(?:(?:19|20)\d{2}|\d{2}))(?![\d]|[.,:]\d)",
        re.IGNORECASE,
    ),
)
_FULL_MONTHS = {"aoû": "aout", "aou": "aout", "aot": "aout", "aoit": "aout", "jui": "juin"}
"""French short forms as software prints them and as OCR reads the circumflex."""

_SHORT_MONTHS = re.compile(r"\b(?:aoû|aou|aot|aoit|jui)\b", re.IGNORECASE)
_YEAR_NAMED = re.compile(r"(?<!\d)((?:19|20)\d{2})[\s/-]([^\W\d_]{3,10})[\s/-](\d{1,2})(?!\d)", re.IGNORECASE)


def find_dates(rows: Sequence[RowText]) -> list[DateSpan]:
    """Every printed date, in reading order. Spans do not overlap."""
    return [span for number, row in enumerate(rows) for span in _dates_in(number, row)]


def _dates_in(number: int, row: RowText) -> Iterator[DateSpan]:
    taken: list[tuple[int, int]] = []
    for start, end, readings in _raw_matches(row.text):
        if not readings or any(start < b and a < end for a, b in taken):
            continue
        taken.append((start, end))
        first, last = row.tokens_of(start, end)
        yield DateSpan(number, first, last, row.text[start:end], readings)


def _raw_matches(text: str) -> Iterator[tuple[int, int, tuple[tuple[DateForm, dt.date], ...]]]:
    for pattern in _NAMED:
        for match in pattern.finditer(text):
            value = _named(match[1])
            yield match.start(1), match.end(1), ((DateForm.NAMED, value),) if value else ()
    for match in _YEAR_NAMED.finditer(text):
        value = _named(f"{match[3]} {match[2]} {match[1]}")
        yield match.start(), match.end(), ((DateForm.NAMED, value),) if value else ()
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            year_first = match.start("y") < match.start("a")
            yield match.start(), match.end(), _readings(match["a"], match["b"], match["y"], year_first)


def _named(text: str) -> dt.date | None:
    spelled = _SHORT_MONTHS.sub(lambda match: _FULL_MONTHS[match[0].casefold()], text)
    value = parse_date(re.sub(r"\s*([.,/'-])\s*", r"\1 ", spelled).replace(",", " "))
    return value if value and 1990 <= value.year <= 2068 else None


def _readings(a: str, b: str, year: str, year_first: bool) -> tuple[tuple[DateForm, dt.date], ...]:
    a, b, year = (part.translate(_DIGIT_FIXES) for part in (a, b, year))
    if year_first:
        forms = ((DateForm.YEAR_MONTH_DAY, f"{year}-{a}-{b}"), (DateForm.YEAR_DAY_MONTH, f"{year}-{b}-{a}"))
        found = [(form, parse_date(text)) for form, text in forms]
    else:
        text = f"{a}/{b}/{year}"
        found = []
        if int(a) <= 31 and int(b) <= 12:
            found.append((DateForm.DAY_MONTH_YEAR, parse_date(text, DateOrder.DAY_FIRST)))
        if int(a) <= 12 and int(b) <= 31:
            found.append((DateForm.MONTH_DAY_YEAR, parse_date(text, DateOrder.MONTH_FIRST)))
        if len(year) == 2 and 10 <= int(a) <= 40:
            found.append((DateForm.YEAR_MONTH_DAY, parse_date(f"20{a}-{b}-{year}")))
    return tuple((form, value) for form, value in found if value is not None and 1990 <= value.year <= 2068)


_US = re.compile(r"\b[A-Z]{2},? \d{5}(?:-\d{4})?\b|\bUSA\b|\bUSD\b|\(\d{3}\) ?\d{3}-\d{4}")
_NOT_US = re.compile(
    r"\bRM\b|\bMYR\b|€|\bEUR\b|£|\bGST\b|\bVAT\b|\bSDN\b|\bBHD\b|\bTVA\b|\bMwSt\b|\bUSt\b|\bGmbH\b|\bINR\b|₹", re.IGNORECASE
)


def choose_order(layout: Layout, rows: Sequence[RowText], spans: Sequence[DateSpan]) -> tuple[DateForm, ...]:
    """Forms from the most to the least likely for this document."""
    certain: Counter[DateForm] = Counter(span.readings[0][0] for span in spans if len(span.readings) == 1)
    text = "\n".join(row.text for row in rows)
    month_first = 3 * certain[DateForm.MONTH_DAY_YEAR] + min(len(_US.findall(text)), 3)
    day_first = 3 * certain[DateForm.DAY_MONTH_YEAR] + min(len(_NOT_US.findall(text)), 4) + 0.5
    first, second = DateForm.DAY_MONTH_YEAR, DateForm.MONTH_DAY_YEAR
    if month_first > day_first:
        first, second = second, first
    odd = certain[DateForm.YEAR_DAY_MONTH] > certain[DateForm.YEAR_MONTH_DAY]
    years = (DateForm.YEAR_DAY_MONTH, DateForm.YEAR_MONTH_DAY) if odd else (DateForm.YEAR_MONTH_DAY, DateForm.YEAR_DAY_MONTH)
    return (DateForm.NAMED, first, second, *years)
