"""The plain form: compact JSON with the keys of the specification, values as printed, absent ones ``null``."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from json.decoder import scanstring  # type: ignore[attr-defined]

from mlcore.answers.form import UNLABELED_ITEMS, Part, Spelled, has_labeled_items, is_labeled, row_count, terminal
from mlcore.answers.printed import TYPE_SIGNS
from mlcore.schema import HEADER_FIELDS, LINE_ITEM_FIELDS, ValueKind, item_path

_NULL = "null"
_VENDOR = "vendor."


class JsonForm:
    """Values with their names."""

    name = "json-1"
    prompt_share = 0.47
    rest = None

    def spell(self, printed: Mapping[str, str], label_fields: Collection[str] | None = None) -> tuple[Part, ...]:
        """As ``AnswerForm``."""
        parts: list[Part] = []
        for place, spec in enumerate(HEADER_FIELDS):
            parts.append(Part(_lead(place, spec.name)))
            parts.append(_value(printed, spec.name, None, label_fields))
        parts.append(Part(',"line_items":['))
        if not has_labeled_items(label_fields):
            return (*parts, UNLABELED_ITEMS, Part("]}"))
        for row in range(row_count(printed)):
            for place, spec in enumerate(LINE_ITEM_FIELDS):
                lead = (",{" if row else "{") if place == 0 else ","
                parts.append(Part(f'{lead}"{spec.name}":', row=row))
                parts.append(_value(printed, item_path(row, spec.name), row, label_fields))
            parts.append(Part("}", row=row))
        parts.append(Part("]}"))
        return tuple(parts)

    def read(self, text: str) -> tuple[Spelled, ...]:
        """As ``AnswerForm``."""
        return tuple(_scan(text))

    def grammar(self, kinds: Collection[ValueKind]) -> str:
        """As ``AnswerForm``."""
        header = " ".join(f"{json.dumps(_lead(place, spec.name))} {_maybe(spec.kind, kinds)}" for place, spec in enumerate(HEADER_FIELDS))
        cells = []
        for place, spec in enumerate(LINE_ITEM_FIELDS):
            lead = "{" if place == 0 else ","
            kind = '"\\"" TYPE "\\""' if spec.kind is ValueKind.ITEM_TYPE else _maybe(spec.kind, kinds)
            cells.append(f"{json.dumps(f'{lead}{chr(34)}{spec.name}{chr(34)}:')} {kind}")
        signs = "".join(TYPE_SIGNS.values())
        return f'start: {header} ",\\"line_items\\":[" (item ("," item)*)? "]}}"\nitem: {" ".join(cells)} "}}"\nTYPE: /[{signs}]/\n'

    def escaped(self, text: str) -> str:
        """As ``AnswerForm``: the inside of a JSON string."""
        return json.dumps(text, ensure_ascii=False)[1:-1]


def _maybe(kind: ValueKind, kinds: Collection[ValueKind]) -> str:
    name = terminal(kind, kinds)
    return f'("null" | "\\"" {name} "\\"")' if name else '"null"'


def _lead(place: int, name: str) -> str:
    """What stands before a header value: its key, with the object of the vendor opened and closed."""
    if name == "vendor.name":
        return '{"vendor":{"name":'
    if name.startswith(_VENDOR):
        return f',"{name.removeprefix(_VENDOR)}":'
    closing = "}" if place and HEADER_FIELDS[place - 1].name.startswith(_VENDOR) else ""
    return f'{closing},"{name}":'


def _value(printed: Mapping[str, str], path: str, row: int | None, label_fields: Collection[str] | None) -> Part:
    labeled = is_labeled(path, label_fields)
    text = printed.get(path) if labeled else None
    return Part(json.dumps(text, ensure_ascii=False) if text else _NULL, path, row, labeled)


def _scan(text: str) -> Iterator[Spelled]:
    """Keys and values in order; stops at the first thing that is no complete value."""
    keys = {spec.name.removeprefix(_VENDOR): spec.name for spec in HEADER_FIELDS}
    place, row = 0, -1
    items = False
    while (at := text.find('"', place)) >= 0:
        try:
            key, end = scanstring(text, at + 1)
        except ValueError:
            return
        if text[end : end + 1] != ":":
            place = end
            continue
        items = items or key == "line_items"
        if items and key == LINE_ITEM_FIELDS[0].name:
            row += 1
        path = item_path(row, key) if items else keys.get(key, "")
        start = end + 1
        if text.startswith('"', start):
            try:
                value, place = scanstring(text, start + 1)
            except ValueError:
                return
            if path and key != "line_items":
                yield Spelled(path, value, start + 1, place - 1)
        elif text.startswith(_NULL, start):
            place = start + len(_NULL)
            yield Spelled(path, "", start, start)
        else:
            place = start
