"""How a value gets onto the screen: as it is, in another form that means the same, or with a slip that does not. Pure and seeded."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from decimal import Decimal

from mlcore.compare import same
from mlcore.record_json import read_value, value_to_json
from mlcore.schema import FieldSpec, ItemType, Value, ValueKind

_NUMBERS = (ValueKind.MONEY, ValueKind.QUANTITY)
_CODES = (ValueKind.IDENTIFIER, ValueKind.NDC, ValueKind.PROCEDURE)


def plain(value: Value) -> str:
    """The text that the JSON form has; ``""`` for an absent value."""
    return value_to_json(value) or ""


def other_form(spec: FieldSpec, value: Value, rng: random.Random) -> str:
    """The value written in another way that is the same value; ``plain`` where there is none.

    A date with the month's name, money with a sign and separators, numbers without their zeros, texts in capitals or with wide spaces.
    """
    written = rng.choice(_FORMS.get(spec.kind, (_capitals, _wide)))(value)
    return written if _reads_as(spec, written, value) else plain(value)


def slip(spec: FieldSpec, value: Value, rng: random.Random) -> Value:
    """Another value than this one, as a hand makes it; the same one where none is near.

    Two neighbouring digits exchanged in numbers and codes, the other of two digits of a day, a letter left out of a text, another type.
    """
    options = [found for found in _near(spec, value) if not same(spec.kind, found, value)]
    return rng.choice(options) if options else value


def _reads_as(spec: FieldSpec, written: str, value: Value) -> bool:
    read = read_value(spec.kind, written)
    return isinstance(read, (str, Decimal, dt.date)) and same(spec.kind, read, value)


def _capitals(value: Value) -> str:
    return plain(value).upper()


def _wide(value: Value) -> str:
    return plain(value).replace(" ", "  ")


def _with_sign(value: Value) -> str:
    return f"$ {value:,.2f}" if isinstance(value, Decimal) else plain(value)


def _without_zeros(value: Value) -> str:
    return plain(value).rstrip("0").rstrip(".") if "." in plain(value) else f"{plain(value)}.0"


def _with_month(value: Value) -> str:
    return f"{value:%b} {value.day}, {value.year}" if isinstance(value, dt.date) else plain(value)


def _spaced(value: Value) -> str:
    return plain(value).replace("-", " - ")


def _no_hyphens(value: Value) -> str:
    return plain(value).replace("-", "")


_FORMS: dict[ValueKind, tuple[Callable[[Value], str], ...]] = {
    ValueKind.MONEY: (_with_sign, _without_zeros),
    ValueKind.QUANTITY: (_without_zeros,),
    ValueKind.DATE: (_with_month,),
    ValueKind.IDENTIFIER: (_spaced, lambda value: plain(value).lower()),
    ValueKind.PROCEDURE: (_no_hyphens, lambda value: plain(value).lower()),
    ValueKind.NDC: (_no_hyphens,),
    ValueKind.ITEM_TYPE: (plain,),
}


def _near(spec: FieldSpec, value: Value) -> list[Value]:
    if isinstance(value, ItemType):
        return [kind for kind in ItemType if kind is not value]
    if isinstance(value, dt.date):
        return [day for offset in (-10, -1, 1, 10) if 2000 <= (day := value + dt.timedelta(days=offset)).year <= 2099]
    text = plain(value)
    if spec.kind in _NUMBERS:
        return [Decimal(found) for found in _exchanged(text)]
    if spec.kind in _CODES:
        return list(_exchanged(text)) or [f"{text[:-1]}{'7' if text[-1] != '7' else '1'}"]
    return [text[:at] + text[at + 1 :] for at, char in enumerate(text) if char.isalnum() and len(text) > 2]


def _exchanged(text: str) -> list[str]:
    """Every text with two neighbouring digits exchanged."""
    found = []
    for at in range(len(text) - 1):
        left, right = text[at], text[at + 1]
        if left.isdigit() and right.isdigit() and left != right and not (at == 0 and right == "0"):
            found.append(f"{text[:at]}{right}{left}{text[at + 2 :]}")
    return found
