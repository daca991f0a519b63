"""Augmentations of training documents, each switchable: every one rewrites the page, and the labels follow (``relabel``).

``anonymise``  another sender, the same wherever it stands
``permute``    neighbouring columns and header entries in another order
``jitter``     the print wider or narrower, higher or lower, elsewhere on the page
``noise``      what OCR would have read; last, since the others look for whole words
"""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import replace

from mlcore.compare import same
from mlcore.dataset.anonymise import anonymised
from mlcore.dataset.noise import Rewritten
from mlcore.dataset.permute import permuted
from mlcore.dataset.relabel import Places, noisy_example, places_of, relabeled, words_at
from mlcore.documents import Box, DocumentText, GoldExample, Page
from mlcore.schema import ValueKind, iter_values, spec_for

AUGMENTATIONS = ("anonymise", "permute", "jitter", "noise")
"""In the order in which they are made."""

_WIDER, _HIGHER = (0.86, 1.08), (0.9, 1.06)
_MARGIN = 0.01


def augmented(
    gold: GoldExample, steps: Sequence[str], rng: random.Random, noise_level: float = 1.0, reserved: Collection[str] = ()
) -> tuple[GoldExample, tuple[str, ...]]:
    """The example after ``steps`` (names of ``AUGMENTATIONS``), and those of them that changed anything. ``reserved`` as in
    ``anonymised``. Raises ``KeyError`` for another name."""
    done = []
    for name in steps:
        made = _step(name, gold, rng, noise_level, reserved)
        if made is not None:
            gold = made
            done.append(name)
    return gold, tuple(done)


def jittered(document: DocumentText, rng: random.Random) -> Rewritten:
    """All boxes of a page stretched and moved alike; the text is the same."""
    wider, higher = rng.uniform(*_WIDER), rng.uniform(*_HIGHER)
    across, down = rng.random(), rng.random()
    pages = tuple(_stretched(page, wider, higher, across, down) for page in document.pages)
    return Rewritten(DocumentText(pages, document.tokeniser), tuple(tuple((i,) for i in range(len(page.words))) for page in pages))


def _step(name: str, gold: GoldExample, rng: random.Random, noise_level: float, reserved: Collection[str]) -> GoldExample | None:
    if name == "noise":
        return noisy_example(gold, rng, noise_level)
    places = places_of(gold)
    if name == "jitter":
        rewritten: Rewritten | None = jittered(gold.document, rng)
    elif name == "anonymise":
        rewritten = anonymised(gold.document, _verbatim(gold, places), rng, reserved)
    elif name == "permute":
        rewritten = permuted(gold.document, places, rng)
    else:
        raise KeyError(name)
    return relabeled(gold, rewritten, places) if rewritten is not None else None


def _verbatim(gold: GoldExample, places: Places) -> Places:
    """The places of texts whose words say the value: what was misread, or stands there in part, cannot be put into other words."""
    texts = {path: value for path, value in iter_values(gold.record) if spec_for(path).kind is ValueKind.TEXT}
    spots = ((path, places[path]) for path in texts if path in places)
    return {path: own for path, own in spots if same(ValueKind.TEXT, words_at(gold.document, own), texts[path])}


def _stretched(page: Page, wider: float, higher: float, across: float, down: float) -> Page:
    """``across`` and ``down`` (0..1) say where in the free room the print goes."""
    if not page.words:
        return page
    x0, x1 = min(w.box.x0 for w in page.words), max(w.box.x1 for w in page.words)
    y0, y1 = min(w.box.y0 for w in page.words), max(w.box.y1 for w in page.words)
    wider, higher = _fitting(wider, x1 - x0), _fitting(higher, y1 - y0)
    left = _MARGIN + across * (1 - 2 * _MARGIN - wider * (x1 - x0)) - wider * x0
    top = _MARGIN + down * (1 - 2 * _MARGIN - higher * (y1 - y0)) - higher * y0

    def moved(box: Box) -> Box:
        return Box(_unit(left + wider * box.x0), _unit(top + higher * box.y0), _unit(left + wider * box.x1), _unit(top + higher * box.y1))

    return replace(page, words=tuple(replace(word, box=moved(word.box)) for word in page.words))


def _fitting(scale: float, extent: float) -> float:
    return min(scale, (1 - 2 * _MARGIN) / max(extent, 1e-6))


def _unit(value: float) -> float:
    return min(max(value, 0.0), 1.0)
