"""Values that differ in their form alone: case, accents, spaces, punctuation, trailing zeros.

Goes further than ``mlcore.compare.same``, which decides what counts as a difference at all; what is the same here is a difference
that closes itself.
"""

from __future__ import annotations

import re

from mlcore.normalize import comparison_key
from mlcore.schema import ValueKind

_CODES = frozenset({ValueKind.IDENTIFIER, ValueKind.NDC, ValueKind.PROCEDURE})
_FRACTION = re.compile(r"(?<![\d.])(\d+)\.(\d*?)0+(?![\d.])")


def differs_in_form_alone(kind: ValueKind, one: str, other: str) -> bool:
    """Whether two texts of a kind are one value in two forms.

    Identifiers and codes keep every letter and digit, and where both have separators these part the digits at the same places, or
    one has some of the other's (``INV-2024-7`` and ``INV2024-7``). Numbers, dates and line types have no form: they are typed.
    """
    if kind in _CODES:
        left, right = _bare(one), _bare(other)
        return bool(left) and left == right and _compatible(_separators(one), _separators(other))
    if kind is ValueKind.TEXT:
        return _bare(_without_trailing_zeros(one)) == _bare(_without_trailing_zeros(other))
    return False


def _bare(text: str) -> str:
    return comparison_key(ValueKind.TEXT, text)


def _without_trailing_zeros(text: str) -> str:
    return _FRACTION.sub(lambda match: f"{match[1]}.{match[2]}" if match[2] else match[1], text)


def _separators(text: str) -> frozenset[int]:
    """After how many letters and digits something else stands, its ends aside."""
    places, count = set(), 0
    for char in text:
        if char.isalnum():
            count += 1
        else:
            places.add(count)
    return frozenset(places - {0, count})


def _compatible(left: frozenset[int], right: frozenset[int]) -> bool:
    return left <= right or right <= left
