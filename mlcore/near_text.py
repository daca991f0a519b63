"""Nearly the same text: MinHash of overlapping word triples (A. Broder 1997), found through bands of the signature."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mlcore.documents import DocumentText

SIGNATURE_LENGTH = 64
SAME_TEXT = 0.9
"""Share of equal signature entries from which two texts are nearly the same (an estimate of their Jaccard similarity)."""

_PRIME = (1 << 31) - 1
_MIN_WORDS = 12
_BAND = 8
_generator = np.random.default_rng(1997)
_FACTORS: NDArray[np.uint64] = _generator.integers(1, _PRIME, SIGNATURE_LENGTH, dtype=np.uint64)
_OFFSETS: NDArray[np.uint64] = _generator.integers(0, _PRIME, SIGNATURE_LENGTH, dtype=np.uint64)


def text_signature(document: DocumentText) -> list[int]:
    """The MinHash signature of a text; empty for a text too short to compare."""
    words = document.text.casefold().split()
    if len(words) < _MIN_WORDS:
        return []
    triples = {zlib.crc32(" ".join(words[start : start + 3]).encode()) % _PRIME for start in range(len(words) - 2)}
    hashes = np.fromiter(triples, dtype=np.uint64)[:, None]
    return [int(value) for value in ((hashes * _FACTORS + _OFFSETS) % _PRIME).min(axis=0)]


def similarity(one: Sequence[int], other: Sequence[int]) -> float:
    """Estimated share of text that two signatures have in common, 0..1; 0 when one is empty."""
    if len(one) != SIGNATURE_LENGTH or len(other) != SIGNATURE_LENGTH:
        return 0.0
    return sum(a == b for a, b in zip(one, other, strict=True)) / SIGNATURE_LENGTH


def band_keys(signature: Sequence[int]) -> list[int]:
    """Texts that are at least 90 % the same share one of these keys with a probability of 98.9 %."""
    bands = (signature[start : start + _BAND] for start in range(0, SIGNATURE_LENGTH, _BAND))
    return [zlib.crc32(json.dumps([number, *band]).encode()) for number, band in enumerate(bands)]
