"""Documents from plain text: a typewriter page whose columns are its characters."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from mlcore.documents import Box, DocumentText, Page, Word

Typewriter = Callable[..., DocumentText]

_WIDTH, _HEIGHT = 612.0, 792.0
_CHAR, _LINE, _BODY = 6.0, 14.0, 10.0


def _page(number: int, text: str, shift: tuple[float, float]) -> Page:
    words = []
    for line, row in enumerate(text.strip("\n").split("\n")):
        for match in re.finditer(r"\S+", row):
            x0, y0 = 24 + match.start() * _CHAR + shift[0], 30 + line * _LINE + shift[1]
            box = Box(x0 / _WIDTH, y0 / _HEIGHT, (x0 + len(match[0]) * _CHAR) / _WIDTH, (y0 + _BODY) / _HEIGHT)
            words.append(Word(match[0], box, line))
    return Page(number, _WIDTH, _HEIGHT, tuple(words))


def typewritten(text: str, shift: tuple[float, float] = (0.0, 0.0)) -> DocumentText:
    pages = text.split("\f")
    return DocumentText(tuple(_page(number, page, shift) for number, page in enumerate(pages, start=1)))


@pytest.fixture(name="typewritten")
def _typewritten() -> Typewriter:
    """``typewritten(text, shift=(dx, dy))``: one page for each form feed; ``shift`` in points. Two spaces part cells."""
    return typewritten
