"""One person and one form: what is submitted, decision by decision. Pure: the same seed gives the same label."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from benchmarks.team.habits import Habits
from benchmarks.team.writing import other_form, plain, slip
from mlcore.compare import match_rows, same
from mlcore.schema import (
    HEADER_FIELDS,
    LINE_ITEM_FIELDS,
    FieldSpec,
    InvoiceRecord,
    LineItem,
    Value,
    VendorParty,
    header_value,
    item_value,
)

ROWS = "line_items"


class Act(StrEnum):
    """What a person did about one value."""

    KEPT = "kept a right suggestion"
    SPOILED = "spoiled a right suggestion"
    ACCEPTED = "let a wrong suggestion stand"
    CLEARED = "cleared a wrong suggestion"
    CORRECTED = "corrected a wrong suggestion"
    TYPED = "typed"
    SLIPPED = "typed with a slip"
    MISSED = "overlooked"
    ABSENT = "nothing there"


_UNTOUCHED = (Act.KEPT, Act.ACCEPTED, Act.ABSENT, Act.MISSED)


@dataclass(frozen=True, slots=True)
class Answer:
    """One value of a label: what it means, how it was written, and how it came about. ``right``: it is the truth."""

    value: Value
    text: str
    act: Act
    right: bool

    @property
    def touched(self) -> bool:
        """Whether the person changed the form here."""
        return self.act not in _UNTOUCHED


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a label. ``truth`` is the row of the document that it stands for, ``prefilled`` the suggested row that it was, ``None``
    where there is none."""

    truth: int | None
    prefilled: int | None
    cells: Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Shown:
    """A pre-fill as a person was shown it. ``partners`` leads from a row of the document to the suggested row for it; ``lone`` rows stand
    for none."""

    record: InvoiceRecord
    partners: Mapping[int, int]
    lone: tuple[int, ...]

    @classmethod
    def of(cls, truth: InvoiceRecord, record: InvoiceRecord) -> Shown:
        """Tie the suggested rows to the document's."""
        partners = dict(match_rows(truth.line_items, record.line_items))
        taken = set(partners.values())
        lone = tuple(p for p, item in enumerate(record.line_items) if p not in taken and item != LineItem())
        return cls(record, partners, lone)


@dataclass(frozen=True, slots=True)
class Label:
    """What one person submits: header by name, rows in the document's order with kept extra rows behind them."""

    header: Mapping[str, Answer]
    rows: tuple[Row, ...]
    overlooked_rows: tuple[int, ...]

    def answers(self) -> Iterator[tuple[str, Answer]]:
        """Every ``(field name, answer)``; cells are named ``line_items.total``."""
        yield from self.header.items()
        for row in self.rows:
            for name, answer in row.cells.items():
                yield f"{ROWS}.{name}", answer

    @property
    def record(self) -> InvoiceRecord:
        """The record that is meant, free of how it was written."""
        values = {name: answer.value for name, answer in self.header.items()}
        items = tuple(LineItem(**{name: answer.value for name, answer in row.cells.items()}) for row in self.rows)  # type: ignore[arg-type]  # cells have their column's type
        party = VendorParty(values.pop("vendor.name"), values.pop("vendor.address"))  # type: ignore[arg-type]  # texts
        return InvoiceRecord(vendor=party, line_items=items, **values)  # type: ignore[arg-type]  # header values have their field's type


def fill_in(truth: InvoiceRecord, shown: Shown | None, who: Habits, rng: random.Random) -> Label:
    """The label that this person makes of the document; ``shown`` is ``None`` when the pre-fill is hidden or there is none."""
    before = shown.record if shown else InvoiceRecord()
    header = {
        spec.name: _answer(spec, spec.name, header_value(truth, spec.name), header_value(before, spec.name), who, rng)
        for spec in HEADER_FIELDS
    }
    rows: list[Row] = []
    overlooked = []
    for t, item in enumerate(truth.line_items):
        row = _row(t, item, shown, who, rng)
        if row is None:
            overlooked.append(t)
        else:
            rows.append(row)
    for p in shown.lone if shown else ():
        if rng.random() < who.accepts_row:
            suggested = before.line_items[p]
            rows.append(Row(None, p, {spec.name: _stands(item_value(suggested, spec.name)) for spec in LINE_ITEM_FIELDS}))
    return Label(header, tuple(rows), tuple(overlooked))


def _row(t: int, item: LineItem, shown: Shown | None, who: Habits, rng: random.Random) -> Row | None:
    """The row of the label for one row of the document, ``None`` when it was overlooked."""
    p = shown.partners.get(t) if shown else None
    if p is None and rng.random() < who.misses_row:
        return None
    suggested = shown.record.line_items[p] if shown is not None and p is not None else LineItem()
    cells = {
        spec.name: _answer(spec, f"{ROWS}.{spec.name}", item_value(item, spec.name), item_value(suggested, spec.name), who, rng)
        for spec in LINE_ITEM_FIELDS
    }
    return Row(t, p, cells) if any(answer.value is not None for answer in cells.values()) else None


def _stands(suggested: Value) -> Answer:
    return Answer(suggested, plain(suggested), Act.ACCEPTED if suggested is not None else Act.ABSENT, suggested is None)


def _answer(spec: FieldSpec, name: str, true: Value, suggested: Value, who: Habits, rng: random.Random) -> Answer:
    if suggested is None:
        if true is None:
            return Answer(None, "", Act.ABSENT, True)
        return Answer(None, "", Act.MISSED, False) if rng.random() < who.misses else _typed(spec, true, Act.TYPED, who, rng)
    if same(spec.kind, suggested, true):
        if rng.random() < who.spoils and not same(spec.kind, spoiled := slip(spec, true, rng), true):
            return Answer(spoiled, plain(spoiled), Act.SPOILED, False)
        return Answer(suggested, plain(suggested), Act.KEPT, True)
    if rng.random() < who.lets_stand(name):
        return Answer(suggested, plain(suggested), Act.ACCEPTED, False)
    if true is None:
        return Answer(None, "", Act.CLEARED, True)
    return _typed(spec, true, Act.CORRECTED, who, rng)


def _typed(spec: FieldSpec, true: Value, act: Act, who: Habits, rng: random.Random) -> Answer:
    written = slip(spec, true, rng) if rng.random() < who.slips_in(spec) else true
    if not same(spec.kind, written, true):
        return Answer(written, plain(written), Act.SLIPPED, False)
    text = other_form(spec, true, rng) if rng.random() < who.deviates else plain(true)
    return Answer(true, text, act, True)
