"""Layouts of a vendor told apart by the words that stay the same and their rough places."""

from __future__ import annotations

from collections.abc import Collection

from mlcore.readers.layout import Layout

_COLUMNS = 8
_MAX_WORDS = 220


def fingerprint(layout: Layout) -> frozenset[str]:
    """``word@column`` of the words without digits on the first page, case and accents folded."""
    marks = []
    for token in layout.tokens:
        word = token.folded.strip(".:,;")
        if token.page != 1 or len(word) < 3 or any(char.isdigit() for char in word):
            continue
        width = layout.page_sizes[1][0]
        marks.append(f"{word}@{min(int(_COLUMNS * token.x0 / max(width, 1e-6)), _COLUMNS - 1)}")
    return frozenset(marks[:_MAX_WORDS])


def similarity(left: Collection[str], right: Collection[str]) -> float:
    """Jaccard similarity in which a mark also counts half in a neighbouring column, so that a shift is no change."""
    if not left or not right:
        return 0.0
    shared = sum(_presence(mark, right) for mark in left)
    return shared / (len(left) + len(right) - shared)


def _presence(mark: str, marks: Collection[str]) -> float:
    if mark in marks:
        return 1.0
    word, _, column = mark.rpartition("@")
    near = int(column)
    return 0.7 if f"{word}@{near - 1}" in marks or f"{word}@{near + 1}" in marks else 0.0
