"""Gold held against the truth of the simulation: how much of it is wrong, and what let it be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.team.day import Done
from benchmarks.team.readout import Stored
from mlcore.compare import Outcome, compare_records
from mlcore.record_json import record_from_json
from mlcore.schema import InvoiceRecord

_FINE = (Outcome.CORRECT, Outcome.BOTH_ABSENT)


@dataclass(frozen=True, slots=True)
class Wrong:
    """Gold records of one kind: how many, how many with an error, their values (that gold or truth has), how many of those are wrong."""

    documents: int = 0
    documents_wrong: int = 0
    values: int = 0
    values_wrong: int = 0

    def __add__(self, other: Wrong) -> Wrong:
        return Wrong(
            self.documents + other.documents,
            self.documents_wrong + other.documents_wrong,
            self.values + other.values,
            self.values_wrong + other.values_wrong,
        )


def held_to(truth: InvoiceRecord, record: InvoiceRecord) -> Wrong:
    """One record."""
    fields = compare_records(truth, record).fields
    wrong = sum(field.outcome not in _FINE for field in fields)
    return Wrong(1, int(wrong > 0), sum(field.outcome is not Outcome.BOTH_ABSENT for field in fields), wrong)


def by_origin(stored: Stored, truths: Mapping[int, InvoiceRecord]) -> dict[str, Wrong]:
    """``single``, ``agreed`` and ``adjudicated`` gold."""
    found: dict[str, Wrong] = {}
    for row in stored["golds"]:
        one = held_to(truths[row["document"]], record_from_json(row["record"], ignore_unknown=True))
        found[row["made_of"]] = found.get(row["made_of"], Wrong()) + one
    return found


def first_labels(stored: Stored, truths: Mapping[int, InvoiceRecord]) -> Wrong:
    """The first labels of the documents that got two: what gold would have been with one signature."""
    labels = {row["id"]: row for row in stored["labels"]}
    found = Wrong()
    for pair in stored["pairs"]:
        record = record_from_json(labels[pair["first"]]["record"], ignore_unknown=True)
        found += held_to(truths[pair["document"]], record)
    return found


def seconds_of(done: list[Done]) -> dict[str, float]:
    """Simulated seconds at the screen, by person."""
    found: dict[str, float] = {}
    for one in done:
        found[one.person] = found.get(one.person, 0.0) + one.seconds
    return found
