"""The compact form: one line for each header field, then one line of tab-parted values for each line item.

    Northgate Pharmaceutical Supply, Inc.
    1200 Harbor Boulevard, Suite 400 Long Beach, CA 90802
    68166487
    10/27/2025
    73,454.50

    73,454.50
    CYANOCOBALAMIN 1,000MCG/ML VIAL 25X1 ML<tab>0143-9619-10<tab><tab>S<tab>12<tab>68.85<tab>826.20

An absent value is empty. There are no field names: their order is the schema's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from mlcore.answers.form import HERE, UNLABELED_ITEMS, BegunItem, Part, Spelled, has_labeled_items, is_labeled, row_count, terminal
from mlcore.answers.printed import TYPE_SIGNS
from mlcore.schema import HEADER_FIELDS, LINE_ITEM_FIELDS, ValueKind, item_path

_BREAK = "\n"
_NEXT = "\t"
_TYPE = f"TYPE: /[{''.join(TYPE_SIGNS.values())}]/\n"


class RowsRest:
    """The rest of a line item by place."""

    def begun(self, said: str) -> BegunItem | None:
        """As ``ItemRest``. Absent values are signs without anything between them, which may be said in one token."""
        lines = said.split(_BREAK)
        if len(lines) <= len(HEADER_FIELDS):
            return None
        description, *rest = lines[-1].split(_NEXT)
        begun = description and rest and not any(rest)
        return BegunItem(description, len(said) - len(lines[-1]), len(rest) - 1) if begun else None

    def grammar(
        self, begun: BegunItem, here: Collection[ValueKind], certain: Collection[ValueKind], below: Collection[ValueKind] | None
    ) -> str:
        """As ``ItemRest``."""
        items = f" item*\n{_items(below)}" if below is not None else "\n"
        return f'start: {_cells_from(1 + begun.cells, here, HERE, certain)} "\\n"{items}{_TYPE}'


class RowsForm:
    """Values by their place alone."""

    name = "rows-1"
    prompt_share = 0.58
    rest = RowsRest()

    def spell(self, printed: Mapping[str, str], label_fields: Collection[str] | None = None) -> tuple[Part, ...]:
        """As ``AnswerForm``."""
        parts: list[Part] = []
        for spec in HEADER_FIELDS:
            parts.append(_value(printed, spec.name, None, label_fields))
            parts.append(Part(_BREAK))
        if not has_labeled_items(label_fields):
            return (*parts, UNLABELED_ITEMS)
        for row in range(row_count(printed)):
            for place, spec in enumerate(LINE_ITEM_FIELDS):
                if place:
                    parts.append(Part(_NEXT, row=row))
                parts.append(_value(printed, item_path(row, spec.name), row, label_fields))
            parts.append(Part(_BREAK, row=row))
        return tuple(parts)

    def read(self, text: str) -> tuple[Spelled, ...]:
        """As ``AnswerForm``. A line item that is broken off keeps the values that are complete."""
        found: list[Spelled] = []
        start = 0
        lines = text.split(_BREAK)
        complete = len(lines) - 1
        for number, line in enumerate(lines):
            if number < len(HEADER_FIELDS):
                if number < complete:
                    found.append(Spelled(HEADER_FIELDS[number].name, line, start, start + len(line)))
            elif line:
                found.extend(_cells(line, start, number - len(HEADER_FIELDS), whole=number < complete))
            start += len(line) + 1
        return tuple(found)

    def grammar(self, kinds: Collection[ValueKind]) -> str:
        """As ``AnswerForm``."""
        header = ' "\\n" '.join(_maybe(spec.kind, kinds) for spec in HEADER_FIELDS)
        return f'start: {header} "\\n" item*\n{_items(kinds)}{_TYPE}'

    def escaped(self, text: str) -> str:
        """As ``AnswerForm``: the text itself."""
        return text


def _items(kinds: Collection[ValueKind]) -> str:
    return f'item: {_cells_from(0, kinds)} "\\n"\n'


def _cells_from(place: int, kinds: Collection[ValueKind], suffix: str = "", certain: Collection[ValueKind] = ()) -> str:
    cells = ("TYPE" if spec.kind is ValueKind.ITEM_TYPE else _maybe(spec.kind, kinds, suffix, certain) for spec in LINE_ITEM_FIELDS[place:])
    return ' "\\t" '.join(cells)


def _maybe(kind: ValueKind, kinds: Collection[ValueKind], suffix: str = "", certain: Collection[ValueKind] = ()) -> str:
    name = terminal(kind, kinds, suffix)
    return f"{name}{'' if kind in certain else '?'}" if name else ""


def _value(printed: Mapping[str, str], path: str, row: int | None, label_fields: Collection[str] | None) -> Part:
    labeled = is_labeled(path, label_fields)
    return Part(printed.get(path, "") if labeled else "", path, row, labeled)


def _cells(line: str, start: int, row: int, *, whole: bool) -> list[Spelled]:
    texts = line.split(_NEXT)
    found = []
    for place, text in enumerate(texts[: len(LINE_ITEM_FIELDS)]):
        if whole or place < len(texts) - 1:
            found.append(Spelled(item_path(row, LINE_ITEM_FIELDS[place].name), text, start, start + len(text)))
        start += len(text) + 1
    return found
