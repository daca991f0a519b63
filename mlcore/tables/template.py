"""What is learned about the table of one layout: columns, words that frame it, and how its rows are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any

from mlcore.errors import TemplateError
from mlcore.normalize import NumberStyle

TEMPLATE_FORMAT = 1


class Wrap(StrEnum):
    """Where the lines of a wrapped description stand relative to the line with the numbers."""

    AFTER = "after"
    BEFORE = "before"
    NEAREST = "nearest"


class AmountRule(StrEnum):
    """Where the amount of a line comes from when billers confirm it."""

    PRINTED = "printed"
    COMPUTED = "computed"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``role`` is a field of a line item, or the class of a column that no field is read from.

    ``x0 .. x1`` is where its content stood, ``left .. right`` the strip that belongs to it, in fractions of
    the page width. ``numeric`` columns take numbers, the others words.
    """

    role: str
    x0: float
    x1: float
    left: float
    right: float
    numeric: bool

    def moved(self, shift: float) -> Column:
        """The column of a page whose print stands ``shift`` further right."""
        return Column(self.role, self.x0 + shift, self.x1 + shift, self.left + shift, self.right + shift, self.numeric)


@dataclass(frozen=True, slots=True)
class TableTemplate:
    """A learned table.

    ``header`` holds the folded words over the columns with their centres (fractions of the page width).
    ``required`` are the roles that a line must have to start an item (one of three may be unreadable). Line starts (``skip_starts``,
    ``never_items``, ``end_starts``) are folded words with every digit written as ``0``. ``types`` maps folded
    words, procedure codes and, under ``""``, anything else to an item type as billers confirmed it.
    ``absent`` are labeled columns that the vendor never prints; ``keep_notes`` says that lines which begin like
    a side note (``Lot``, ``Rx``) belong to the description here.
    ``apart`` says that descriptions stand on lines of their own, ``inline_codes`` that a procedure code leads the
    description. Lines of one item follow each other within ``line_gap`` em. The first
    description begins at most ``rows_above`` rows above the header. ``catalogue`` are descriptions that
    billers confirmed; they correct letters that OCR misread, never digits.
    """

    columns: tuple[Column, ...]
    header: tuple[tuple[str, float], ...] = ()
    style: NumberStyle = NumberStyle.AUTO
    wrap: Wrap = Wrap.AFTER
    amount: AmountRule = AmountRule.PRINTED
    required: tuple[str, ...] = ("total",)
    skip_starts: tuple[str, ...] = ()
    never_items: tuple[str, ...] = ()
    end_starts: tuple[str, ...] = ()
    first_line_only: bool = False
    codes_in_description: bool = False
    keep_notes: bool = False
    apart: bool = False
    inline_codes: bool = False
    line_gap: float = 1.6
    rows_above: int = 0
    catalogue: tuple[str, ...] = ()
    types: Mapping[str, str] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    top: float = 0.0
    examples: int = 0

    def column(self, role: str) -> Column | None:
        """The column of a role."""
        return next((column for column in self.columns if column.role == role), None)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        data = asdict(self)
        data.update(
            style=self.style.value,
            wrap=self.wrap.value,
            amount=self.amount.value,
            header=[list(word) for word in self.header],
            types=dict(self.types),
            format=TEMPLATE_FORMAT,
        )
        for name in ("required", "skip_starts", "never_items", "end_starts", "absent", "columns", "catalogue"):
            data[name] = list(data[name])
        return data

    @classmethod
    def from_json(cls, data: object) -> TableTemplate:
        """Inverse of ``to_json``. Raises ``TemplateError`` for anything that ``to_json`` did not write."""
        if not isinstance(data, Mapping) or data.get("format") != TEMPLATE_FORMAT:
            raise TemplateError(f"A stored table template must be an object of format {TEMPLATE_FORMAT}; learn it again.")
        unknown = set(data) - {f.name for f in fields(cls)} - {"format"}
        if unknown:
            raise TemplateError(f"A stored table template has unknown keys {sorted(unknown)}; learn it again.")
        try:
            return cls(
                columns=tuple(_column(entry) for entry in data["columns"]),
                header=tuple((str(word), float(x)) for word, x in data["header"]),
                style=NumberStyle(data["style"]),
                wrap=Wrap(data["wrap"]),
                amount=AmountRule(data["amount"]),
                required=_texts(data["required"]),
                skip_starts=_texts(data["skip_starts"]),
                never_items=_texts(data["never_items"]),
                end_starts=_texts(data["end_starts"]),
                first_line_only=bool(data["first_line_only"]),
                codes_in_description=bool(data["codes_in_description"]),
                keep_notes=bool(data["keep_notes"]),
                apart=bool(data["apart"]),
                inline_codes=bool(data["inline_codes"]),
                line_gap=float(data["line_gap"]),
                rows_above=int(data["rows_above"]),
                catalogue=_texts(data["catalogue"]),
                types={str(key): str(value) for key, value in data["types"].items()},
                absent=_texts(data["absent"]),
                top=float(data["top"]),
                examples=int(data["examples"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise TemplateError(f"A stored table template cannot be read ({error!r}); learn it again.") from error


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError(f"{value!r} is not a list")
    return tuple(str(entry) for entry in value)


def _column(data: Mapping[str, Any]) -> Column:
    return Column(str(data["role"]), float(data["x0"]), float(data["x1"]), float(data["left"]), float(data["right"]), bool(data["numeric"]))
