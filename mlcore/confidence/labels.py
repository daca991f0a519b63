"""Which proposals are right, by the confirmed record and the one comparator; only labeled fields are told."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mlcore.answers.form import is_labeled
from mlcore.compare import match_rows, same
from mlcore.confidence.features import entries
from mlcore.confidence.proposals import ROW, Proposal, Proposals, Slot, row_items
from mlcore.confidence.rows import ALIGNED_BY
from mlcore.documents import GoldExample
from mlcore.schema import HEADER_FIELDS, LINE_ITEM_FIELDS, LineItem, header_value, item_path, item_value, spec_for

UNKNOWN = -1


def judges_whole(example: GoldExample) -> bool:
    """Whether the document can be told right or wrong as a whole: every critical field of it was labeled."""
    paths = [one.name for one in HEADER_FIELDS if one.critical] + [item_path(0, one.name) for one in LINE_ITEM_FIELDS if one.critical]
    return all(is_labeled(path, example.label_fields) for path in paths)


def label(proposals: Proposals, example: GoldExample) -> NDArray[np.int8]:
    """1 right, 0 wrong, ``UNKNOWN`` not labeled, for every proposal in the order of ``entries``.

    A line is right when the comparator pairs it with a confirmed line; the values of any other line are wrong, and
    whether one of its cells is rightly empty is unknown.
    """
    pairs = dict(_pairs(proposals, example))
    told = _teller(proposals, example, pairs)
    return np.array([told(slot, proposal) for slot, proposal in entries(proposals)], dtype=np.int8)


def _teller(proposals: Proposals, example: GoldExample, pairs: dict[int, int]) -> Callable[[Slot, Proposal], int]:
    fields, record = example.label_fields, example.record
    knows_lines = any(is_labeled(item_path(0, spec.name), fields) for spec in ALIGNED_BY)

    def told(slot: Slot, proposal: Proposal) -> int:
        if slot.row is None:
            if not is_labeled(slot.name, fields):
                return UNKNOWN
            return int(same(spec_for(slot.name).kind, header_value(record, slot.name), proposal.value))
        if slot.name == ROW:
            return int(slot.row in pairs) if knows_lines else UNKNOWN
        name = slot.name.removeprefix("line_items.")
        if not knows_lines or not is_labeled(item_path(0, name), fields):
            return UNKNOWN
        if slot.row not in pairs:
            return 0 if proposal.value is not None else UNKNOWN
        return int(same(spec_for(slot.name).kind, item_value(record.line_items[pairs[slot.row]], name), proposal.value))

    return told


def _pairs(proposals: Proposals, example: GoldExample) -> list[tuple[int, int]]:
    """``(aligned line, confirmed line)``: by whichever reader's line shares more with a confirmed one."""
    columns = [spec for spec in ALIGNED_BY if is_labeled(item_path(0, spec.name), example.label_fields)]
    if not columns:
        return []
    expected = example.record.line_items
    found = [_likeliest(list(row_items(proposals, row)), expected) for row in proposals.rows]
    return [(j, i) for i, j in match_rows(expected, found, columns)]


def _likeliest(versions: list[LineItem], expected: tuple[LineItem, ...]) -> LineItem:
    """Of two readings of a line, the one that is more like a confirmed line; the template's when they are equally like."""

    if len(versions) == 1:
        return versions[0]

    def likeness(item: LineItem) -> int:
        return max((_equal(item, other) for other in expected), default=0)

    return max(versions, key=likeness)


def _equal(left: LineItem, right: LineItem) -> int:
    return sum(
        item_value(left, spec.name) is not None and same(spec.kind, item_value(left, spec.name), item_value(right, spec.name))
        for spec in ALIGNED_BY
    )
