"""Agreement as CSV, one table at a time, streamed: memory does not grow with vendors or documents.

A share is four columns: value, both ends of its interval, number of documents. Below the floor the value is empty and the number stays.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any, Final

from invoices.spreadsheets import Written, guarded
from labeling.agreement.slices import Kind
from labeling.agreement.stored import LISTED
from labeling.models import AgreementTally
from labeling.selectors.agreement import overview, prefill_parts
from labeling.selectors.agreement_documents import PairFilter, all_pairs
from labeling.selectors.agreement_lists import all_of_kind

_CHUNK = 100
_SETS: Final = ("item_type", "vendor")
_SHARES: Final = tuple(name for name in LISTED if name not in _SETS)
_COEFFICIENTS: Final = ("percent", "kappa", "alpha")
Rows = Iterator[list[Any]]


def csv_lines(table: str, wanted: PairFilter) -> Iterator[str]:
    """A heading, then the rows of one of ``TABLES``. ``wanted`` narrows fields (by its scope) and documents.

    Raises ``TallyUnreadable`` before the first line.
    """
    rows = TABLES[table](wanted)
    return _written(chain([next(rows)], rows))


def _written(rows: Iterable[list[Any]]) -> Iterator[str]:
    sink = Written()
    writer = csv.writer(sink)
    for count, row in enumerate(rows):
        writer.writerow([guarded(_text(cell)) for cell in row])
        if count % _CHUNK == _CHUNK - 1:
            yield sink.take()
    yield sink.take()


def _fields(wanted: PairFilter) -> Rows:
    names = ("agreement", "values", "presence_f1")
    statistics = overview(wanted.scope).readable()
    yield [
        *("field", "same", "differing", "first_only", "second_only", "both_absent"),
        *_heading(names),
        *("presence_units", "presence_prevalence"),
        *_heading(f"presence_{name}" for name in _COEFFICIENTS),
    ]
    for field in statistics.to_json()["fields"]:
        counts, presence = field["counts"], field["presence"]
        yield [
            field["name"],
            *counts.values(),
            *_cells(field[name] for name in names),
            *(presence["units"], presence["prevalence"]),
            *_cells(presence[name] for name in _COEFFICIENTS),
        ]


def _vendors(wanted: PairFilter) -> Rows:
    yield ["vendor", "vendor_id", *_figure_heading()]
    for row in all_of_kind(Kind.VENDOR):
        yield [row.vendor.name if row.vendor else "", row.key, *_figure_cells(row.documents, row.figures)]


def _pairs(wanted: PairFilter) -> Rows:
    yield ["pair", "one", "other", *_figure_heading()]
    for row in all_of_kind(Kind.PAIR):
        yield [row.key, *(user.username if user else "" for user in (row.one, row.other)), *_figure_cells(row.documents, row.figures)]


def _of_kind(kind: Kind, name: str) -> Callable[[PairFilter], Rows]:
    def rows(wanted: PairFilter) -> Rows:
        yield [name, *_figure_heading()]
        found: Iterable[AgreementTally] = all_of_kind(kind)
        for row in found:
            yield [row.key, *_figure_cells(row.documents, row.figures)]

    return rows


def _prefill(wanted: PairFilter) -> Rows:
    yield ["prefill", *_figure_heading()]
    for part in prefill_parts():
        yield [part.key, *_figure_cells(part.documents, part.figures)]


def _documents(wanted: PairFilter) -> Rows:
    yield [
        *("document", "file", "vendor", "one", "other", "pair", "prefill"),
        *("compared_at", "exact", "critical", "differences", "fields", "adjudication"),
    ]
    for row in all_pairs(wanted):
        pair = row.agreement
        yield [
            *(pair.document_id, pair.document.name, pair.vendor.name if pair.vendor else ""),
            *(user.username for user in row.people),
            *(pair.pair, pair.prefill, pair.compared_at.isoformat(), str(pair.exact).lower(), str(pair.critical).lower()),
            *(pair.differences, "; ".join(row.fields), row.adjudication),
        ]


TABLES: Final[dict[str, Callable[[PairFilter], Rows]]] = {
    "fields": _fields,
    "vendors": _vendors,
    "pairs": _pairs,
    "months": _of_kind(Kind.MONTH, "month"),
    "weeks": _of_kind(Kind.WEEK, "week"),
    "prefill": _prefill,
    "documents": _documents,
}
"""Name of a table to its rows, the heading first."""


def _heading(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield from (name, f"{name}_low", f"{name}_high", f"{name}_n")


def _cells(figures: Iterable[dict[str, Any]]) -> Iterator[Any]:
    for figure in figures:
        yield from (figure.get(name) for name in ("value", "low", "high", "n"))


def _figure_heading() -> Iterator[str]:
    yield "documents"
    yield from _heading(_SHARES)
    for name in _SETS:
        yield from (f"{name}_units", f"{name}_prevalence")
        yield from _heading(f"{name}_{coefficient}" for coefficient in _COEFFICIENTS)


def _figure_cells(documents: int, figures: dict[str, Any]) -> Iterator[Any]:
    """The same columns for every slice; empty where there are no figures."""
    yield documents
    yield from _cells(figures.get(name, {}) for name in _SHARES)
    for name in _SETS:
        found = figures.get(name, {})
        yield from (found.get("units"), found.get("prevalence"))
        yield from _cells(found.get(coefficient, {}) for coefficient in _COEFFICIENTS)


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell)
