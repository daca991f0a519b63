"""Where one person's values were wrong: what they had, what was settled, why, and the place on the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from invoices.models import Document, Page, User
from invoices.selectors.keyset import Ordering, read_cursor, slice_of
from labeling.adjudication.assembly import ROWS, row_of, row_path
from labeling.guidelines.fields import FIELDS
from labeling.models import Annotation, CountedLabel, Difference, GoldRecord, WrongField
from labeling.selectors.crop_address import crop_address, page_images
from mlcore.compare import FieldComparison, Outcome, compare_records
from mlcore.errors import RecordError
from mlcore.record_json import record_from_json, value_to_json
from mlcore.schema import InvoiceRecord, ValueKind, item_path, spec_for

PAGE_SIZE = 10
_NEWEST = Ordering("label_id", descending=True)
_FINE = (Outcome.CORRECT, Outcome.BOTH_ABSENT)


@dataclass(frozen=True, slots=True)
class Mistake:
    """One value that is not the settled one; ``name`` is a field without an index.

    ``row`` counts from 1 in the settled record, for a row that is not on the document in the person's own.

    A ``whole_row`` is missing or not on the document; then ``mine`` and ``settled`` are its description. ``cause`` and ``reason``
    are of the ruling that settled it, ``""`` without one; ``crop`` the address of the picture, ``""`` where nobody knows the place.
    """

    name: str
    row: int | None
    mine: str
    settled: str
    cause: str = ""
    reason: str = ""
    crop: str = ""

    @property
    def label(self) -> str:
        """The field, as people say it."""
        return FIELDS[self.name]

    @property
    def whole_row(self) -> bool:
        """Whether it is a row and no single value."""
        return self.name == ROWS

    @property
    def is_code(self) -> bool:
        """Whether it is set in the monospaced face."""
        return not self.whole_row and spec_for(self.name).kind in (ValueKind.IDENTIFIER, ValueKind.NDC, ValueKind.PROCEDURE)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        values = {"field": self.name, "row": self.row, "mine": self.mine or None, "settled": self.settled or None}
        return {**values, "cause": self.cause, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class MistakenLabel:
    """One settled document in which the person had something wrong."""

    document: Document
    label: Annotation
    mistakes: list[Mistake]


@dataclass(frozen=True, slots=True)
class MistakesPage:
    """One page, the newest labels first; ``next`` and ``previous`` are cursors. ``field`` is ``""`` for all."""

    field: str
    labels: list[MistakenLabel]
    next: str
    previous: str


def mistakes_of(person: User, field: str, cursor: str) -> MistakesPage:
    """One page of the documents in which this person had a wrong value (of ``field``, if it is one): five statements.

    Settled documents alone; one whose adjudication was opened again is left out until it is settled anew.
    """
    field = field if field in FIELDS and field != ROWS else ""
    rows = WrongField.objects.filter(person=person, name=field or WrongField.ANY, label__gold__is_current=True)
    related = ("label__annotation__document__vendor", "label__gold")
    page = slice_of(
        rows.select_related(*related).defer("label__annotation__document__text_signature"), _NEWEST, read_cursor(cursor), PAGE_SIZE
    )
    counted = [row.label for row in page.rows]
    known = _Known.of(counted)
    labels = [_mistaken(one, known, field) for one in counted]
    return MistakesPage(field, labels, page.next, page.previous)


@dataclass(frozen=True)
class _Known:
    """What is stored about the documents of a page: page images, and settled differences by document, field and path."""

    images: Mapping[tuple[int, int], str]
    rulings: Mapping[tuple[int, str, str], Difference]

    @classmethod
    def of(cls, labels: Sequence[CountedLabel]) -> _Known:
        documents = {label.annotation.document_id for label in labels}
        differences = Difference.objects.filter(adjudication__document__in=documents).exclude(choice="")
        rulings: dict[tuple[int, str, str], Difference] = {}
        for one in differences.select_related("ruling", "adjudication__agreement"):
            pair = one.adjudication.agreement
            rulings[pair.first_id, one.name, one.path_first] = one
            rulings[pair.second_id, one.name, one.path_second] = one
        return cls(page_images(Page.objects.filter(document__in=documents)), rulings)

    def ruling(self, label: Annotation, name: str, path: str) -> Difference | None:
        """The difference that settled a value of this label, or its whole row."""
        row = row_of(path)
        return self.rulings.get((label.pk, name, path)) or (self.rulings.get((label.pk, ROWS, row_path(row))) if row is not None else None)

    def crop(self, document_id: int, places: Sequence[Mapping[str, Any]]) -> str:
        """The address of the picture of these places."""
        try:
            return crop_address(document_id, places, self.images) if places else ""
        except (KeyError, TypeError, ValueError):
            return ""


def _mistaken(counted: CountedLabel, known: _Known, field: str) -> MistakenLabel:
    label, gold = counted.annotation, counted.gold
    assert gold is not None
    truth, given = _read(gold.record), _read(label.record)
    found = list(_mistakes(label, gold, truth, given, known)) if truth is not None and given is not None else []
    return MistakenLabel(label.document, label, [one for one in found if not field or one.name in (field, ROWS)])


def _mistakes(label: Annotation, gold: GoldRecord, truth: InvoiceRecord, given: InvoiceRecord, known: _Known) -> Iterator[Mistake]:
    told: set[tuple[bool, int]] = set()
    for one in compare_records(truth, given).fields:
        if one.outcome in _FINE:
            continue
        lone = one.name.startswith(f"{ROWS}.") and None in (one.expected_row, one.found_row)
        if not lone:
            yield _value(label, gold, one, known)
            continue
        missing = one.found_row is None
        row = one.expected_row if missing else one.found_row
        if row is not None and (missing, row) not in told:
            told.add((missing, row))
            yield _row(label, gold, truth if missing else given, row, missing, known)


def _value(label: Annotation, gold: GoldRecord, one: FieldComparison, known: _Known) -> Mistake:
    column = one.name.rpartition(".")[2]
    theirs = one.name if one.expected_row is None else item_path(one.expected_row, column)
    mine = one.name if one.found_row is None else item_path(one.found_row, column)
    ruling = known.ruling(label, one.name, mine)
    places = gold.evidence.get(theirs) or label.evidence.get(mine) or []
    return Mistake(
        one.name,
        None if one.expected_row is None else one.expected_row + 1,
        value_to_json(one.found) or "",
        value_to_json(one.expected) or "",
        cause=ruling.get_cause_display() if ruling else "",
        reason=ruling.ruling.reason if ruling and ruling.ruling else "",
        crop=known.crop(label.document_id, places),
    )


def _row(label: Annotation, gold: GoldRecord, record: InvoiceRecord, row: int, missing: bool, known: _Known) -> Mistake:
    item = record.line_items[row]
    words = item.description or item.cpt_code or item.ndc_code or f"row {row + 1}"
    ruling = None if missing else known.rulings.get((label.pk, ROWS, row_path(row)))
    evidence = gold.evidence if missing else label.evidence
    cells = (found for path, found in evidence.items() if path.startswith(f"{row_path(row)}."))
    places: list[Mapping[str, Any]] = next((found for found in cells if found), [])
    return Mistake(
        ROWS,
        row + 1,
        "" if missing else words,
        words if missing else "",
        cause=ruling.get_cause_display() if ruling else "",
        reason=ruling.ruling.reason if ruling and ruling.ruling else "",
        crop=known.crop(label.document_id, places),
    )


def _read(record: Mapping[str, Any]) -> InvoiceRecord | None:
    try:
        return record_from_json(record, ignore_unknown=True)
    except RecordError:
        return None
