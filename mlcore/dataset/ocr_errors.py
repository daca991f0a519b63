"""What OCR gets wrong and how often, as measured on scans: the table ``ocr_errors.json``, ready to be drawn from.

``python -m benchmarks.ocr_confusions --write mlcore/dataset/ocr_errors.json`` measures it again. Words per page that were damaged, lost,
merged, split, and lines that were lost are kept page by page, so that good and bad scans come as they came.
"""

from __future__ import annotations

import json
import random
from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("ocr_errors.json")
_REMEMBERED = 50_000
_TALL = frozenset("bdfhklit()[]/$#&%'\"|")
_DEEP = frozenset("gjpqyQ,;()[]/$|_")


@dataclass(frozen=True, slots=True)
class PageErrors:
    """Shares on one page: of its words damaged, lost alone, split; of its gaps merged; of its lines lost."""

    damaged: float
    lost: float
    merged: float
    split: float
    lines: float


class OcrErrors:
    """Draws errors with the frequencies of a table (``benchmarks/ocr_confusions.py`` says what it holds)."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._pages = tuple(PageErrors(p["damaged"], p["lost"], p["merged"], p["split"], p["lines"]) for p in table["pages"])
        self._targets = {source: _weighted(found) for source, found in table["confusions"].items()}
        counts = {source: sum(found.values()) for source, found in table["confusions"].items()}
        self._inserted = counts.get("", 0) / max(1, table["letters"])
        self._rates = {source: counts[source] / n for source, n in table["characters"].items() if source}
        changed = sum(counts.values())
        self._typical: float = changed / max(1, table["words"])
        damaged = sum(page.damaged for page in self._pages) / len(self._pages) * table["words"]
        self._again = max(0.0, 1 - damaged / changed) if changed else 0.0
        self._proneness: dict[str, float] = {}
        self._confidence: Mapping[str, Sequence[float]] = table["confidence"]
        self.edges: Mapping[str, Sequence[float]] = table["edges"]
        splits = table["splits"]
        self.split_at_sign = splits.get("sign", 0) / max(1, sum(splits.values()))

    def page(self, rng: random.Random) -> PageErrors:
        """How bad one page is."""
        return rng.choice(self._pages)

    def proneness(self, word: str) -> float:
        """How much likelier than the average word this one is to be damaged: long words and doubtful letters are."""
        known = self._proneness.get(word)
        if known is None:
            if len(self._proneness) > _REMEMBERED:
                self._proneness.clear()
            known = self._proneness[word] = self.spots(word)[1][-1] / self._typical
        return known

    def damaged(self, word: str, rng: random.Random) -> str:
        """The word with one wrong character, sometimes more; ``""`` when nothing of it is left."""
        while word:
            spots, sums = _spots(self, word)
            start, source = spots[min(bisect(sums, rng.random() * sums[-1]), len(spots) - 1)]
            targets, weights = self._targets[source]
            target = targets[bisect(weights, rng.random() * weights[-1])]
            word = word[:start] + target + word[start + len(source) :]
            if rng.random() >= self._again:
                break
        return word

    def confidence(self, right: bool, rng: random.Random) -> float:
        """What the engine says of a word that it read right or wrong."""
        steps = self._confidence["right" if right else "damaged"]
        at = rng.random() * (len(steps) - 1)
        low = int(at)
        return steps[low] + (at - low) * (steps[low + 1] - steps[low])

    def spots(self, word: str) -> tuple[tuple[tuple[int, str], ...], tuple[float, ...]]:
        """Where a word may go wrong: ``((start, characters), ...)`` and the sums of their rates up to each."""
        found = [(start, "") for start in range(len(word) + 1)]
        rates = [self._inserted] * len(found)
        for start in range(len(word)):
            for source in (word[start], word[start : start + 2]):
                if rate := self._rates.get(source):
                    found.append((start, source))
                    rates.append(rate)
        return tuple(found), tuple(accumulate(rates))


@cache
def ocr_errors() -> OcrErrors:
    """The shipped table."""
    return OcrErrors(_table())


def confusions() -> Mapping[str, Mapping[str, int]]:
    """What was printed, what was read instead, how often. ``""`` stands for nothing: a character added or lost."""
    found: Mapping[str, Mapping[str, int]] = _table()["confusions"]
    return found


@cache
def _table() -> Mapping[str, Any]:
    table: Mapping[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return table


@lru_cache(maxsize=20_000)
def shape(text: str) -> tuple[str, str]:
    """Names of the edges of a word's box: whether ink reaches the top of the line, and below it."""
    tall = any(c.isupper() or c.isdigit() or c in _TALL for c in text)
    deep = any(c in _DEEP for c in text)
    return "top_tall" if tall else "top_low", "foot_deep" if deep else "foot_flat"


@lru_cache(maxsize=_REMEMBERED)
def _spots(errors: OcrErrors, word: str) -> tuple[tuple[tuple[int, str], ...], tuple[float, ...]]:
    return errors.spots(word)


def _weighted(found: Mapping[str, int]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    return tuple(found), tuple(accumulate(found.values()))
