"""What an answer form is: a record spelled as parts, and a text read back into printed values with their spans."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from mlcore.schema import LINE_ITEM_FIELDS, ValueKind, item_path, split_item_path


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of an answer. ``path`` is the field whose value it spells, ``""`` for what only holds the form together.

    ``row`` is the line item that the part belongs to, signs between its values included; ``None`` for the header.
    ``labeled`` is false for what nobody labeled: a value, which is spelled as absent, or all line items, which are left out. No loss may
    come from it, nor from the sign after it, which says that there is nothing.
    """

    text: str
    path: str = ""
    row: int | None = None
    labeled: bool = True


UNLABELED_ITEMS = Part("", "line_items", labeled=False)
"""Stands where the line items would, which nobody labeled."""


@dataclass(frozen=True, slots=True)
class Spelled:
    """One value of an answer and the characters ``start .. end`` that spell it. An absent value has an empty span."""

    path: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class BegunItem:
    """A line item of which the description has just been said: it starts at character ``start`` of the answer.

    ``cells`` counts the absent values after the description that have been said too.
    """

    description: str
    start: int
    cells: int = 0


class ItemRest(Protocol):
    """How an answer goes on in the middle of a line item, for a grammar that knows by then which rows of the page the item stands on."""

    def begun(self, said: str) -> BegunItem | None:
        """The item of which ``said`` holds the description and no value after it; ``None`` anywhere else. Pure."""
        ...

    def grammar(
        self, begun: BegunItem, here: Collection[ValueKind], certain: Collection[ValueKind], below: Collection[ValueKind] | None
    ) -> str:
        """The rest of the item and the items after it, as ``AnswerForm.grammar``.

        ``NDC_HERE`` and so on stand for values of the kinds in ``here``, for the rest of this item; in later items terminals have no
        suffix and are of the kinds in ``below``. This item has a value of each kind that is ``certain``. Without ``below`` there is
        no later item.
        """
        ...


class AnswerForm(Protocol):
    """A way to spell records. Pure: the same record gives the same text, and reading it back gives the same values."""

    @property
    def name(self) -> str:
        """Stable name; part of every artifact."""
        ...

    @property
    def prompt_share(self) -> float:
        """The share of all tokens that a prompt may take so that its answer fits in the rest: less than that of 19 in 20 documents, whose
        answers are short beside their prompts, and about that of the longest, which are mostly line items."""
        ...

    def spell(self, printed: Mapping[str, str], label_fields: Collection[str] | None = None) -> tuple[Part, ...]:
        """The answer for a record as printed. Texts together are the answer, the end sign not included."""
        ...

    def read(self, text: str) -> tuple[Spelled, ...]:
        """The values of an answer, complete or broken off, in the order in which they stand. Never raises."""
        ...

    @property
    def rest(self) -> ItemRest | None:
        """How an answer goes on after a description, for forms whose values share no sign with what holds them together."""
        ...

    def grammar(self, kinds: Collection[ValueKind]) -> str:
        """The form as a Lark grammar for ``llguidance``.

        ``TEXT`` stands for a text copied from the page, the names of ``kinds`` for values of these kinds; a value of a kind that is
        not among them is absent.
        """
        ...

    def escaped(self, text: str) -> str:
        """A text of the page as it stands within an answer."""
        ...


HERE = "_HERE"
"""Ends the names of terminals for values of the rows on which the item under way stands."""


def terminal(kind: ValueKind, kinds: Collection[ValueKind], suffix: str = "") -> str | None:
    """What stands for a value of a kind in a grammar; ``None`` where the page has none."""
    if kind is ValueKind.TEXT:
        return "TEXT"
    return kind.name + suffix if kind in kinds else None


def is_labeled(path: str, label_fields: Collection[str] | None) -> bool:
    """Whether a field was labeled; ``label_fields`` as in ``GoldExample``."""
    if label_fields is None:
        return True
    cell = split_item_path(path)
    if cell is None:
        return path in label_fields
    return "line_items" in label_fields or f"line_items.{cell[1]}" in label_fields


def has_labeled_items(label_fields: Collection[str] | None) -> bool:
    """Whether the rows of the line items are labeled, if only in some cells."""
    return label_fields is None or any(is_labeled(item_path(0, spec.name), label_fields) for spec in LINE_ITEM_FIELDS)


def row_count(printed: Mapping[str, str]) -> int:
    """Line items of a record as printed."""
    return 1 + max((cell[0] for path in printed if (cell := split_item_path(path)) is not None), default=-1)
