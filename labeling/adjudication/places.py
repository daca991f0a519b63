"""Where the values of a difference stand on the pages: pointed at by the person, else found by the machine, else read off the words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from invoices.models import Document, Prediction
from invoices.parsing import document_text
from labeling.adjudication.assembly import ROWS, row_of
from labeling.models import Adjudication, Annotation, Difference
from mlcore.compare import match_rows, same
from mlcore.errors import RecordError
from mlcore.readers.layout import Layout, build_layout, evidence_of
from mlcore.readers.locate import locate_tokens
from mlcore.record_json import record_from_json, value_from_json
from mlcore.schema import LINE_ITEM_FIELDS, InvoiceRecord, Value, item_path, spec_for, split_item_path, value_at

Place = dict[str, Any]
"""``{page, box: [x0, y0, x1, y1]}``, fractions of the page."""

MAX_PLACES = 12


@dataclass(frozen=True)
class DocumentPlaces:
    """Places on the pages of one document; its words are read when they are first needed."""

    document: Document
    machine: InvoiceRecord | None
    predicted: Mapping[str, Sequence[Place]]

    @classmethod
    def of(cls, document: Document, prediction: Prediction | None) -> DocumentPlaces:
        """With the pre-fill that explains the values, if there is one."""
        fields = prediction.fields if prediction else []
        predicted = {str(field["path"]): list(field.get("evidence") or ()) for field in fields}
        return cls(document, stored_record(prediction.record) if prediction else None, predicted)

    @cached_property
    def layout(self) -> Layout:
        """The words of the pages as the readers see them."""
        return build_layout(document_text(self.document))

    def machine_rows(self, record: InvoiceRecord) -> dict[int, int]:
        """Rows of a record and the rows of the pre-fill that they are."""
        return dict(match_rows(record.line_items, self.machine.line_items)) if self.machine else {}

    def known(self, label: Annotation, record: InvoiceRecord, rows: Mapping[int, int], path: str, value: Value) -> list[Place]:
        """Where ``value`` stands if it is that of a label at ``path`` (pointed at) or the machine's there; nothing is guessed.

        ``rows`` are ``machine_rows`` of the label.
        """
        kind = spec_for(path).kind
        if label.evidence.get(path) and same(kind, value, value_at(record, path)):
            return list(label.evidence[path])
        theirs = _machine_path(path, rows)
        if theirs and self.machine and self.predicted.get(theirs) and same(kind, value, value_at(self.machine, theirs)):
            return list(self.predicted[theirs])
        return []

    def of_label(self, label: Annotation, record: InvoiceRecord, rows: Mapping[int, int], path: str) -> list[Place]:
        """Where the value at ``path`` of a label stands, read off the words if need be; empty when it is nowhere to be found."""
        row = row_of(path)
        if row is not None and split_item_path(path) is None:
            cells = (self.of_label(label, record, rows, item_path(row, spec.name)) for spec in LINE_ITEM_FIELDS)
            return _on_one_page([place for places in cells for place in places])
        value = value_at(record, path) if path else None
        if value is None:
            return []
        near = self.predicted.get(_machine_path(path, rows) or "") or self._row_places(label, row)
        return self.known(label, record, rows, path, value) or self.of_text(path, near, value)

    def of_machine(self, rows: Mapping[int, int], path: str) -> list[Place]:
        """Where the machine read its value of the field, or of the row, that is at ``path`` of a label."""
        row = row_of(path)
        if row is not None and split_item_path(path) is None:
            cells = (self.predicted.get(item_path(rows[row], spec.name), ()) for spec in LINE_ITEM_FIELDS) if row in rows else ()
            return _on_one_page([place for places in cells for place in places])
        return list(self.predicted.get(_machine_path(path, rows) or "", ()))

    def of_text(self, path: str, near: Sequence[Place], value: Value) -> list[Place]:
        """The place of a value on the pages that is closest to ``near``, or the best one."""
        if value is None:
            return []
        found = [evidence_of(tokens) for tokens in locate_tokens(self.layout, spec_for(path).kind, value)]
        options = [[place.to_json() for place in places] for places in found if places]
        if not options:
            return []
        return min(options, key=lambda places: _distance(places[0], near[0])) if near else options[0]

    def _row_places(self, label: Annotation, row: int | None) -> list[Place]:
        cells = (label.evidence.get(item_path(row, spec.name)) or () for spec in LINE_ITEM_FIELDS) if row is not None else ()
        return [place for places in cells for place in places][:1]


def stored_record(record: Any) -> InvoiceRecord | None:
    """A stored record; ``None`` for one of another schema, which explains nothing."""
    try:
        return record_from_json(record, ignore_unknown=True)
    except RecordError:
        return None


def ruling_place(places: DocumentPlaces, adjudication: Adjudication, difference: Difference, value: str | None) -> dict[str, Any]:
    """``{document, page, box}`` of the crop that a difference was decided by; ``{}`` when no value of it is on the pages."""
    agreement = adjudication.agreement
    first, second = (stored_record(label.record) or InvoiceRecord() for label in (agreement.first, agreement.second))
    of_first = places.of_label(agreement.first, first, places.machine_rows(first), difference.path_first)
    of_second = places.of_label(agreement.second, second, places.machine_rows(second), difference.path_second)
    ordered = [of_second, of_first] if value == difference.value_second else [of_first, of_second]
    if value not in (None, difference.value_first, difference.value_second) and difference.name != ROWS:
        ordered.insert(0, places.of_text(difference.name, [*of_first, *of_second], value_from_json(difference.name, value)))
    found = next((candidate for candidate in ordered if candidate), None)
    return {"document": adjudication.document_id, "page": found[0]["page"], "box": _around(found)} if found else {}


def _machine_path(path: str, rows: Mapping[int, int]) -> str | None:
    cell = split_item_path(path)
    if cell is None:
        return path
    return item_path(rows[cell[0]], cell[1]) if cell[0] in rows else None


def _on_one_page(places: list[Place]) -> list[Place]:
    return [place for place in places if place["page"] == places[0]["page"]][:MAX_PLACES]


def _around(places: Sequence[Place]) -> list[float]:
    boxes = [place["box"] for place in places if place["page"] == places[0]["page"]]
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return [min(x0), min(y0), max(x1), max(y1)]


def _distance(place: Place, near: Place) -> tuple[int, float]:
    return abs(place["page"] - near["page"]), abs(place["box"][1] - near["box"][1])
