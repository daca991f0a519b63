"""What OCR gets wrong on scans: writes the table that ``mlcore/dataset/noise.py`` draws its errors from.

    python -m benchmarks.ocr_confusions [--count 24] [--write mlcore/dataset/ocr_errors.json]
    python -m benchmarks.ocr_confusions --compare [--count 24]

First pages of degraded synthetic scans of composed vendors (seed below; no vendor of a test set among them) are read as the product
reads them (cleaned, passed-over rows read again). Printed and read words are matched by their boxes: one to one, several printed to
one read (merged), one printed to several read (split), printed to nothing (lost; a line of which nothing was read is a lost line).
Characters of matched words are aligned by edit distance. ``--compare`` sets fast noise beside OCR on other documents than those of the
table: both are counted in the same way.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
from rapidfuzz.distance import Levenshtein

from benchmarks.ocr_reading import first_page, straight
from invoices.ocr.choice import choose_engine
from invoices.ocr.cleaning import cleaned
from invoices.ocr.engine import OcrEngine
from invoices.ocr.missed import read_missed
from invoices.ocr.pages import sized_for_reading
from mlcore.dataset.noise import noisy
from mlcore.dataset.synthetic import SyntheticDocument, generate, vendor_catalogue
from mlcore.documents import Box, Page, Word

SEED = 77_001
LAYOUTS = 60
_ALIKE = 0.4
_LONGEST = 3
_NEAR_EM = 0.9
_DRAWS = 5
_KINDS: dict[str, Callable[[str], bool]] = {
    "numbers": lambda text: any(c.isdigit() for c in text) and not any(c.isalpha() for c in text),
    "mixed": lambda text: any(c.isdigit() for c in text) and any(c.isalpha() for c in text),
    "words": lambda text: text.isalpha(),
}


@dataclass
class Errors:
    """Counts over pages. ``pages`` has for each page its shares of damaged, lost, merged, split words and lost lines."""

    words: int = 0
    characters: Counter[str] = field(default_factory=Counter)
    confusions: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    splits: Counter[str] = field(default_factory=Counter)
    confidence: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    edges: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    pages: list[dict[str, float]] = field(default_factory=list)
    matched: list[tuple[str, bool]] = field(default_factory=list)

    def wrong(self, accept: Callable[[str], bool]) -> float:
        """Share of damaged words among those that were read one to one and are of a kind."""
        kind = [right for text, right in self.matched if accept(text)]
        return 1 - sum(kind) / max(1, len(kind))

    def add(self, printed: Page, read: Sequence[Word]) -> None:
        """Count one page; ``read`` has boxes in fractions of the same page."""
        kinds: Counter[str] = Counter()
        lost: set[int] = set()
        for left, right in _groups(printed.words, read):
            before, after = [printed.words[i] for i in left], [read[i] for i in right]
            kind = self._group(before, after)
            kinds[kind] += len(before) - 1 if kind == "merged" else len(before)
            if kind == "lost":
                lost.update(left)
            kinds["ghost"] += kind == "ghost"
        index = {id(word): number for number, word in enumerate(printed.words)}
        gone = sum(all(index[id(word)] in lost for word in line) for line in printed.lines)
        gone_words = sum(len(line) for line in printed.lines if all(index[id(word)] in lost for word in line))
        reach = _NEAR_EM * printed.height / printed.width
        near = sum(b.box.x0 - a.box.x1 < reach * (a.box.y1 - a.box.y0) for line in printed.lines for a, b in pairwise(line))
        total = max(1, len(printed.words))
        self.words += total
        self.pages.append(
            {
                "damaged": kinds["damaged"] / total,
                "lost": (kinds["lost"] - gone_words) / total,
                "merged": kinds["merged"] / max(1, near),
                "split": kinds["split"] / total,
                "lines": gone / max(1, len(printed.lines)),
                "ghost": kinds["ghost"] / total,
            }
        )

    def _group(self, before: Sequence[Word], after: Sequence[Word]) -> str:
        if not before or not after:
            return "lost" if before else "ghost"
        texts = "".join(w.text for w in before), "".join(w.text for w in after)
        if len(before) > 1 and len(after) > 1:
            return "damaged" if texts[0] != texts[1] else "right"
        self._characters(*texts)
        if len(after) > 1:
            for word in after[:-1]:
                self.splits["sign" if not word.text[-1].isalnum() else "inside"] += 1
            return "split"
        if len(before) > 1:
            return "merged"
        right = texts[0] == texts[1]
        self.matched.append((texts[0], right))
        self.confidence["right" if right else "damaged"].append(after[0].confidence)
        if right:
            self._edges(before[0], after[0])
        return "right" if right else "damaged"

    def _characters(self, before: str, after: str) -> None:
        self.characters.update(before)
        self.characters.update(a + b for a, b in pairwise(before))
        if before == after or Levenshtein.normalized_similarity(before, after) < _ALIKE:
            return
        for one in Levenshtein.opcodes(before, after):
            if one.tag == "equal":
                continue
            source, target = before[one.src_start : one.src_end], after[one.dest_start : one.dest_end]
            if not source:
                self.confusions[""][target[:1]] += 1
            elif len(source) <= _LONGEST and len(target) <= _LONGEST:
                for a, b in _pairs(source, target):
                    self.confusions[a][b] += 1

    def _edges(self, printed: Word, read: Word) -> None:
        high = printed.box.y1 - printed.box.y0
        text = printed.text
        top = "tall" if any(c.isupper() or c.isdigit() or c in "bdfhklit()[]/$#&%'\"|" for c in text) else "low"
        foot = "deep" if any(c in "gjpqyQ,;()[]/$|_" for c in text) else "flat"
        self.edges[f"top_{top}"].append((read.box.y0 - printed.box.y0) / high)
        self.edges[f"foot_{foot}"].append((read.box.y1 - printed.box.y1) / high)
        self.edges["left"].append((read.box.x0 - printed.box.x0) / high)
        self.edges["right"].append((read.box.x1 - printed.box.x1) / high)

    def table(self) -> dict[str, Any]:
        """What the noise needs, as plain JSON."""
        return {
            "pages": [{name: round(value, 4) for name, value in page.items()} for page in self.pages],
            "words": self.words,
            "letters": sum(n for c, n in self.characters.items() if len(c) == 1),
            "characters": {c: n for c, n in sorted(self.characters.items()) if c in self.confusions},
            "confusions": {c: dict(found.most_common()) for c, found in sorted(self.confusions.items())},
            "splits": dict(self.splits),
            "confidence": {
                name: [round(float(q), 3) for q in np.quantile(v, np.linspace(0, 1, 11))] for name, v in self.confidence.items()
            },
            "edges": {name: _middle_and_spread(v) for name, v in sorted(self.edges.items())},
        }


def _middle_and_spread(values: Sequence[float]) -> list[float]:
    """Median, and half of what lies between the quantiles .16 and .84 (one standard deviation of a normal distribution)."""
    low, middle, high = np.quantile(values, (0.16, 0.5, 0.84))
    return [round(float(middle), 4), round(float(high - low) / 2, 4)]


def _pairs(source: str, target: str) -> Iterator[tuple[str, str]]:
    """A run of changed characters: one by one when as long as what was read, else as a whole."""
    if len(source) == len(target):
        yield from zip(source, target, strict=True)
    else:
        yield source, target


def _groups(printed: Sequence[Word], read: Sequence[Word]) -> Iterator[tuple[list[int], list[int]]]:
    """Words that overlap, as sets of printed and read ones; every word is in one group."""
    links: dict[int, set[int]] = defaultdict(set)
    back: dict[int, set[int]] = defaultdict(set)
    for i, word in enumerate(printed):
        for j, other in enumerate(read):
            if _overlap(word.box, other.box):
                links[i].add(j)
                back[j].add(i)
    seen: set[int] = set()
    for i in range(len(printed)):
        if i in seen:
            continue
        left, right, queue = {i}, set[int](), [i]
        while queue:
            for j in links[queue.pop()] - right:
                right.add(j)
                fresh = back[j] - left
                left |= fresh
                queue.extend(fresh)
        seen |= left
        yield sorted(left, key=lambda k: printed[k].box.x0), sorted(right, key=lambda k: read[k].box.x0)
    yield from (([], [j]) for j in range(len(read)) if j not in back)


def _overlap(one: Box, other: Box) -> bool:
    down = min(one.y1, other.y1) - max(one.y0, other.y0)
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    return down > 0.4 * min(one.y1 - one.y0, other.y1 - other.y0) and across > 0.4 * min(one.x1 - one.x0, other.x1 - other.x0)


def documents(count: int, seed: int = SEED) -> Iterator[SyntheticDocument]:
    """Invoices of composed vendors that no data set trains or tests on."""
    return generate(count, seed, [maker for maker in vendor_catalogue(LAYOUTS, seed) if maker.key.startswith("composed")])


def read_words(document: SyntheticDocument, engine: OcrEngine) -> list[Word]:
    """What the product reads on a scan of the first page, in fractions of the page."""
    picture = sized_for_reading(straight(first_page(document.scan(random.Random(f"scan:{document.id}"), turn=0))), cleaned)
    found = engine.words(picture)
    wide, high = picture.size
    return [
        Word(word.text, Box(word.x0 / wide, word.y0 / high, word.x1 / wide, word.y1 / high), 0, word.confidence)
        for word in (*found, *read_missed(picture, found, engine))
    ]


def compare(count: int, engine: OcrEngine) -> None:
    """Print a table: kinds of errors in percent, of OCR and of fast noise, which is drawn ``_DRAWS`` times for each page."""
    real, fast = Errors(), Errors()
    for document in documents(count, SEED + 1):
        page = document.text.pages[0]
        real.add(page, read_words(document, engine))
        for draw in range(_DRAWS):
            fast.add(page, noisy(document.text, random.Random(f"{document.id}:{draw}")).pages[0].words)
        print(document.id, flush=True)
    print(f"{'percent':24} {'OCR':>6} {'noise':>6}")
    for name in real.pages[0]:
        rates = [100 * fmean(page[name] for page in errors.pages) for errors in (real, fast)]
        print(f"{name:24} {rates[0]:6.2f} {rates[1]:6.2f}")
    for kind, accept in _KINDS.items():
        rates = [100 * errors.wrong(accept) for errors in (real, fast)]
        print(f"{'damaged ' + kind:24} {rates[0]:6.2f} {rates[1]:6.2f}")
    for name in ("right", "damaged"):
        rates = [fmean(errors.confidence[name]) for errors in (real, fast)]
        print(f"{'confidence if ' + name:24} {rates[0]:6.3f} {rates[1]:6.3f}")


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=24, help="pages (default 24)")
    parser.add_argument("--write", type=Path, help="file for the table")
    parser.add_argument("--compare", action="store_true", help="set fast noise beside OCR")
    options = parser.parse_args()
    engine = choose_engine()
    if options.compare:
        compare(options.count, engine)
        return
    errors = Errors()
    for document in documents(options.count):
        errors.add(document.text.pages[0], read_words(document, engine))
        print(document.id, document.vendor.key, errors.pages[-1], flush=True)
    text = json.dumps({"engine": engine.name, "seed": SEED, **errors.table()}, indent=1, ensure_ascii=False)
    if options.write:
        options.write.write_text(text + "\n", encoding="utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()
