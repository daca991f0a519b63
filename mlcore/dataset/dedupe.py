"""Documents that are in a dataset once only: the same text, or nearly the same text (``mlcore.near_text``), is found again.

Kept for each document: its name, a hash and a signature of 64 numbers; never its words.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass

from mlcore.documents import DocumentText
from mlcore.near_text import SAME_TEXT, band_keys, similarity, text_signature


@dataclass(frozen=True, slots=True)
class Twin:
    """An earlier document that a document repeats. ``share`` of the text is the same, 1.0 when all of it is."""

    name: str
    share: float

    @property
    def exact(self) -> bool:
        """Whether nothing differs but case and spaces."""
        return self.share == 1.0


class SeenTexts:
    """The texts of a dataset so far."""

    def __init__(self) -> None:
        self._exact: dict[bytes, str] = {}
        self._signatures: list[tuple[str, list[int]]] = []
        self._bands: dict[int, list[int]] = defaultdict(list)

    def add(self, name: str, document: DocumentText) -> Twin | None:
        """The earlier document that this one repeats; a document that repeats none is remembered under its name."""
        digest = hashlib.sha256(" ".join(document.text.casefold().split()).encode()).digest()
        if earlier := self._exact.get(digest):
            return Twin(earlier, 1.0)
        signature = text_signature(document)
        keys = band_keys(signature)
        near = {number for key in keys for number in self._bands.get(key, ())} if signature else set()
        for number in sorted(near):
            other, theirs = self._signatures[number]
            if (share := similarity(signature, theirs)) >= SAME_TEXT:
                return Twin(other, min(share, 0.999))
        self._exact[digest] = name
        if signature:
            for key in keys:
                self._bands[key].append(len(self._signatures))
            self._signatures.append((name, signature))
        return None
