"""What each kind of value may be said to be on a page: its dates for a date, its numbers for an amount, and so on. Pure.

A form without names tells its values apart by their place alone. Where a date can be nothing but a date, a value that was passed over
cannot move all that follow into the wrong fields.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from mlcore.normalize import DateOrder, NumberStyle, parse_date, parse_decimal
from mlcore.schema import ValueKind
from mlcore.tables.codes import LOOKALIKE

_CHUNK = re.compile(r"(?:-?\.?(?=\d))?[^\W_](?:.*?[^\W_])??(?=[:#$€£()\[\]]|[^\w]*$)|.", re.DOTALL)
_CELL_END, _ROW_END = re.compile(r"[\t\n\f]"), re.compile(r"[\n\f]")
_MOST_CHUNKS = 9
_AMOUNT = re.compile(r"[$€£]|[.,]\d\d$")
_NDC_DIGITS, _NDC_LETTERS = range(8, 13), 2
_PROCEDURE = re.compile(r"\S{1,5} ?\S{1,5}([-–/ ,]{1,2}\S{2}){0,4}")
_PROCEDURE_SIGNS = re.compile(r"[A-Za-z\d]\d{4}|\d{4}[FMTU]|[A-Za-z]\d{3}")
"""Forms of codes, with signs that OCR puts into them and a digit more or less: what is damaged on the page is said as it stands there."""
_PART, _MODIFIERS = re.compile(r"[^\W_]+"), re.compile(r"[-–/,]")


def chunks_of(text: str) -> list[str]:
    """The text in the pieces that a value may begin and end with: words, parted from the signs around them, and single spaces.

    A number is one piece (``($1,234.50)`` is ``(``, ``$``, ``1,234.50``, ``)``), so that no part of it can be said for the whole.
    """
    chunks: list[str] = []
    for word in text.split():
        chunks.extend([" "] if chunks else [])
        chunks.extend(_CHUNK.findall(word))
    return chunks


def _digits(text: str) -> int:
    return sum(char.isdigit() for char in text)


def _is_date(text: str) -> bool:
    return _digits(text) >= 2 and any(parse_date(text, order) is not None for order in DateOrder)


def _is_number(text: str) -> bool:
    return _digits(text) >= 1 and any(parse_decimal(text, style) is not None for style in NumberStyle)


def _is_identifier(text: str) -> bool:
    """Neither a date nor an amount with its cents or its currency, nor a run with one."""
    return _digits(text) >= 1 and not any(_is_date(part) or _is_amount(part) for part in (text, *text.split()))


def _is_amount(text: str) -> bool:
    return bool(_AMOUNT.search(text)) and _is_number(text)


def _is_ndc(text: str) -> bool:
    """Not a number of two parts, of which the first is short (taxes, telephones), and no strength or price (``0.9 % 250 ML``)."""
    parts = _PART.findall(text)
    signs = "".join(parts)
    return (
        _digits(text) >= 5
        and all(map(_digits, parts))
        and sum(map(_may_be_digit, signs)) in _NDC_DIGITS
        and sum(char.isalpha() and not _may_be_digit(char) for char in signs) <= _NDC_LETTERS
        and (len(parts) != 2 or len(parts[0]) >= 4)
        and not set(text) & set("%/(|#")
        and ") " not in text
        and not _is_date(text)
        and not _is_amount(text)
    )


def _is_procedure(text: str) -> bool:
    if _digits(text) < 2 or not _PROCEDURE.fullmatch(text) or _is_date(text) or _is_amount(text):
        return False
    code, *modifiers = _MODIFIERS.split(text.replace(" ", ""))
    signs = "".join(_PART.findall(code))
    return all(len(modifier) == 2 for modifier in modifiers) and bool(_PROCEDURE_SIGNS.fullmatch(signs.translate(LOOKALIKE)))


def _may_be_digit(char: str) -> bool:
    return char.isdigit() or ord(char) in LOOKALIKE


_TESTS: dict[ValueKind, Callable[[str], bool]] = {
    ValueKind.DATE: _is_date,
    ValueKind.MONEY: _is_number,
    ValueKind.QUANTITY: _is_number,
    ValueKind.IDENTIFIER: _is_identifier,
    ValueKind.NDC: _is_ndc,
    ValueKind.PROCEDURE: _is_procedure,
}
_LONGEST = {
    ValueKind.DATE: 24,
    ValueKind.MONEY: 24,
    ValueKind.QUANTITY: 16,
    ValueKind.IDENTIFIER: 30,
    ValueKind.NDC: 18,
    ValueKind.PROCEDURE: 20,
}
"""Characters of the longest such value."""

_ACROSS = (ValueKind.DATE, ValueKind.MONEY, ValueKind.QUANTITY)
_WITHIN = (ValueKind.IDENTIFIER, ValueKind.NDC, ValueKind.PROCEDURE)


def may_be(run: str, kind: ValueKind) -> bool:
    """Whether a run of chunks may be a value of a kind that is not free text."""
    return len(run) <= _LONGEST[kind] and _TESTS[kind](run)


def sayable(text: str, tested: Callable[[str, ValueKind], bool] = may_be) -> dict[ValueKind, tuple[str, ...]]:
    """For each kind but free text the runs of chunks of ``text`` (``PageText.text``) that may be one. Kinds without any are left out.

    A date or a number may stand in two cells of a row (``$`` in a column of its own), a code or a number of an invoice in one. Who asks
    about parts of one page again and again gives a ``tested`` that remembers what ``may_be`` said.
    """
    found: dict[ValueKind, dict[str, None]] = {}
    for ends, kinds in ((_ROW_END, _ACROSS), (_CELL_END, _WITHIN)):
        for run in dict.fromkeys(_runs(ends.split(text))):
            for kind in kinds:
                if tested(run, kind):
                    found.setdefault(kind, {})[run] = None
    return {kind: tuple(runs) for kind, runs in found.items()}


_CERTAIN = {
    ValueKind.NDC: re.compile(r"(?<![\w-])\d{4,5}-\d{3,4}-\d{1,2}(?![\w-])"),
    ValueKind.PROCEDURE: re.compile(r"(?<![\w-])[A-V]\d{4}(?![\w-])"),
}


def certain(text: str) -> frozenset[ValueKind]:
    """Kinds of code that a text has for sure: undamaged, and of a form that nothing else has."""
    return frozenset(kind for kind, form in _CERTAIN.items() if form.search(text))


def _runs(parts: Iterable[str]) -> Iterator[str]:
    longest = max(_LONGEST.values())
    for part in parts:
        chunks = chunks_of(part)
        for start in range(len(chunks)):
            if chunks[start] == " ":
                continue
            yield from _from(chunks[start : start + _MOST_CHUNKS], longest)


def _from(chunks: Sequence[str], longest: int) -> Iterator[str]:
    run = ""
    for chunk in chunks:
        run += chunk
        if len(run) > longest:
            return
        if chunk != " " and any(char.isdigit() for char in run):
            yield run
