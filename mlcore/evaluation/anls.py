"""ANLS*: how near the found text is to the expected text, over the whole tree of a record. A second view beside the exact metrics.

Definition: Peer et al., "ANLS* - A Universal Document Processing Metric for Generative Large Language Models"
(arXiv 2402.03848). A tree is ``None``, text, a list of trees or a mapping of trees. With ``s`` the score and ``l`` the
length, ANLS* = s / l, where for an expected ``g`` and a found ``p``

- text: s = 1 - Levenshtein / longer length when that is at least 0.5, else 0; l = 1; case and runs of spaces do not count;
- ``None``: s = 1 when ``p`` is empty, else 0; l = 1;
- mapping: s and l are summed over the keys of both sides; a key that one side lacks stands for ``None``;
- list: elements are matched one to one for the greatest sum of ANLS* (Hungarian); s and l are summed over the pairs, and an
  unmatched element of either side adds its length and no score;
- two different kinds: s = 0, l = the longer length.

A record becomes a tree of its present values in comparison form, so absent values on both sides count nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TypeAlias

import numpy as np
from rapidfuzz.distance import Levenshtein

from mlcore.normalize import collapse_spaces, comparison_key
from mlcore.schema import HEADER_FIELDS, LINE_ITEM_FIELDS, InvoiceRecord, Value, ValueKind, header_value, item_value

Tree: TypeAlias = "str | Sequence[Tree] | Mapping[str, Tree] | None"

THRESHOLD = 0.5


def anls_star(expected: Tree, found: Tree) -> float:
    """0..1. Two empty trees are alike."""
    score, length = _compare(expected, found)
    return score / length if length else 1.0


def tree_of(record: InvoiceRecord, label_fields: Collection[str] | None = None) -> Tree:
    """The labeled values of a record; names with a point are kept as they are. Absent values have no key."""

    def labeled(name: str) -> bool:
        return label_fields is None or name in label_fields or (name.startswith("line_items.") and "line_items" in label_fields)

    tree: dict[str, Tree] = {}
    for spec in HEADER_FIELDS:
        value = header_value(record, spec.name)
        if value is not None and labeled(spec.name):
            tree[spec.name] = _text(spec.kind, value)
    columns = [spec for spec in LINE_ITEM_FIELDS if labeled(f"line_items.{spec.name}")]
    rows: list[Tree] = []
    for item in record.line_items:
        cells = {spec.name: _text(spec.kind, value) for spec in columns if (value := item_value(item, spec.name)) is not None}
        if cells:
            rows.append(cells)
    if rows:
        tree["line_items"] = rows
    return tree


def _text(kind: ValueKind, value: Value) -> str:
    return collapse_spaces(value) if kind is ValueKind.TEXT and isinstance(value, str) else comparison_key(kind, value)


def _compare(expected: Tree, found: Tree) -> tuple[float, int]:
    if expected is None or found is None:
        return (1.0, 1) if not expected and not found else (0.0, max(_length(expected), _length(found)))
    if isinstance(expected, str):
        return (_likeness(expected, found), 1) if isinstance(found, str) else (0.0, max(1, _length(found)))
    if isinstance(expected, Mapping):
        return _compare_mappings(expected, found) if isinstance(found, Mapping) else (0.0, max(_length(expected), _length(found)))
    if isinstance(found, str | Mapping):
        return 0.0, max(_length(expected), _length(found))
    return _compare_lists(expected, found)


def _compare_mappings(expected: Mapping[str, Tree], found: Mapping[str, Tree]) -> tuple[float, int]:
    score, length = 0.0, 0
    for key in expected.keys() | found.keys():
        s, n = _compare(expected.get(key), found.get(key))
        score, length = score + s, length + n
    return score, length


def _compare_lists(expected: Sequence[Tree], found: Sequence[Tree]) -> tuple[float, int]:
    if not expected or not found:
        return 0.0, _length(expected) + _length(found)
    pairs = [[_compare(g, p) for p in found] for g in expected]
    likeness = np.array([[s / n if n else 1.0 for s, n in row] for row in pairs])
    from scipy.optimize import linear_sum_assignment  # 35 MB: only a process that aligns rows pays for it

    rows, columns = (index.tolist() for index in linear_sum_assignment(likeness, maximize=True))
    score = sum(pairs[i][j][0] for i, j in zip(rows, columns, strict=True))
    length = sum(pairs[i][j][1] for i, j in zip(rows, columns, strict=True))
    length += sum(_length(g) for i, g in enumerate(expected) if i not in rows)
    length += sum(_length(p) for j, p in enumerate(found) if j not in columns)
    return score, length


def _length(tree: Tree) -> int:
    if tree is None or isinstance(tree, str):
        return 1
    return sum(_length(part) for part in (tree.values() if isinstance(tree, Mapping) else tree))


def _likeness(expected: str, found: str) -> float:
    left, right = collapse_spaces(expected).casefold(), collapse_spaces(found).casefold()
    likeness = Levenshtein.normalized_similarity(left, right)
    return likeness if likeness >= THRESHOLD else 0.0
