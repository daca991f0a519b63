"""How a mistyped or misread number relates to the right one."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum


class Slip(StrEnum):
    """The kinds of explanation, cells first, whole rows last."""

    FILL_IN = "fill_in"
    SIGN = "sign"
    DECIMAL_SHIFT = "decimal_shift"
    TRANSPOSED_DIGITS = "transposed_digits"
    DIGIT_TYPO = "digit_typo"
    DROPPED_DIGIT = "dropped_digit"
    EXTRA_DIGIT = "extra_digit"
    RECOMPUTED = "recomputed"
    MISSING_ROW = "missing_row"
    DUPLICATED_ROW = "duplicated_row"
    TAX_LINE_AS_ITEM = "tax_line_as_item"
    EXTRA_ROW = "extra_row"


def decimals_of(value: Decimal) -> int:
    """Decimals that are needed to write the value: 0 for ``45.00``, 1 for ``4.50``."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def slip_between(present: Decimal | None, needed: Decimal, least_decimals: int) -> Slip | None:
    """The kind of slip that turns ``needed`` into ``present``; ``None`` when they are equal."""
    if present is None:
        return Slip.FILL_IN
    if present == needed:
        return None
    if present == 0 or needed == 0:
        return Slip.RECOMPUTED
    if needed == -present:
        return Slip.SIGN
    if any(needed == present.scaleb(shift) for shift in (-3, -2, -1, 1, 2, 3)):
        return Slip.DECIMAL_SHIFT
    if (present < 0) != (needed < 0):
        return Slip.RECOMPUTED
    decimals = max(least_decimals, decimals_of(present), decimals_of(needed))
    return _digit_slip(_digits(present, decimals), _digits(needed, decimals))


def _digits(value: Decimal, decimals: int) -> str:
    return str(int(abs(value).scaleb(decimals)))


def _digit_slip(present: str, needed: str) -> Slip:
    if len(present) == len(needed):
        places = [index for index, (a, b) in enumerate(zip(present, needed, strict=True)) if a != b]
        if len(places) == 1:
            return Slip.DIGIT_TYPO
        if len(places) == 2 and places[1] == places[0] + 1:
            first, second = places
            if present[first] == needed[second] and present[second] == needed[first]:
                return Slip.TRANSPOSED_DIGITS
        return Slip.RECOMPUTED
    if len(needed) == len(present) + 1 and _is_one_deletion(needed, present):
        return Slip.DROPPED_DIGIT
    if len(present) == len(needed) + 1 and _is_one_deletion(present, needed):
        return Slip.EXTRA_DIGIT
    return Slip.RECOMPUTED


def _is_one_deletion(longer: str, shorter: str) -> bool:
    return any(longer[:index] + longer[index + 1 :] == shorter for index in range(len(longer)))
