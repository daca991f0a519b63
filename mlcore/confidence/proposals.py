"""What the fields of one document may be: the values that the two readers propose, and that the field is not there.

A slot is one field of the record or one cell of an aligned line. Its proposals are the distinct values of both readers and,
always, absence. The line itself is a slot too (``ROW``): is it a line of the document at all?
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from mlcore.compare import same
from mlcore.confidence.rows import Row, align
from mlcore.documents import DocumentText, Evidence, Extraction, FieldPrediction
from mlcore.inference.reading import DocumentReading, ValueReading
from mlcore.schema import HEADER_FIELDS, LINE_ITEM_FIELDS, FieldSpec, LineItem, Value, item_path, split_item_path, value_at

ROW = "line_items"
"""Name of the slot that stands for a line as a whole."""


class Said(StrEnum):
    """What a reader said about a slot."""

    VALUE = "value"
    ABSENT = "absent"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Proposal:
    """One value a slot may have; ``None`` is "not on the document".

    ``template`` and ``model`` say whether that reader holds this very value, ``prediction`` and ``reading`` how it said so, where
    known. The only proposal of ``ROW`` has no value: it is that the line is there.
    """

    value: Value
    template: bool
    model: bool
    prediction: FieldPrediction | None = None
    reading: ValueReading | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """``name`` is the field without an index (``line_items.total``), ``row`` an index into ``Proposals.rows`` or ``None``."""

    name: str
    row: int | None
    template: Said
    model: Said
    proposals: tuple[Proposal, ...]


@dataclass(frozen=True)
class Proposals:
    """Everything proposed for one document, header first, then line by line with the slot of the line before its cells."""

    document: DocumentText
    template: Extraction
    model: DocumentReading | None
    rows: tuple[Row, ...]
    slots: tuple[Slot, ...]


def propose(document: DocumentText, template: Extraction, model: DocumentReading | None) -> Proposals:
    """List what both readers say. Without a model every slot of it is silent."""
    sides = _Sides(template, model)
    items = model.record.line_items if model is not None else ()
    rows = align(template.record.line_items, items, _places(sides.predictions), _places(sides.readings))
    slots = [_slot(sides, spec, spec.name, spec.name, spec.name, None) for spec in HEADER_FIELDS]
    for number, row in enumerate(rows):
        slots.append(_row_slot(model, row, number))
        for spec in LINE_ITEM_FIELDS:
            by_template = item_path(row.template, spec.name) if row.template is not None else None
            by_model = item_path(row.model, spec.name) if row.model is not None else None
            slots.append(_slot(sides, spec, f"line_items.{spec.name}", by_template, by_model, number))
    return Proposals(document, template, model, rows, tuple(slots))


class _Sides:
    """Both readings by path."""

    def __init__(self, template: Extraction, model: DocumentReading | None) -> None:
        self.template, self.model = template, model
        self.predictions = {field.path: field for field in template.fields}
        self.readings: dict[str, ValueReading] = {}
        for reading in model.values if model is not None else ():
            self.readings.setdefault(reading.path, reading)

    def by_template(self, path: str | None) -> tuple[Said, Value, FieldPrediction | None]:
        """A cell that a known line lacks, or a header field without a prediction, is said to be absent."""
        if path is None:
            return Said.SILENT, None, None
        value = value_at(self.template.record, path)
        return Said.ABSENT if value is None else Said.VALUE, value, self.predictions.get(path)

    def by_model(self, path: str | None) -> tuple[Said, Value, ValueReading | None]:
        """A text that is no value of its field, and what a cut answer did not come to, say nothing."""
        if self.model is None or path is None:
            return Said.SILENT, None, None
        value, reading = value_at(self.model.record, path), self.readings.get(path)
        if value is not None:
            return Said.VALUE, value, reading
        nothing = self.model.cut if reading is None else bool(reading.text)
        return Said.SILENT if nothing else Said.ABSENT, None, reading


def _slot(sides: _Sides, spec: FieldSpec, name: str, by_template: str | None, by_model: str | None, row: int | None) -> Slot:
    template, left, prediction = sides.by_template(by_template)
    model, right, reading = sides.by_model(by_model)
    found: list[Proposal] = []
    if left is not None:
        agreed = right is not None and same(spec.kind, left, right)
        found.append(Proposal(left, True, agreed, prediction, reading if agreed else None))
    if right is not None and not any(one.model for one in found):
        found.append(Proposal(right, False, True, None, reading))
    absent = template is Said.ABSENT, model is Said.ABSENT
    found.append(Proposal(None, *absent, prediction if absent[0] else None, reading if absent[1] else None))
    return Slot(name, row, template, model, tuple(found))


def _row_slot(reading: DocumentReading | None, row: Row, number: int) -> Slot:
    seen = row.template is not None, row.model is not None
    unread = Said.SILENT if reading is None or reading.cut else Said.ABSENT
    template, model = Said.VALUE if seen[0] else Said.ABSENT, Said.VALUE if seen[1] else unread
    return Slot(ROW, number, template, model, (Proposal(None, *seen),))


def _places(values: dict[str, FieldPrediction] | dict[str, ValueReading]) -> dict[int, list[Evidence]]:
    found: dict[int, list[Evidence]] = {}
    for path, value in values.items():
        cell = split_item_path(path)
        if cell is not None:
            found.setdefault(cell[0], []).extend(value.evidence)
    return found


def row_items(proposals: Proposals, row: Row) -> Iterator[LineItem]:
    """The line as each reader has it that saw it, the template first."""
    if row.template is not None:
        yield proposals.template.record.line_items[row.template]
    if row.model is not None and proposals.model is not None:
        yield proposals.model.record.line_items[row.model]
