"""The JSON form of a ``DocumentReading``, so that readings can be kept in files and a model need not read twice.

Numbers of the model are kept to six decimals; an infinite margin (nothing else was possible) is ``null``.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from mlcore.documents import evidence_from_json
from mlcore.errors import DocumentError, ReadingError, RecordError
from mlcore.inference.reading import DocumentReading, ValueReading, WeighedField
from mlcore.record_json import record_from_json, record_to_json, value_to_json
from mlcore.schema import ItemType, Value, ValueKind, spec_for

_DIGITS = 6


def reading_to_json(reading: DocumentReading) -> dict[str, Any]:
    """The reading as plain JSON types."""
    return {
        "record": record_to_json(reading.record),
        "values": [_value_to_json(value) for value in reading.values],
        "windows": reading.windows,
        "tokens": reading.tokens,
        "passes": reading.passes,
        "cut": reading.cut,
        **({"weighed": weighed_to_json(reading.weighed)} if reading.weighed else {}),
    }


def reading_from_json(data: Mapping[str, Any]) -> DocumentReading:
    """Inverse of ``reading_to_json``. Raises ``ReadingError`` for anything that is no reading."""
    try:
        return DocumentReading(
            record=record_from_json(data["record"]),
            values=tuple(_value_from_json(value) for value in data["values"]),
            windows=int(data["windows"]),
            tokens=int(data["tokens"]),
            passes=int(data["passes"]),
            cut=bool(data["cut"]),
            weighed=weighed_from_json(data.get("weighed", {})),
        )
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation, RecordError, DocumentError) as error:
        raise ReadingError(f"A stored reading cannot be read ({error!r}); read the document again.") from error


def _value_to_json(value: ValueReading) -> dict[str, Any]:
    return {
        "path": value.path,
        "text": value.text,
        "value": value_to_json(value.value),
        "log_probabilities": [round(number, _DIGITS) for number in value.log_probabilities],
        "margins": [round(number, _DIGITS) if math.isfinite(number) else None for number in value.margins],
        "evidence": [place.to_json() for place in value.evidence],
        "places": value.places,
        "exact": value.exact,
    }


def _value_from_json(data: Mapping[str, Any]) -> ValueReading:
    path = str(data["path"])
    return ValueReading(
        path=path,
        text=str(data["text"]),
        value=_typed(spec_for(path).kind, data["value"]),
        log_probabilities=tuple(float(number) for number in data["log_probabilities"]),
        margins=tuple(math.inf if number is None else float(number) for number in data["margins"]),
        evidence=tuple(evidence_from_json(place) for place in data["evidence"]),
        places=int(data["places"]),
        exact=bool(data["exact"]),
    )


def weighed_to_json(weighed: Sequence[WeighedField]) -> dict[str, Any]:
    """Field -> a list of ``[text, log-probability]``."""
    return {one.name: [[text, round(number, _DIGITS)] for text, number in one.options] for one in weighed}


def weighed_from_json(data: Mapping[str, Sequence[tuple[str, float]]]) -> tuple[WeighedField, ...]:
    """Inverse of ``weighed_to_json``. Raises ``AttributeError``, ``TypeError``, ``ValueError`` or ``RecordError``."""
    return tuple(
        WeighedField(spec_for(name).name, tuple((str(text), float(number)) for text, number in options)) for name, options in data.items()
    )


def _typed(kind: ValueKind, text: str | None) -> Value:
    if text is None:
        return None
    if kind in (ValueKind.MONEY, ValueKind.QUANTITY):
        return Decimal(text)
    if kind is ValueKind.DATE:
        return dt.date.fromisoformat(text)
    return ItemType(text) if kind is ValueKind.ITEM_TYPE else text
