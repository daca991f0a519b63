"""How sure the OCR was of the words that a value stands on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlcore.documents import DocumentText, Evidence, TextSource

_SLACK = 1e-4


@dataclass(frozen=True, slots=True)
class Legibility:
    """Confidence of the words under a value, 0..1, and the share of the page's height at which it stands."""

    least: float
    mean: float
    height: float


class PageWords:
    """The words of a document by place."""

    def __init__(self, document: DocumentText) -> None:
        self.ocr = any(page.source is TextSource.OCR for page in document.pages)
        self._pages: dict[int, tuple[NDArray[np.float64], NDArray[np.float64]]] = {}
        for page in document.pages:
            centers = np.array([word.box.center for word in page.words], dtype=np.float64).reshape(-1, 2)
            self._pages[page.number] = centers, np.array([word.confidence for word in page.words], dtype=np.float64)

    def under(self, places: Sequence[Evidence]) -> Legibility | None:
        """Of the words whose middle lies in one of the boxes; ``None`` when there are none."""
        found = []
        for place in places:
            if place.page not in self._pages:
                continue
            centers, confidences = self._pages[place.page]
            box = place.box
            inside = (centers[:, 0] >= box.x0 - _SLACK) & (centers[:, 0] <= box.x1 + _SLACK)
            inside &= (centers[:, 1] >= box.y0 - _SLACK) & (centers[:, 1] <= box.y1 + _SLACK)
            found.append(confidences[inside])
        words = np.concatenate(found) if found else np.empty(0)
        if not len(words):
            return None
        return Legibility(float(words.min()), float(words.mean()), places[0].box.center[1])
