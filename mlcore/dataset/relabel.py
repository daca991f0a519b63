"""What becomes of the labels of a document whose print was changed: a record never says what its page does not show.

The words at the confirmed places of a value decide, word by word as they stand on the changed page:

- they still say the value (``compare.same``): it stays, at its new places;
- a text, an identifier or a code that reads otherwise now: the value is what stands there, as a model copies it;
- a number or a date that reads otherwise: the value is what the print now says, read in the way in which the clean print said the true
  value; when it is no number or date any more (``1O.00``), the value is absent, for a value that cannot be read must not be learned;
- no word is left: the value is absent. A line item without any printed value left is taken out of the record.

A value without confirmed places is located on the clean page first; one that stands nowhere (it was typed) stays as it is. Types of
lines are not printed and stay. Fields that nobody labeled stay unlabeled.
"""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from mlcore.compare import same
from mlcore.dataset.noise import Rewritten, with_noise
from mlcore.documents import Box, DocumentText, Evidence, GoldExample, Page, Word
from mlcore.normalize import DateOrder, NumberStyle, collapse_spaces, parse_date, parse_decimal
from mlcore.readers.locate import locate
from mlcore.record_json import MAX_DECIMALS
from mlcore.schema import (
    HEADER_FIELDS,
    LINE_ITEM_FIELDS,
    InvoiceRecord,
    LineItem,
    Value,
    ValueKind,
    VendorParty,
    item_path,
    item_value,
    iter_values,
    spec_for,
    split_item_path,
)

Places = Mapping[str, tuple[tuple[int, tuple[int, ...]], ...]]
"""Field path -> for each of its places the index of the page and the indexes of the words there, left to right."""
_EDGE = 1e-4
_NUMBERS = (ValueKind.MONEY, ValueKind.QUANTITY)


def noisy_example(gold: GoldExample, rng: random.Random, level: float = 1.0) -> GoldExample:
    """The example as OCR of a scan would have shown it, with labels that say what the noisy page says (rules above)."""
    places = places_of(gold)
    return relabeled(gold, with_noise(gold.document, rng, level, owners_of(gold.document, places)), places)


def places_of(gold: GoldExample) -> Places:
    """The words at the confirmed places of every value; at the best place that is found for a value without confirmed ones."""
    found = {}
    pages = {page.number: (index, _Centers(page)) for index, page in enumerate(gold.document.pages)}
    for path, value in iter_values(gold.record):
        kind = spec_for(path).kind
        if value is None or kind is ValueKind.ITEM_TYPE:
            continue
        evidence = gold.evidence.get(path) or next(iter(locate(gold.document, kind, value)), ())
        places = ((pages[place.page][0], pages[place.page][1].within(place.box)) for place in evidence if place.page in pages)
        if kept := tuple((page, words) for page, words in places if words):
            found[path] = kept
    return found


class _Centers:
    """The middles of a page's words by height, so that a box is looked up without a walk over all of them."""

    def __init__(self, page: Page) -> None:
        middles = [((w.box.y0 + w.box.y1) / 2, index, (w.box.x0 + w.box.x1) / 2) for index, w in enumerate(page.words)]
        self._sorted = sorted(middles)
        self._heights = [y for y, _, _ in self._sorted]

    def within(self, box: Box) -> tuple[int, ...]:
        """Indexes of the words whose middle is in the box, in the order of the page."""
        first, last = bisect_left(self._heights, box.y0 - _EDGE), bisect_right(self._heights, box.y1 + _EDGE)
        x0, x1 = box.x0 - _EDGE, box.x1 + _EDGE
        return tuple(sorted(index for _, index, x in self._sorted[first:last] if x0 <= x <= x1))


def owners_of(document: DocumentText, places: Places) -> list[list[str]]:
    """For each page, for each word, the path of the value it belongs to, ``""`` for none."""
    owners = [[""] * len(page.words) for page in document.pages]
    for path, spots in places.items():
        for page, words in spots:
            for index in words:
                owners[page][index] = path
    return owners


