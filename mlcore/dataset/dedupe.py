"""Documents that are in a dataset once only: the same text, or nearly the same text (``mlcore.near_text``), is found again.

Kept for each document: its name, a hash and a signature of 64 numbers; never its words.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from mlcore.documents import DocumentText
from mlcore.near_text import SAME_TEXT, band_keys, similarity, text_signature


@dataclass(frozen=True, slots=True)
class Twin:
    """The earliest document that a document repeats. ``share`` of the text is the same, 1.0 when all of it is.

    ``names`` are all the earlier documents that it repeats.
    """

    name: str
    share: float
    names: tuple[str, ...]

    @property
    def exact(self) -> bool:
        """Whether nothing differs but case and spaces."""
        return self.share == 1.0


class SeenTexts:
    """The texts of a dataset so far."""

    def __init__(self) -> None:
        self._exact: dict[bytes, str] = {}
        self._signatures: list[tuple[str, array[int]]] = []
        self._bands: dict[int, list[int]] = defaultdict(list)

    def add(self, name: str, document: DocumentText, another: Callable[[Twin], bool] = lambda twin: False) -> Twin | None:
        """The earlier document that this one repeats, if any. A document that repeats none is remembered under its name, and so is one
        of which ``another`` says that it counts all the same."""
        digest = hashlib.sha256(" ".join(document.text.casefold().split()).encode()).digest()
        signature = text_signature(document)
        keys = band_keys(signature) if signature else []
        twin = self._twin(digest, signature, keys)
        if twin is None or another(twin):
            self._exact.setdefault(digest, name)
            for key in keys:
                self._bands[key].append(len(self._signatures))
            self._signatures.append((name, array("I", signature)))
        return twin

    def _twin(self, digest: bytes, signature: list[int], keys: list[int]) -> Twin | None:
        near = {number for key in keys for number in self._bands.get(key, ())}
        alike = [(number, similarity(signature, self._signatures[number][1])) for number in sorted(near)]
        found = [(self._signatures[number][0], share) for number, share in alike if share >= SAME_TEXT]
        names = tuple(name for name, _ in found)
        if earlier := self._exact.get(digest):
            return Twin(earlier, 1.0, (earlier, *(name for name in names if name != earlier)))
        return Twin(names[0], min(found[0][1], 0.999), names) if found else None
