"""What a system would hand out, held to the truth: the values with their confidences, and the ways that documents would go. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlcore.compare import FieldComparison, Outcome, compare_records
from mlcore.confidence.quality import Quality, quality
from mlcore.documents import Extraction, GoldExample, Route
from mlcore.schema import item_path

_RIGHT = (Outcome.CORRECT, Outcome.BOTH_ABSENT)


@dataclass(frozen=True, slots=True)
class Served:
    """One document as it would be handed out. ``values`` are ``(confidence, right)`` of every labeled value that has a confidence."""

    id: str
    route: Route
    exact: bool
    values: tuple[tuple[float, bool], ...]
    wrong: tuple[FieldComparison, ...]


def served(id: str, example: GoldExample, extraction: Extraction) -> Served:
    """Hold one extraction to the confirmed record of its document; fields outside of ``label_fields`` are not looked at."""
    comparison = compare_records(example.record, extraction.record, example.label_fields)
    sure = {field.path: field.confidence for field in extraction.fields}
    values = tuple((sure[path], one.outcome in _RIGHT) for one in comparison.fields if (path := path_of(one)) is not None and path in sure)
    wrong = tuple(one for one in comparison.fields if one.outcome not in _RIGHT)
    return Served(id, extraction.route, comparison.exact, values, wrong)


def path_of(field: FieldComparison) -> str | None:
    """Path of the found value; ``None`` for a cell of a row that was not found."""
    if not field.name.startswith("line_items."):
        return field.name
    return item_path(field.found_row, field.name.removeprefix("line_items.")) if field.found_row is not None else None


def quality_of(documents: Iterable[Served]) -> Quality:
    """How true the confidences are, over all values of all documents."""
    values = [value for document in documents for value in document.values]
    return quality(np.array([sure for sure, _ in values], np.float64), np.array([right for _, right in values], np.bool_))


def histogram(documents: Iterable[Served], bins: int = 20) -> list[int]:
    """How many values have a confidence in each of ``bins`` even parts of 0..1; 1 belongs to the last."""
    counts = [0] * bins
    for sure in _confidences(documents):
        counts[min(bins - 1, max(0, int(sure * bins)))] += 1
    return counts


def routes_of(documents: Iterable[Served]) -> Mapping[str, Any]:
    """How many documents would go each way, and of each how many are wholly right."""
    found = {route.value: {"documents": 0, "right": 0} for route in Route}
    for document in documents:
        found[document.route.value]["documents"] += 1
        found[document.route.value]["right"] += document.exact
    return found


def _confidences(documents: Iterable[Served]) -> Iterator[float]:
    return (sure for document in documents for sure, _ in document.values)
