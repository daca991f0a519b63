"""THE normaliser: from what is printed to a canonical value, and from a value to its comparison key.

Parsing (``parse_*``) turns printed text into a typed value or ``None`` when it is no such value; it never
guesses silently: an ambiguous date needs a ``DateOrder``, an ambiguous number a ``NumberStyle``.
Keys (``comparison_key``) decide what "the same value" means and are used by ``compare`` alone.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from mlcore.schema import ItemType, Value, ValueKind

MAX_MONEY = Decimal("999999999999.9999")


class DateOrder(StrEnum):
    """How an all-numeric date is read when both readings are possible."""

    MONTH_FIRST = "month_first"
    DAY_FIRST = "day_first"


class NumberStyle(StrEnum):
    """Which mark separates decimals. ``AUTO`` decides by position and refuses nothing."""

    AUTO = "auto"
    POINT = "point"
    COMMA = "comma"


_SPACES = re.compile(r"\s+")
_NUMBER = re.compile(r"^[+-]?\d[\d.,' ]*$|^[+-]?[.,]\d+$")
_CURRENCY = re.compile(r"(?:US\$|USD|EUR|MYR|RM|GBP|CHF|CAD|AUD|[$€£¥₹])", re.IGNORECASE)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january janvier januar enero janv",
            "feb february février fevrier februar febrero fév févr fevr",
            "mar march mars märz maerz marzo mär",
            "apr april avril abril avr",
            "may mai mayo",
            "jun june juin juni junio",
            "jul july juillet juli julio juil",
            "aug august août aout agosto",
            "sep sept september septembre septiembre",
            "oct october octobre oktober octubre okt",
            "nov november novembre noviembre",
            "dec december décembre decembre dezember diciembre déc dez",
        ),
        start=1,
    )
    for name in names.split()
}
_ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_NUMERIC = re.compile(r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})$")
_DAY_MONTH_NAME = re.compile(r"^(\d{1,2})(?:st|nd|rd|th|er)?[-/. ,]*([^\W\d_]+)[-/. ,']*(\d{4}|\d{2})$", re.IGNORECASE)
_MONTH_NAME_DAY = re.compile(r"^([^\W\d_]+)[-/. ]*(\d{1,2})(?:st|nd|rd|th)?[-/. ,']+(\d{4}|\d{2})$", re.IGNORECASE)


def collapse_spaces(text: str) -> str:
    """Trim, fold Unicode compatibility forms, and make every run of white space one space."""
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", text)).strip()


def parse_decimal(text: str, style: NumberStyle = NumberStyle.AUTO) -> Decimal | None:
    """A number as printed: ``"1,234.50"``, ``"1 234,50"``, ``"(12.00)"``, ``"12.00-"``, ``"$ 5"``, ``".50"``.

    With ``AUTO`` the last of two different marks is the decimal mark. A point alone is a decimal mark, as in the plain notation
    of ``record_json``; so is a comma alone, unless exactly three digits follow a group of one to three digits other than
    zero (``1.234`` is a bit more than one, ``1,234`` is 1234, ``0,500`` is one half).
    ``None`` when the text is no number or is out of range.
    """
    body = _CURRENCY.sub("", collapse_spaces(text)).strip()
    negative = body.startswith("(") and body.endswith(")")
    body = body.strip("()").strip()
    if body.upper().endswith("CR"):
        negative, body = True, body[:-2].strip()
    if body.endswith("-"):
        negative, body = True, body[:-1].strip()
    if body.startswith(("-", "−", "–")):
        negative, body = True, body[1:].strip()
    if not _NUMBER.match(body):
        return None
    plain = _plain_number(body.lstrip("+").replace(" ", "").replace("'", ""), style)
    if plain is None:
        return None
    try:
        value = Decimal(plain)
    except InvalidOperation:
        return None
    if abs(value) > MAX_MONEY:
        return None
    return -value if negative and value else value


def _plain_number(body: str, style: NumberStyle) -> str | None:
    """Digits with one point at most, or ``None`` when the marks contradict each other."""
    mark = _decimal_mark(body, style)
    group = "," if mark == "." else "."
    whole, _, fraction = body.rpartition(mark) if mark and mark in body else (body, "", "")
    if group in fraction or (mark and mark in whole):
        return None
    groups = whole.split(group)
    if len(groups) > 1 and (not 1 <= len(groups[0]) <= 3 or any(len(part) != 3 for part in groups[1:])):
        return None
    digits = "".join(groups) or "0"
    return f"{digits}.{fraction}" if fraction else digits


def _decimal_mark(body: str, style: NumberStyle) -> str:
    if style is not NumberStyle.AUTO:
        return "." if style is NumberStyle.POINT else ","
    point, comma = body.rfind("."), body.rfind(",")
    if point >= 0 and comma >= 0:
        return "." if point > comma else ","
    mark = "." if point >= 0 else ","
    if body.count(mark) > 1:
        return "," if mark == "." else "."
    whole, _, fraction = body.partition(mark)
    if mark == "," and len(fraction) == 3 and 1 <= len(whole) <= 3 and whole.lstrip("0"):
        return "."
    return mark


def parse_date(text: str, order: DateOrder | None = None) -> dt.date | None:
    """A date as printed, with digits or month names (English, French, German, Spanish).

    An all-numeric date that reads both ways (``03/04/2025``) needs ``order``; without it the answer is
    ``None``. Two-digit years are 2000 to 2068 and 1969 to 1999, as in POSIX. A time after the date is
    not accepted here: cut it off first.
    """
    body = collapse_spaces(text).strip(" .,;:")
    if match := _ISO.match(body) or _COMPACT.match(body):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMERIC.match(body):
        first, second, year = int(match[1]), int(match[2]), _full_year(match[3])
        day_first, month_first = _date(year, second, first), _date(year, first, second)
        if day_first is None or month_first is None or day_first == month_first:
            return day_first or month_first
        if order is None:
            return None
        return day_first if order is DateOrder.DAY_FIRST else month_first
    if match := _DAY_MONTH_NAME.match(body):
        day, month, year = int(match[1]), _MONTHS.get(match[2].casefold()), _full_year(match[3])
        return _date(year, month, day) if month else None
    if match := _MONTH_NAME_DAY.match(body):
        month, day, year = _MONTHS.get(match[1].casefold()), int(match[2]), _full_year(match[3])
        return _date(year, month, day) if month else None
    return None


def _full_year(text: str) -> int:
    year = int(text)
    if len(text) == 4:
        return year
    return 2000 + year if year <= 68 else 1900 + year


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        value = dt.date(year, month, day)
    except ValueError:
        return None
    return value if 1900 <= year <= 2100 else None


_NDC_SHAPES = {(5, 4, 2), (5, 3, 2), (4, 4, 2), (5, 4, 1)}


def ndc11(text: str) -> str | None:
    """The 11 digits of a National Drug Code, or ``None`` when the form is not one of 5-4-2, 5-3-2,
    4-4-2, 5-4-1 or 11 digits. Ten digits without hyphens are ambiguous and give ``None``.

    Source: FDA, 21 CFR 207.33; padding of the short segment as billed under HIPAA (NCPDP).
    """
    body = re.sub(r"[\s*]", "", collapse_spaces(text)).replace("–", "-").replace("−", "-")
    if re.fullmatch(r"\d{11}", body):
        return body
    parts = body.split("-")
    if len(parts) != 3 or not all(part.isdigit() for part in parts):
        return None
    if tuple(len(part) for part in parts) not in _NDC_SHAPES:
        return None
    return parts[0].zfill(5) + parts[1].zfill(4) + parts[2].zfill(2)


_PROCEDURE = re.compile(r"^(?:\d{4}[0-9FTU]|[A-V]\d{4})(?:-?[A-Z0-9]{2})?$")


def is_procedure_code(text: str) -> bool:
    """Whether the text has the form of a CPT or HCPCS Level II code, with or without one modifier.

    What a reader takes for a code among other words; a person may write more, see ``procedure_parts``.
    """
    return bool(_PROCEDURE.match(collapse_spaces(text).upper()))


_WITH_MODIFIERS = re.compile(r"^([0-9]{4}[0-9AFMTU]|[A-EGHJ-MP-V][0-9]{4})((?:[-–,/: ]*[0-9A-Z]{2}){0,4})$")


def procedure_parts(text: str) -> tuple[str, tuple[str, ...]] | None:
    """Code and modifiers: ``"99213 25"`` and ``"j1100-jw"`` are ``("99213", ("25",))`` and ``("J1100", ("JW",))``.

    ``None`` when the text is no CPT code (four digits and a digit or one of A, F, M, T, U) or HCPCS Level II code (a letter
    in use and four digits) with at most four modifiers of two characters.
    """
    match = _WITH_MODIFIERS.match(collapse_spaces(text).upper())
    if match is None:
        return None
    glued = re.sub(r"[^0-9A-Z]", "", match[2])
    return match[1], tuple(glued[at : at + 2] for at in range(0, len(glued), 2))


def _letters_and_digits(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.replace("ß", "ss")).casefold()
    return "".join(char for char in decomposed if char.isalnum())


def comparison_key(kind: ValueKind, value: Value) -> str:
    """What two values of a kind must share to be the same value. ``""`` for an absent value.

    - identifiers: upper case without white space; every other character counts;
    - dates and numbers: their canonical value (``45`` is ``45.00``);
    - NDC: the 11 digits; procedure codes: upper case, code and modifiers without what separates them;
    - text: letters and digits only, without case and accents (OCR and typists differ in spacing,
      punctuation and accents; a biller would call these the same).
    """
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value.normalize() + 0, "f")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, ItemType):
        return value.value
    if kind is ValueKind.IDENTIFIER:
        return _SPACES.sub("", collapse_spaces(value)).upper()
    if kind is ValueKind.NDC:
        return ndc11(value) or re.sub(r"\W", "", value)
    if kind is ValueKind.PROCEDURE:
        return re.sub(r"[\s,/:–-]", "", value).upper()
    return _letters_and_digits(value) or collapse_spaces(value)
