"""The number of the invoice among everything that could be a number."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mlcore.normalize import ndc11
from mlcore.readers.context import Context
from mlcore.readers.dates import DateSpan
from mlcore.readers.layout import Token
from mlcore.readers.scoring import Features

_EDGES = re.compile(r"^[\s#:.,;()\[\]*'\"°|“”‘’=]+|[\s#:.,;()\[\]*'\"|“”‘’=]+$")
_NUMBER = re.compile(r"^[A-Za-z0-9][A-Za-z0-9\-/_.+&#*]{0,39}$")
_PREFIX = re.compile(r"^[A-Za-z]{1,6}[-/#.]?$")
_MONEY = re.compile(r"^\d{1,3}(?:[,. ]\d{3})*[.,]\d{2}$|^[$€£]")
_PHONE = re.compile(r"^\+?[\d() ./-]{9,}$")
_PHONE_END = re.compile(r"^\d{3}[-.]\d{4}$")
_AREA_CODE = re.compile(r"^\(?\d{3}\)$|^\d{3}[-.]?$")
_POSTCODE = re.compile(r"^\d{5}(?:-\d{4})?$")
_STATE = re.compile(r"^[A-Z]{2}[.,]?$")
_TIME = re.compile(r"^\d{1,2}:\d{2}")
_PART_OF_ADDRESS = re.compile(r"(?:box|suite|floor|postfach|bp)\.?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NumberSpan:
    """A printed identifier: tokens ``first`` to before ``last`` of ``row``."""

    row: int
    first: int
    last: int
    value: str


def find_numbers(context: Context, dates: Sequence[DateSpan]) -> list[NumberSpan]:
    """Every word with a digit that is no date, time, amount, post box or floor; and ``CS 67832`` as one number."""
    dated = {(span.row, i) for span in dates for i in range(span.first, span.last)}
    spans: list[NumberSpan] = []
    for number, row in enumerate(context.layout.rows):
        labeled = {i for label in context.labels[number] for i in range(label.first, label.last)}
        spans.extend(_numbers_in(number, row, dated, labeled))
    return spans


def _numbers_in(number: int, row: Sequence[Token], dated: set[tuple[int, int]], labeled: set[int]) -> Iterator[NumberSpan]:
    for i, token in enumerate(row):
        text = _EDGES.sub("", token.text)
        if (number, i) in dated or not _is_number(text) or (i and _PART_OF_ADDRESS.fullmatch(row[i - 1].text)):
            continue
        yield NumberSpan(number, i, i + 1, text)
        if i and i - 1 not in labeled and row[i - 1].cell == token.cell:
            prefix = _EDGES.sub("", row[i - 1].text)
            if _PREFIX.match(prefix) and prefix.isupper():
                yield NumberSpan(number, i - 1, i + 1, f"{prefix} {text}")


def _is_number(text: str) -> bool:
    if not _NUMBER.match(text) or not any(char.isdigit() for char in text):
        return False
    return not (_MONEY.match(text) or _TIME.match(text))


def number_features(context: Context, spans: Sequence[NumberSpan]) -> list[Features]:
    """Features of every span, in order."""
    counts = Counter(span.value for span in spans)
    return [_features(context, span, counts, n) for n, span in enumerate(spans)]


def _features(context: Context, span: NumberSpan, counts: Counter[str], order: int) -> Features:
    around = context.around(span.row, span.first, span.last)
    row = context.layout.rows[span.row]
    value = span.value
    features: Features = {"two_words": float(span.last - span.first > 1), "order": min(order, 20) / 20}
    if around.left and around.left_tokens_between == 0:
        features[f"left={around.left}"] = 1.0
    elif around.left and around.left_tokens_between <= 2:
        features[f"left_2={around.left}"] = 1.0
    elif around.left:
        features[f"left_far={around.left}"] = 1.0
    else:
        features["left_none"] = 1.0
        if around.previous_row:
            features[f"previous={around.previous_row}"] = 1.0
    if around.left_tokens_between <= 1 and around.row_first and around.row_first != around.left:
        features[f"row_first={around.row_first}"] = 1.0
    if around.above:
        features[f"above={around.above}" if around.left_tokens_between <= 1 else f"above_only={around.above}"] = 1.0
    digits = sum(char.isdigit() for char in value)
    features["digits"] = min(digits, 12) / 12
    features["few_digits"] = float(digits < 3)
    features["letters"] = float(any(char.isalpha() for char in value))
    features["starts_with_letter"] = float(value[0].isalpha())
    features["marks"] = float(any(char in "-/" for char in value))
    features["lower"] = float(any(char.islower() for char in value))
    before = row[span.first - 1].text if span.first else ""
    features["phone_like"] = float(bool(_PHONE.match(value)) and not value.isdigit())
    features["phone_end"] = float(bool(_PHONE_END.match(value)) and bool(_AREA_CODE.match(before)))
    features["postcode"] = float(bool(_POSTCODE.match(value)) and bool(_STATE.match(before)))
    features["drug_code"] = float("-" in value and ndc11(value) is not None)
    features["depth"] = span.row / max(len(context.rows), 1)
    features["page"] = float(row[0].page > 1)
    features["repeated"] = float(counts[value] > 1)
    features["alone"] = float(span.first == 0 and span.last == len(row))
    features["percent"] = float(span.last < len(row) and row[span.last].text.startswith("%"))
    features["tall"] = max(min(row[span.first].height - 1.0, 1.0), -0.5)
    return features
