"""The date of the invoice among all printed dates."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from mlcore.readers.context import Context
from mlcore.readers.dates import DateForm, DateSpan
from mlcore.readers.scoring import Features

_BIRTH = "date.birth"


def is_birthday(context: Context, span: DateSpan) -> bool:
    """Whether the label beside or over a date says that somebody was born then."""
    around = context.around(span.row, span.first, span.last)
    if around.left and around.left_tokens_between == 0:
        return around.left == _BIRTH
    return (around.above or around.previous_row) == _BIRTH


def date_features(context: Context, spans: Sequence[DateSpan], preference: Sequence[DateForm]) -> list[Features]:
    """Features of every span, in order."""
    values = [span.value(preference) for span in spans]
    counts = Counter(values)
    earliest, latest = (min(values), max(values)) if values else (dt.date.min, dt.date.max)
    return [_features(context, span, value, n, counts, earliest, latest) for n, (span, value) in enumerate(zip(spans, values, strict=True))]


def _features(
    context: Context, span: DateSpan, value: dt.date, order: int, counts: Counter[dt.date], earliest: dt.date, latest: dt.date
) -> Features:
    around = context.around(span.row, span.first, span.last)
    tokens = context.tokens(span.row, span.first, span.last)
    row_text = context.rows[span.row].text
    features: Features = {"first": float(order == 0), "order": min(order, 6) / 6}
    if around.left and around.left_tokens_between <= 2:
        features[f"left={around.left}"] = 1.0
        features["left_near"] = float(around.left_gap < 3)
    elif around.left:
        features[f"left_far={around.left}"] = 1.0
    else:
        features["left_none"] = 1.0
        if around.previous_row:
            features[f"previous={around.previous_row}"] = 1.0
    if around.row_first not in ("", around.left):
        features[f"row_first={around.row_first}"] = 1.0
    if around.above and not (around.left and around.left_tokens_between <= 2):
        features[f"above={around.above}"] = 1.0
    features["repeated"] = float(counts[value] > 1)
    features["latest"] = float(value == latest and earliest != latest)
    features["earliest"] = float(value == earliest and earliest != latest)
    features["with_time"] = float(":" in row_text[row_text.find(span.raw) + len(span.raw) :][:12])
    features["page"] = float(tokens[0].page > 1)
    features["depth"] = span.row / max(len(context.rows), 1)
    features["alone"] = float(span.first == 0 and span.last == len(context.layout.rows[span.row]))
    features["implausible"] = float(value.year < 2000 or value.year > 2040)
    features["two_digit_year"] = float(len(span.raw) < 9)
    return features
