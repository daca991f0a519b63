"""One adjudication as the senior's screen shows it: both values and the machine's with their places, rows aligned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from invoices.models import User
from labeling.adjudication.assembly import ROWS, aligned_rows, cell_path, row_of, row_path
from labeling.adjudication.grouping import alike
from labeling.adjudication.holding import adjudications, labeled_by, refuse_own, require_senior, with_differences
from labeling.adjudication.places import DocumentPlaces, Place, stored_record
from labeling.errors import AdjudicationNotFound, AlreadyResolved
from labeling.models import Adjudication, Annotation, Difference, Guideline
from labeling.selectors.guidelines import newest_guidelines
from labeling.selectors.precedents import Precedent, precedents_by_field
from mlcore.compare import match_rows
from mlcore.record_json import value_to_json
from mlcore.schema import HEADER_FIELDS, LINE_ITEM_FIELDS, InvoiceRecord, item_path, value_at

_TOLD = 100


@dataclass(frozen=True, slots=True)
class Side:
    """One of the values: its text form (a row's JSON) and where it stands on the pages."""

    value: str | None
    places: list[Place]


@dataclass(frozen=True, slots=True)
class ShownDifference:
    """A difference with its sides; ``row`` counts the aligned rows from 0 (``None`` in the header), ``alike`` others elsewhere."""

    difference: Difference
    a: Side
    b: Side
    machine: Side
    third: str | None
    row: int | None
    alike: int


@dataclass(frozen=True, slots=True)
class ShownField:
    """One field of the whole record. ``difference`` is the id of the one that it is, or is part of."""

    name: str
    row: int | None
    a: str | None
    b: str | None
    machine: str | None
    difference: int | None


@dataclass(frozen=True, slots=True)
class Case:
    """Everything of one adjudication that is shown. ``labels`` are the two annotations in the order A, B."""

    adjudication: Adjudication
    differences: list[ShownDifference]
    record: list[ShownField]
    precedents: dict[str, list[Precedent]]
    guidelines: dict[str, Guideline]
    labels: tuple[Annotation, Annotation]


@dataclass(frozen=True)
class _Labels:
    """Both labels read, the first first."""

    annotations: tuple[Annotation, Annotation]
    records: tuple[InvoiceRecord, InvoiceRecord]
    places: DocumentPlaces

    @classmethod
    def of(cls, adjudication: Adjudication) -> _Labels:
        agreement = adjudication.agreement
        pair = agreement.first, agreement.second
        first, second = (stored_record(label.record) or InvoiceRecord() for label in pair)
        prediction = pair[0].prediction or pair[1].prediction or adjudication.document.predictions.order_by("-pk").first()
        return cls(pair, (first, second), DocumentPlaces.of(adjudication.document, prediction))

    def side(self, number: int, path: str, value: str | None) -> Side:
        record = self.records[number]
        return Side(value, self.places.of_label(self.annotations[number], record, self.places.machine_rows(record), path))

    def machine(self, paths: tuple[str, str], value: str | None) -> Side:
        number = 0 if paths[0] else 1
        return Side(
            value, self.places.of_machine(self.places.machine_rows(self.records[number]), paths[number]) if value is not None else []
        )


def adjudication_case(user: User, adjudication_id: int) -> Case:
    """One adjudication for a senior.

    Raises ``RoleNeeded``, ``AdjudicationNotFound``, ``OwnLabel`` (until it is resolved) or ``AlreadyResolved`` (a third label is due).
    """
    require_senior(user)
    rows = with_differences(adjudications().select_related("agreement__first_author", "agreement__second_author", "gold", "third"))
    adjudication = rows.filter(pk=adjudication_id).annotate(is_own=labeled_by(user)).first()
    if adjudication is None:
        raise AdjudicationNotFound(f"There is no adjudication {adjudication_id}.")
    if adjudication.state == Adjudication.State.WAITING:
        raise AlreadyResolved("This document waits for a third label; until then nobody sees the first two. Open the next one.")
    if adjudication.state == Adjudication.State.OPEN:
        refuse_own(adjudication, user)
    return _case(user, adjudication)


def shown_differences(
    adjudication: Adjudication, differences: Sequence[Difference], alike_by_kind: dict[tuple[str, str], int]
) -> list[ShownDifference]:
    """Differences of one document with the places of their values; reads the words of its pages where nobody pointed at them."""
    labels = _Labels.of(adjudication)
    third = stored_record(adjudication.third.record) if adjudication.third else None
    order = _rows(labels, differences)
    shown = []
    for difference in differences:
        sides = (
            labels.side(0, difference.path_first, difference.value_first),
            labels.side(1, difference.path_second, difference.value_second),
        )
        a, b = sides if adjudication.a_is_first else (sides[1], sides[0])
        paths = difference.path_first, difference.path_second
        shown.append(
            ShownDifference(
                difference,
                a,
                b,
                labels.machine(paths, difference.value_machine),
                _third(labels, third, difference),
                next((at for at, pair in enumerate(order) if pair == (row_of(paths[0]), row_of(paths[1]))), None),
                alike_by_kind.get((difference.name, difference.cause), 0) - (0 if difference.choice else 1),
            )
        )
    return sorted(shown, key=lambda one: _reading_order(one))


def _case(user: User, adjudication: Adjudication) -> Case:
    differences = list(adjudication.differences.all())
    agreement = adjudication.agreement
    pair = (agreement.first, agreement.second)
    return Case(
        adjudication,
        shown_differences(adjudication, differences, _alike(user, differences)),
        _whole_record(adjudication, differences),
        precedents_by_field(adjudication.document.vendor_id, {d.name for d in differences}, not_of=adjudication.document_id),
        newest_guidelines({d.name for d in differences}),
        pair if adjudication.a_is_first else (pair[1], pair[0]),
    )


def _alike(user: User, differences: Sequence[Difference]) -> dict[tuple[str, str], int]:
    """How many unsettled differences there are of each kind, those of this document included. One statement."""
    if not differences:
        return {}
    kinds = {(difference.name, difference.cause) for difference in differences}
    rows = alike(user, differences[0], kinds=kinds)
    return {(row["name"], row["cause"]): row["count"] for row in rows.order_by().values("name", "cause").annotate(count=Count("pk"))}


def _rows(labels: _Labels, differences: Sequence[Difference]) -> list[tuple[int | None, int | None]]:
    first, second = labels.records
    return aligned_rows(first.line_items, second.line_items, [(d.path_first, d.path_second) for d in differences])


def _whole_record(adjudication: Adjudication, differences: Sequence[Difference]) -> list[ShownField]:
    labels = _Labels.of(adjudication)
    by_paths = {(d.path_first, d.path_second): d.pk for d in differences}
    machine = labels.places.machine or InvoiceRecord()
    rows_of_machine = [labels.places.machine_rows(record) for record in labels.records]

    def field(name: str, row: int | None, paths: tuple[str, str], theirs: str, whole: tuple[str, str]) -> ShownField:
        values = [value_to_json(value_at(record, path)) if path else None for record, path in zip(labels.records, paths, strict=True)]
        a, b = values if adjudication.a_is_first else reversed(values)
        difference = by_paths.get(paths) or by_paths.get(whole)
        return ShownField(name, row, a, b, value_to_json(value_at(machine, theirs)) if theirs else None, difference)

    shown = [field(spec.name, None, (spec.name, spec.name), spec.name, ("", "")) for spec in HEADER_FIELDS]
    for at, (i, j) in enumerate(_rows(labels, differences)):
        theirs = rows_of_machine[0].get(i) if i is not None else rows_of_machine[1].get(j) if j is not None else None
        for spec in LINE_ITEM_FIELDS:
            paths = cell_path(i, spec.name), cell_path(j, spec.name)
            at_machine = cell_path(theirs, spec.name)
            shown.append(field(f"{ROWS}.{spec.name}", at, paths, at_machine, (row_path(i), row_path(j))))
    return shown


def _third(labels: _Labels, third: InvoiceRecord | None, difference: Difference) -> str | None:
    """The third label's value of a field, where policy asked for one; of a whole row nothing."""
    if third is None or difference.name == ROWS:
        return None
    row = row_of(difference.path_first)
    if row is None:
        return value_to_json(value_at(third, difference.path_first))
    theirs = dict(match_rows(labels.records[0].line_items, third.line_items)).get(row)
    return value_to_json(value_at(third, item_path(theirs, difference.name.rpartition(".")[2]))) if theirs is not None else None


def _reading_order(shown: ShownDifference) -> tuple[Any, ...]:
    if shown.row is None:
        return (0, next(at for at, spec in enumerate(HEADER_FIELDS) if spec.name == shown.difference.name), 0)
    columns = [spec.name for spec in LINE_ITEM_FIELDS]
    name = shown.difference.name.rpartition(".")[2]
    return (1, shown.row, columns.index(name) if name in columns else -1)
