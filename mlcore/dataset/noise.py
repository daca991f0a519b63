"""OCR-like noise without rendering: what a scan of a clean page would have been read as, in about a millisecond.

Kinds and frequencies of errors are measured ones (``ocr_errors``): characters taken for others, points lost, words merged, split and
lost, lines lost; boxes shrink from the line of print to the ink of the word; confidences are lower where something went wrong.
Nothing moves on the page and no word is invented. ``relabel`` says what becomes of the labels.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mlcore.dataset.ocr_errors import OcrErrors, PageErrors, ocr_errors, shape
from mlcore.documents import Box, DocumentText, Page, TextSource, Word

_NEAR_EM = 0.9
"""Words of a line with a gap below this share of their height may be read as one."""
_LEAST_HEIGHT = 0.45
_WORD_SHAKE = 0.03
_MOST = 0.9


@dataclass(frozen=True)
class Rewritten:
    """A document made from another one. ``sources[p][i]`` are the indexes of the words of the other document's page ``p`` that word ``i``
    was made of. A word that is in no source is gone."""

    document: DocumentText
    sources: tuple[tuple[tuple[int, ...], ...], ...]


Owners = Sequence[Sequence[str]]
"""For each page, for each word, the field path it belongs to, ``""`` for none."""


def noisy(document: DocumentText, rng: random.Random, level: float = 1.0) -> DocumentText:
    """The document as OCR of an average scan reads it. ``level`` multiplies the measured frequencies; 0 changes only the boxes."""
    return with_noise(document, rng, level).document


def with_noise(document: DocumentText, rng: random.Random, level: float = 1.0, owners: Owners | None = None) -> Rewritten:
    """As ``noisy``, with the sources of every word. Words of different ``owners`` are never merged: what such a word says of either
    field would be a guess."""
    errors = ocr_errors()
    pages, sources = [], []
    for number, page in enumerate(document.pages):
        made = _page(page, errors, rng, level, owners[number] if owners is not None else ("",) * len(page.words))
        pages.append(replace(page, words=tuple(word for word, _ in made), source=TextSource.OCR))
        sources.append(tuple(source for _, source in made))
    return Rewritten(DocumentText(tuple(pages), document.tokeniser), tuple(sources))


_Made = tuple[Word, tuple[int, ...]]


def _page(page: Page, errors: OcrErrors, rng: random.Random, level: float, owners: Sequence[str]) -> list[_Made]:
    rates = errors.page(rng)
    shake = (rng.gauss(0, errors.edges["left"][1]), rng.gauss(0, errors.edges["top_tall"][1]))
    gone = {line for line in sorted({word.line for word in page.words}) if rng.random() < rates.lines * level}
    near = _NEAR_EM * page.height / max(page.width, 1.0)
    made: list[_Made] = []
    last = -1
    for index, word in enumerate(page.words):
        if word.line in gone or rng.random() < rates.lost * level:
            continue
        merging = (
            last == index - 1
            and made
            and page.words[last].line == word.line
            and owners[last] == owners[index]
            and 0 <= word.box.x0 - page.words[last].box.x1 < near * (word.box.y1 - word.box.y0)
            and rng.random() < rates.merged * level
        )
        fresh = _word(word, errors, rates, rng, level, shake)
        if merging and fresh:
            first, source = made.pop()
            text, box = first.text + fresh[0].text, first.box.union(fresh[0].box)
            fresh[0] = replace(fresh[0], text=text, box=box, confidence=errors.confidence(False, rng))
            made.append((fresh[0], (*source, index)))
            made.extend((one, (index,)) for one in fresh[1:])
        else:
            made.extend((one, (index,)) for one in fresh)
        if fresh:
            last = index
    return made


def _word(word: Word, errors: OcrErrors, rates: PageErrors, rng: random.Random, level: float, shake: tuple[float, float]) -> list[Word]:
    """What one word is read as: one word, two when it is split, none when nothing of it is left."""
    text = word.text
    if rng.random() < min(_MOST, rates.damaged * level * errors.proneness(text)):
        text = errors.damaged(text, rng)
        if not text:
            return []
    box = _ink(word.box, word.text, errors, rng, shake)
    confidence = errors.confidence(text == word.text, rng)
    if len(text) > 2 and rng.random() < rates.split * level * len(text) / 5:
        cut = _cut(text, errors, rng)
        at = box.x0 + (box.x1 - box.x0) * cut / len(text)
        gap = min(0.15 * (box.y1 - box.y0), 0.2 * (box.x1 - box.x0) / len(text))
        sides = ((text[:cut], box.x0, at - gap), (text[cut:], at + gap, box.x1))
        return [Word(side, Box(x0, box.y0, x1, box.y1), word.line, errors.confidence(False, rng)) for side, x0, x1 in sides]
    return [Word(text, box, word.line, confidence)]


def _cut(text: str, errors: OcrErrors, rng: random.Random) -> int:
    signs = [place + 1 for place, char in enumerate(text[:-1]) if not char.isalnum()]
    return rng.choice(signs) if signs and rng.random() < errors.split_at_sign else rng.randrange(1, len(text))


def _ink(box: Box, text: str, errors: OcrErrors, rng: random.Random, shake: tuple[float, float]) -> Box:
    """The box of the ink within the box of the font: lower for small letters, shorter for letters without a descender."""
    high, edges = box.y1 - box.y0, errors.edges
    top, foot = shape(text)
    right = shake[0] + rng.gauss(0, _WORD_SHAKE)
    down = shake[1] + rng.gauss(0, _WORD_SHAKE)
    x0, x1 = box.x0 + (edges["left"][0] + right) * high, box.x1 + (edges["right"][0] + right) * high
    y0, y1 = box.y0 + (edges[top][0] + down) * high, box.y1 + (edges[foot][0] + down) * high
    if y1 - y0 < _LEAST_HEIGHT * high:
        middle = (y0 + y1) / 2
        y0, y1 = middle - _LEAST_HEIGHT * high / 2, middle + _LEAST_HEIGHT * high / 2
    if x1 <= x0:
        x0, x1 = box.x0, box.x1
    if x0 >= 0 and y0 >= 0 and x1 <= 1 and y1 <= 1:
        return Box(x0, y0, x1, y1)
    return Box(_unit(x0), _unit(y0), _unit(x1), _unit(y1))


def _unit(value: float) -> float:
    return min(max(value, 0.0), 1.0)
