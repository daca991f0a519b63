"""Which line of one reader is which line of the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mlcore.compare import match_rows, same
from mlcore.documents import Evidence
from mlcore.schema import LINE_ITEM_FIELDS, LineItem, ValueKind, item_value

ALIGNED_BY = tuple(spec for spec in LINE_ITEM_FIELDS if spec.kind is not ValueKind.ITEM_TYPE)
"""The columns that tell lines apart; nearly all lines of a document share their type."""

_WEAK = frozenset({ValueKind.QUANTITY})
"""Kinds that do not make two lines the same on their own: most lines bill one unit."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the document: its index with the template and with the model; ``None`` where that reader has not seen it."""

    template: int | None
    model: int | None


Places = Mapping[int, Sequence[Evidence]]
"""Row -> every place of its values."""


def align(template: Sequence[LineItem], model: Sequence[LineItem], template_places: Places, model_places: Places) -> tuple[Row, ...]:
    """All lines that either reader saw, each once, in reading order.

    Lines are the same by the comparator's matching. A pair that shares no more than a quantity is taken apart again,
    unless both stand at the same height of the same page. A line that the model alone saw comes after the one that it follows there.
    """
    pairs = {
        j: i
        for i, j in match_rows(template, model, ALIGNED_BY)
        if _alike(template[i], model[j]) or _beside(template_places.get(i, ()), model_places.get(j, ()))
    }
    partner = {i: j for j, i in pairs.items()}
    after: dict[int, list[Row]] = {}
    last = -1
    for j in range(len(model)):
        if j in pairs:
            last = pairs[j]
        else:
            after.setdefault(last, []).append(Row(None, j))
    rows = list(after.get(-1, ()))
    for i in range(len(template)):
        rows.append(Row(i, partner.get(i)))
        rows.extend(after.get(i, ()))
    return tuple(rows)


def _alike(left: LineItem, right: LineItem) -> bool:
    return any(
        item_value(left, spec.name) is not None and same(spec.kind, item_value(left, spec.name), item_value(right, spec.name))
        for spec in ALIGNED_BY
        if spec.kind not in _WEAK
    )


def _beside(left: Sequence[Evidence], right: Sequence[Evidence]) -> bool:
    return any(a.page == b.page and a.box.y0 < b.box.center[1] < a.box.y1 for a in left for b in right)
