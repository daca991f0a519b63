"""Lines that say nothing but labels and their values: ``Invoice No 1234   Total 10.00``. They are nobody's name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mlcore.readers.context import Context
from mlcore.readers.layout import Token
from mlcore.readers.lexicon import label_word

_NAMES = "party.seller"
"""Words of this class are often part of a name: ``Pharmacy``."""
_MONTH = re.compile(r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*$", re.IGNORECASE)
_BETWEEN = frozenset({"of", "to", "the", "and", "from", "through", "thru", "am", "pm"})


def is_label_line(context: Context, tokens: Sequence[Token]) -> bool:
    """Whether a span of one row has a label that is none of a seller, and besides labels only numbers, codes and dates."""
    row = tokens[0].row
    labels = [label for label in context.labels[row] if label.kind != _NAMES]
    if not labels:
        return False
    start = context.layout.rows[row].index(tokens[0])
    inside = {place for label in labels for place in range(label.first, label.last)}
    places = range(start, start + len(tokens))
    return any(place in inside for place in places) and all(
        place in inside or _is_value(token.text) for place, token in zip(places, tokens, strict=True)
    )


def _is_value(text: str) -> bool:
    """A token with a digit or without a letter, a currency, a month, or a word between dates and numbers."""
    word = label_word(text)
    letters = any(char.isalpha() for char in word)
    return not letters or any(char.isdigit() for char in word) or word in _BETWEEN or bool(_MONTH.match(word))