def relabeled(gold: GoldExample, rewritten: Rewritten, places: Places) -> GoldExample:
    """The example with the rewritten document; ``places`` are those of ``gold`` (``places_of``). Pure."""
    made: list[dict[int, list[int]]] = []
    for sources in rewritten.sources:
        back: dict[int, list[int]] = {}
        for made_word, olds in enumerate(sources):
            for old in olds:
                back.setdefault(old, []).append(made_word)
        made.append(back)
    values: dict[str, Value] = {}
    evidence: dict[str, tuple[Evidence, ...]] = {}
    for path, value in iter_values(gold.record):
        values[path] = value
        if path not in places:
            continue
        spots = [(page, [rewritten.document.pages[page].words[i] for i in _new(made[page], words)]) for page, words in places[path]]
        after = [word for _, found in spots for word in found]
        values[path] = _value(spec_for(path).kind, value, words_at(gold.document, places[path]), _text(after))
        if values[path] is not None:
            pages = rewritten.document.pages
            evidence[path] = tuple(Evidence(pages[page].number, _around(found)) for page, found in spots if found)
    return _example(gold, rewritten.document, values, evidence)


def words_at(document: DocumentText, spots: tuple[tuple[int, tuple[int, ...]], ...]) -> str:
    """What the words at the places of one value say, in the order of the places."""
    return _text([document.pages[page].words[i] for page, words in spots for i in words])


def _new(made: Mapping[int, list[int]], words: tuple[int, ...]) -> list[int]:
    return list(dict.fromkeys(new for old in words for new in made.get(old, ())))


def _text(words: list[Word]) -> str:
    return collapse_spaces(" ".join(word.text for word in words))


def _around(words: list[Word]) -> Box:
    box = words[0].box
    for word in words[1:]:
        box = box.union(word.box)
    return box


def _value(kind: ValueKind, value: Value, before: str, after: str) -> Value:
    if not after:
        return None
    if before == after:
        return value
    if kind is ValueKind.DATE:
        orders = [order for order in DateOrder if parse_date(before, order) == value] or list(DateOrder)
        read = [parse_date(after, order) for order in orders]
        return value if value in read else read[0]
    if kind in _NUMBERS:
        styles = [style for style in NumberStyle if same(kind, parse_decimal(before, style), value)] or list(NumberStyle)
        numbers = [_storable(parse_decimal(after, style)) for style in styles]
        return value if any(same(kind, number, value) for number in numbers) else numbers[0]
    if same(kind, after, value):
        return value
    return after if same(kind, before, value) else None


def _storable(number: Decimal | None) -> Decimal | None:
    exponent = number.as_tuple().exponent if number is not None else 0
    return number if isinstance(exponent, int) and -exponent <= MAX_DECIMALS else None


def _example(gold: GoldExample, document: DocumentText, values: dict[str, Value], evidence: dict[str, tuple[Evidence, ...]]) -> GoldExample:
    header: dict[str, Any] = {spec.name: values[spec.name] for spec in HEADER_FIELDS}
    items: list[LineItem] = []
    moved: dict[str, tuple[Evidence, ...]] = {path: places for path, places in evidence.items() if split_item_path(path) is None}
    for row, item in enumerate(gold.record.line_items):
        cells: dict[str, Any] = {spec.name: values[item_path(row, spec.name)] for spec in LINE_ITEM_FIELDS}
        left = any(cells[spec.name] is not None for spec in LINE_ITEM_FIELDS if spec.kind is not ValueKind.ITEM_TYPE)
        had = any(item_value(item, spec.name) is not None for spec in LINE_ITEM_FIELDS if spec.kind is not ValueKind.ITEM_TYPE)
        if had and not left:
            continue
        for spec in LINE_ITEM_FIELDS:
            if found := evidence.get(item_path(row, spec.name)):
                moved[item_path(len(items), spec.name)] = found
        items.append(LineItem(**cells))
    party = VendorParty(header.pop("vendor.name"), header.pop("vendor.address"))
    record = InvoiceRecord(vendor=party, line_items=tuple(items), **header)
    return replace(gold, document=document, record=record, evidence=moved)
