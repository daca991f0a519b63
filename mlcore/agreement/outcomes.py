"""What the comparison of a blind pair says: frozen values and their JSON form. ``pair.compare_pair`` makes them.

The JSON form holds the values that differ, the line types and the vendor ids, nothing else of the records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from mlcore.errors import AgreementError
from mlcore.schema import HEADER_FIELDS, LINE_ITEM_FIELDS, split_item_path

FORMAT = 1
"""Version of the JSON form."""

ROWS = "line_items"
"""Name of the difference that stands for a whole row."""


class FieldAgreement(StrEnum):
    """How one field of two records relates."""

    SAME = "same"
    DIFFERING = "differing"
    FIRST_ONLY = "first_only"
    SECOND_ONLY = "second_only"
    BOTH_ABSENT = "both_absent"

    @property
    def agrees(self) -> bool:
        """Whether there is nothing to settle."""
        return self in (FieldAgreement.SAME, FieldAgreement.BOTH_ABSENT)

    @property
    def mirrored(self) -> FieldAgreement:
        """The same with first and second exchanged."""
        return _MIRROR.get(self, self)


_MIRROR = {
    FieldAgreement.FIRST_ONLY: FieldAgreement.SECOND_ONLY,
    FieldAgreement.SECOND_ONLY: FieldAgreement.FIRST_ONLY,
}


@dataclass(frozen=True, slots=True)
class FieldOutcome:
    """One header field, or one cell of a matched row. ``name`` has no index (``line_items.total``).

    Marks (``blank``, ``illegible``, ``not_applicable``; ``""`` for none) say why a value is absent.
    """

    name: str
    outcome: FieldAgreement
    mark_first: str = ""
    mark_second: str = ""

    @property
    def mirrored(self) -> FieldOutcome:
        """The same with first and second exchanged."""
        return FieldOutcome(self.name, self.outcome.mirrored, self.mark_second, self.mark_first)

    def to_json(self) -> str | list[str]:
        """The outcome, with both marks behind it where there is one."""
        marked = self.mark_first or self.mark_second
        return [self.outcome.value, self.mark_first, self.mark_second] if marked else self.outcome.value

    @classmethod
    def from_json(cls, name: str, data: str | list[str]) -> FieldOutcome:
        """Inverse of ``to_json``. Raises ``ValueError``."""
        outcome, *marks = [data] if isinstance(data, str) else data
        return cls(name, FieldAgreement(outcome), *marks)


@dataclass(frozen=True, slots=True)
class MatchedRow:
    """Two rows that are the same line: their indexes, every cell, and both line types (``""`` for none)."""

    first: int
    second: int
    cells: tuple[FieldOutcome, ...]
    type_first: str = ""
    type_second: str = ""

    @property
    def mirrored(self) -> MatchedRow:
        """The same with first and second exchanged."""
        return MatchedRow(self.second, self.first, tuple(cell.mirrored for cell in self.cells), self.type_second, self.type_first)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        cells = {cell.name.removeprefix(f"{ROWS}."): cell.to_json() for cell in self.cells}
        return {"rows": [self.first, self.second], "types": [self.type_first, self.type_second], "cells": cells}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> MatchedRow:
        """Inverse of ``to_json``. Raises ``KeyError`` or ``ValueError``."""
        (first, second), types = data["rows"], data["types"]
        cells = tuple(FieldOutcome.from_json(f"{ROWS}.{name}", cell) for name, cell in data["cells"].items())
        return cls(first, second, cells, *types)


@dataclass(frozen=True, slots=True)
class Difference:
    """One field, or one whole row, that somebody has to settle.

    ``name`` has no index; it is ``line_items`` for a row that one record alone has. The paths (``line_items[2].total``,
    ``line_items[2]`` for a row) are ``""`` in the record that has no such row. Values are the text forms of ``record_json``, a
    row's the JSON of the row; ``None`` is an absent value.
    """

    name: str
    path_first: str
    path_second: str
    value_first: str | None
    value_second: str | None
    critical: bool
    mark_first: str = ""
    mark_second: str = ""

    @property
    def is_row(self) -> bool:
        """Whether it is a whole row."""
        return self.name == ROWS

    @property
    def mirrored(self) -> Difference:
        """The same with first and second exchanged."""
        return Difference(
            self.name, self.path_second, self.path_first, self.value_second, self.value_first, self.critical,
            self.mark_second, self.mark_first,
        )  # fmt: skip

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        data: dict[str, Any] = {
            "name": self.name, "paths": [self.path_first, self.path_second], "values": [self.value_first, self.value_second],
            "critical": self.critical,
        }  # fmt: skip
        return {**data, "marks": [self.mark_first, self.mark_second]} if self.mark_first or self.mark_second else data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Difference:
        """Inverse of ``to_json``. Raises ``KeyError`` or ``ValueError``."""
        (path_first, path_second), (value_first, value_second) = data["paths"], data["values"]
        marks = data.get("marks", ())
        return cls(data["name"], path_first, path_second, value_first, value_second, bool(data["critical"]), *marks)


def reading_order(difference: Difference) -> tuple[int, int, int]:
    """Sorts differences: the header, cells of matched rows by the first record, rows of the first alone, of the second alone."""
    if difference.is_row:
        path = difference.path_first or difference.path_second
        return 2 if difference.path_first else 3, int(path.removeprefix(f"{ROWS}[").removesuffix("]")), 0
    cell = split_item_path(difference.path_first)
    return (1, cell[0], _COLUMN[cell[1]]) if cell else (0, _HEADER[difference.name], 0)


_HEADER = {spec.name: number for number, spec in enumerate(HEADER_FIELDS)}
_COLUMN = {spec.name: number for number, spec in enumerate(LINE_ITEM_FIELDS)}


@dataclass(frozen=True, slots=True)
class PairOutcome:
    """Two records of one document compared.

    ``header`` has every header field in the order of the schema; ``matched`` the rows that both have, by the first record's order;
    ``only_first`` and ``only_second`` are indexes of rows without a partner. Rows without any value are left out everywhere.
    Vendor ids are ``""`` where unknown; they are categories for kappa and no difference by themselves.
    """

    header: tuple[FieldOutcome, ...]
    matched: tuple[MatchedRow, ...]
    only_first: tuple[int, ...]
    only_second: tuple[int, ...]
    differences: tuple[Difference, ...]
    vendor_first: str = ""
    vendor_second: str = ""

    @property
    def rows_first(self) -> int:
        """Rows of the first record."""
        return len(self.matched) + len(self.only_first)

    @property
    def rows_second(self) -> int:
        """Rows of the second record."""
        return len(self.matched) + len(self.only_second)

    @property
    def exact(self) -> bool:
        """Whether nothing differs."""
        return not self.differences

    @property
    def critical(self) -> bool:
        """Whether no critical field differs: the document may be paid on either record."""
        return not any(difference.critical for difference in self.differences)

    @property
    def mirrored(self) -> PairOutcome:
        """The same with first and second exchanged; rows and differences are ordered by what is now first."""
        matched = tuple(sorted((row.mirrored for row in self.matched), key=lambda row: row.first))
        mirrored = tuple(field.mirrored for field in self.header)
        differences = tuple(sorted((difference.mirrored for difference in self.differences), key=reading_order))
        return PairOutcome(mirrored, matched, self.only_second, self.only_first, differences, self.vendor_second, self.vendor_first)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {
            "format": FORMAT,
            "header": {field.name: field.to_json() for field in self.header},
            "matched": [row.to_json() for row in self.matched],
            "only_first": list(self.only_first),
            "only_second": list(self.only_second),
            "differences": [difference.to_json() for difference in self.differences],
            "vendors": [self.vendor_first, self.vendor_second],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> PairOutcome:
        """Inverse of ``to_json``. Raises ``AgreementError``."""
        try:
            if data["format"] != FORMAT:
                raise ValueError(f"format {data['format']}, this version reads {FORMAT}")
            return cls(
                tuple(FieldOutcome.from_json(name, field) for name, field in data["header"].items()),
                tuple(MatchedRow.from_json(row) for row in data["matched"]),
                tuple(data["only_first"]),
                tuple(data["only_second"]),
                tuple(Difference.from_json(difference) for difference in data["differences"]),
                *data["vendors"],
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise AgreementError(f"A stored comparison of two labels cannot be read ({error}); compare the pair again.") from error
