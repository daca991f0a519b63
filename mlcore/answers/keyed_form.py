"""The keyed form: as the compact one, but every value says which it is, and absent values are left out.

    vendor: Northgate Pharmaceutical Supply, Inc.
    address: 1200 Harbor Boulevard, Suite 400 Long Beach, CA 90802
    number: 68166487
    date: 10/27/2025
    total: 73,454.50
    -<tab>item: CYANOCOBALAMIN 1,000MCG/ML VIAL 25X1 ML<tab>ndc: 0143-9619-10<tab>type: S<tab>qty: 12<tab>price: 68.85<tab>amount: 826.20

A value that was passed over moves no other one into the wrong field, which happens to small models that tell values apart by their place.
A key that is begun is forced by the grammar, so it costs no passes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from mlcore.answers.form import HERE, UNLABELED_ITEMS, BegunItem, Part, Spelled, has_labeled_items, is_labeled, row_count, terminal
from mlcore.answers.printed import TYPE_SIGNS
from mlcore.schema import HEADER_FIELDS, LINE_ITEM_FIELDS, FieldSpec, ValueKind, item_path

_HEADER_KEYS = {
    "vendor.name": "vendor: ",
    "vendor.address": "address: ",
    "invoice_number": "number: ",
    "date": "date: ",
    "subtotal": "subtotal: ",
    "tax": "tax: ",
    "total": "total: ",
}
_ITEM_KEYS = {
    "description": "\titem: ",
    "ndc_code": "\tndc: ",
    "cpt_code": "\tcode: ",
    "type": "\ttype: ",
    "quantity": "\tqty: ",
    "unit_price": "\tprice: ",
    "total": "\tamount: ",
}
_BREAK, _ITEM = "\n", "-"
_TYPE = f"TYPE: /[{''.join(TYPE_SIGNS.values())}]/\n"
_TYPE_PLACE = [spec.kind for spec in LINE_ITEM_FIELDS].index(ValueKind.ITEM_TYPE) - 1
"""Values between description and type, which is the one that no item lacks."""


class KeyedRest:
    """The rest of a line item by keys."""

    def begun(self, said: str) -> BegunItem | None:
        """As ``ItemRest``."""
        start = said.rfind(_BREAK) + 1
        line = said[start:]
        opening = _ITEM + _ITEM_KEYS["description"]
        whole = line.startswith(opening) and line.endswith("\t") and "\t" not in line[len(opening) : -1]
        return BegunItem(line[len(opening) : -1], start) if whole else None

    def grammar(
        self, begun: BegunItem, here: Collection[ValueKind], certain: Collection[ValueKind], below: Collection[ValueKind] | None
    ) -> str:
        """As ``ItemRest``. The sign before the first key has been said."""
        before, after = [], []
        for spec in LINE_ITEM_FIELDS[1:]:
            key = _ITEM_KEYS[spec.name].removeprefix("\t")
            if spec.kind is ValueKind.ITEM_TYPE:
                before.append(f'"{key}" TYPE')
            elif len(before) < _TYPE_PLACE:
                before.append(_maybe(spec, key, ' "\\t"', here, HERE, certain))
            else:
                after.append(_maybe(spec, _ITEM_KEYS[spec.name], "", here, HERE))
        rest = " ".join((*before, *after))
        items = f" item*\n{_items(below)}" if below is not None else "\n"
        return f'start: {rest} "\\n"{items}{_TYPE}'


class KeyedForm:
    """Values by their keys."""

    name = "keyed-1"
    prompt_share = 0.5
    rest = KeyedRest()

    def spell(self, printed: Mapping[str, str], label_fields: Collection[str] | None = None) -> tuple[Part, ...]:
        """As ``AnswerForm``."""
        parts: list[Part] = []
        for spec in HEADER_FIELDS:
            parts.extend(_value(printed, spec.name, _HEADER_KEYS[spec.name], _BREAK, None, label_fields))
        if not has_labeled_items(label_fields):
            return (*parts, UNLABELED_ITEMS)
        for row in range(row_count(printed)):
            parts.append(Part(_ITEM, row=row))
            for spec in LINE_ITEM_FIELDS:
                parts.extend(_value(printed, item_path(row, spec.name), _ITEM_KEYS[spec.name], "", row, label_fields))
            parts.append(Part(_BREAK, row=row))
        return tuple(parts)

    def read(self, text: str) -> tuple[Spelled, ...]:
        """As ``AnswerForm``. A value that a later one leaves behind is absent, and stands where that one begins."""
        return tuple(_scan(text))

    def grammar(self, kinds: Collection[ValueKind]) -> str:
        """As ``AnswerForm``."""
        header = " ".join(_maybe(spec, _HEADER_KEYS[spec.name], ' "\\n"', kinds) for spec in HEADER_FIELDS)
        return f"start: {header} item*\n{_items(kinds)}{_TYPE}"

    def escaped(self, text: str) -> str:
        """As ``AnswerForm``: the text itself."""
        return text


def _value(
    printed: Mapping[str, str], path: str, key: str, end: str, row: int | None, label_fields: Collection[str] | None
) -> Iterator[Part]:
    labeled = is_labeled(path, label_fields)
    text = printed.get(path, "") if labeled else ""
    if not text:
        yield Part("", path, row, labeled)
        return
    yield Part(key, row=row)
    yield Part(text, path, row)
    if end:
        yield Part(end, row=row)


def _items(kinds: Collection[ValueKind]) -> str:
    cells = " ".join(
        f'"{_escaped(_ITEM_KEYS[spec.name])}" TYPE' if spec.kind is ValueKind.ITEM_TYPE else _maybe(spec, _ITEM_KEYS[spec.name], "", kinds)
        for spec in LINE_ITEM_FIELDS
    )
    return f'item: "{_ITEM}" {cells} "\\n"\n'


def _maybe(spec: FieldSpec, key: str, end: str, kinds: Collection[ValueKind], suffix: str = "", certain: Collection[ValueKind] = ()) -> str:
    name = terminal(spec.kind, kinds, suffix)
    return f'("{_escaped(key)}" {name}{end}){"" if spec.kind in certain else "?"}' if name else ""


def _escaped(key: str) -> str:
    return key.replace("\t", "\\t")


def _scan(text: str) -> Iterator[Spelled]:
    start, field, row = 0, 0, -1
    lines = text.split(_BREAK)
    for number, line in enumerate(lines):
        whole = number < len(lines) - 1
        if line.startswith(_ITEM):
            yield from _absent([spec.name for spec in HEADER_FIELDS[field:]], start)
            field, row = len(HEADER_FIELDS), row + 1
            yield from _cells(line, start, row, whole=whole)
        elif row < 0:
            place = next((p for p, spec in enumerate(HEADER_FIELDS) if p >= field and line.startswith(_HEADER_KEYS[spec.name])), None)
            if place is not None:
                yield from _absent([spec.name for spec in HEADER_FIELDS[field:place]], start)
                key = _HEADER_KEYS[HEADER_FIELDS[place].name]
                if whole:
                    yield Spelled(HEADER_FIELDS[place].name, line[len(key) :], start + len(key), start + len(line))
                field = place + 1
        start += len(line) + 1


def _cells(line: str, start: int, row: int, *, whole: bool) -> Iterator[Spelled]:
    """The values of one line item; the last cell of a line that is broken off may be incomplete and is left out."""
    cells = line.split("\t")
    at, field = start + len(cells[0]), 0
    for number, cell in enumerate(cells[1:], start=1):
        said = "\t" + cell
        place = next((p for p, spec in enumerate(LINE_ITEM_FIELDS) if p >= field and said.startswith(_ITEM_KEYS[spec.name])), None)
        if place is not None:
            yield from _absent([item_path(row, spec.name) for spec in LINE_ITEM_FIELDS[field:place]], at)
            key = _ITEM_KEYS[LINE_ITEM_FIELDS[place].name]
            if whole or number < len(cells) - 1:
                yield Spelled(item_path(row, LINE_ITEM_FIELDS[place].name), said[len(key) :], at + len(key), at + len(said))
            field = place + 1
        at += len(said)
    if whole:
        yield from _absent([item_path(row, spec.name) for spec in LINE_ITEM_FIELDS[field:]], start + len(line))


def _absent(paths: Sequence[str], at: int) -> Iterator[Spelled]:
    for path in paths:
        yield Spelled(path, "", at, at)
