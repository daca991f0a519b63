"""Describing the place of a value by what stands around it, and comparing a new place with that."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from functools import cached_property
from statistics import median

from rapidfuzz import fuzz

from mlcore.readers.layout import Layout, Token
from mlcore.readers.lexicon import label_word
from mlcore.templates.model import Anchor, Sighting

_LEFT_WORDS = 3
_ABOVE_REACH = 5.0
_ANCHORS = 14


def shape_of(text: str) -> str:
    """``FA01/2015`` is ``A0/0``: runs of letters, lower-case letters and digits as one sign each."""
    return re.sub(r"0+", "0", re.sub(r"a+", "a", re.sub(r"A+", "A", re.sub(r"\d", "0", re.sub(r"[^\W\d_]", _letter, text)))))


def _letter(match: re.Match[str]) -> str:
    return "A" if match[0].isupper() else "a"


class Surface:
    """A document as templates see it: unique words by page, and tokens by their place in the page's words."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.last_page = layout.rows[-1][0].page if layout.rows else 1
        self.by_index = {(token.page, token.index): token for token in layout.tokens}

    @cached_property
    def unique(self) -> dict[tuple[int, str], Token]:
        """Words without digits that stand once on their page."""
        counts = Counter((token.page, anchor_word(token)) for token in self.layout.tokens)
        return {
            (token.page, anchor_word(token)): token
            for token in self.layout.tokens
            if counts[token.page, anchor_word(token)] == 1 and len(anchor_word(token)) >= 2
        }

    def tokens_of(self, page: int, indexes: Sequence[int]) -> tuple[Token, ...]:
        """The tokens of some words."""
        return tuple(self.by_index[page, index] for index in indexes if (page, index) in self.by_index)

    def left_of(self, tokens: Sequence[Token]) -> str:
        """Up to three folded words before a value in its row."""
        row = self.layout.rows[tokens[0].row]
        before = [label_word(token.text) for token in row if token.x1 <= tokens[0].x0 + 0.2 and token.index != tokens[0].index]
        return " ".join([word for word in before if word][-_LEFT_WORDS:])

    def above_of(self, tokens: Sequence[Token]) -> str:
        """The folded words of the nearest row above that overlaps the value from the side."""
        x0, x1, top = tokens[0].x0, tokens[-1].x1, tokens[0].y0
        for row in reversed(self.layout.rows[: tokens[0].row]):
            if row[0].page != tokens[0].page or top - row[0].y1 > _ABOVE_REACH:
                break
            words = [label_word(token.text) for token in row if token.x0 < x1 + 0.5 and token.x1 > x0 - 0.5 and token.y1 <= top + 0.6]
            if any(words):
                return " ".join(word for word in words if word)
        return ""

    def sighting(self, tokens: Sequence[Token], raw: str, stable: Collection[str] | None) -> Sighting:
        """Describe one place; anchors are taken from ``stable`` words when given."""
        first = tokens[0]
        width, height = self.layout.page_sizes[first.page]
        return Sighting(
            left=self.left_of(tokens),
            above=self.above_of(tokens),
            shape=shape_of(raw),
            x=round(first.x0 / width, 4),
            y=round((first.y0 + first.y1) / 2 / height, 4),
            page=first.page - 1,
            page_from_end=self.last_page - first.page,
            anchors=self._anchors(tokens, stable),
        )

    def _anchors(self, tokens: Sequence[Token], stable: Collection[str] | None) -> tuple[Anchor, ...]:
        first = tokens[0]
        own = {token.index for token in tokens}
        found = []
        for (page, word), token in self.unique.items():
            if page != first.page or token.index in own or any(c.isdigit() for c in word) or (stable is not None and word not in stable):
                continue
            dx, dy = token.x0 - first.x0, (token.y0 + token.y1) / 2 - (first.y0 + first.y1) / 2
            found.append((abs(dx) + 2 * abs(dy), Anchor(word, round(dx, 2), round(dy, 2))))
        found.sort(key=lambda item: (item[0], item[1].word))
        return tuple(anchor for _distance, anchor in found[:_ANCHORS])

    def anchor_distance(self, tokens: Sequence[Token], sighting: Sighting) -> float | None:
        """Median distance (em) from where the anchors say the value is; ``None`` without two anchors on the page."""
        first = tokens[0]
        gaps = []
        for anchor in sighting.anchors:
            token = self.unique.get((first.page, anchor.word))
            if token is None:
                continue
            x, y = token.x0 - anchor.dx, (token.y0 + token.y1) / 2 - anchor.dy
            gaps.append(min(abs(x - first.x0), abs(x - first.x0) * 0.5 + 0.5) + 1.5 * abs(y - (first.y0 + first.y1) / 2))
        return median(gaps) if len(gaps) >= 2 else None


def anchor_word(token: Token) -> str:
    """The form in which anchor words are compared."""
    return label_word(token.text)


def alike(left: str, right: str) -> float:
    """0..1: how alike two short texts are; two empty texts are alike."""
    if left == right:
        return 1.0
    if not left or not right:
        return 0.0
    return max(0.0, (fuzz.ratio(left, right) / 100 - 0.5) * 2)
