"""From a laid-out sheet to what a reader of the PDF would see: words with boxes, and the place of every field.

A word is what white space delimits, like in ``mlcore.documents``; its box spans the font's ascent and descent. The
evidence of a field has one place for each printed line of its value, in reading order.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from mlcore.dataset.synthetic.ink import Sheet, TextRun, em_width, vertical_extent
from mlcore.documents import Box, DocumentText, Evidence, Page, Word

_TOKEN = re.compile(r"\S+")
_SAME_LINE = 0.35
"""Baselines that differ by less than this share of the text size stand on one line."""


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """The text of a sheet; ``printed`` has the lines of each field's value as printed."""

    text: DocumentText
    evidence: dict[str, tuple[Evidence, ...]]
    printed: dict[str, tuple[str, ...]]


def read_sheet(sheet: Sheet) -> ReadSheet:
    """Split every run into words, group the words into lines and note where each field stands."""
    by_page: dict[int, list[TextRun]] = defaultdict(list)
    for mark in sheet.marks:
        if isinstance(mark, TextRun):
            by_page[mark.page].append(mark)
    evidence: dict[str, list[Evidence]] = defaultdict(list)
    printed: dict[str, list[str]] = defaultdict(list)
    pages = []
    for number in range(sheet.pages):
        words: list[Word] = []
        for index, line in enumerate(_lines(by_page[number])):
            for run in line:
                _read_run(run, index, sheet, words, evidence, printed)
        pages.append(Page(number + 1, sheet.width, sheet.height, tuple(words)))
    return ReadSheet(
        DocumentText(tuple(pages)),
        {path: tuple(places) for path, places in evidence.items()},
        {path: tuple(lines) for path, lines in printed.items()},
    )


@lru_cache(maxsize=50_000)
def tokens(text: str, font: str) -> tuple[tuple[int, int, str, float, float], ...]:
    """The words of a text: ``(start, end, word, left, right)``, where left and right are positions at size 1."""
    space, x, last, found = em_width(" ", font), 0.0, 0, []
    for match in _TOKEN.finditer(text):
        left = x + (match.start() - last) * space
        x, last = left + em_width(match[0], font), match.end()
        found.append((match.start(), last, match[0], left, x))
    return tuple(found)


def _lines(runs: list[TextRun]) -> list[list[TextRun]]:
    """Runs grouped by baseline from top to bottom, each group from left to right."""
    lines: list[list[TextRun]] = []
    for run in sorted(runs, key=lambda r: (r.baseline, r.x)):
        if lines and run.baseline - lines[-1][0].baseline < _SAME_LINE * min(run.size, lines[-1][0].size):
            lines[-1].append(run)
        else:
            lines.append([run])
    for line in lines:
        line.sort(key=lambda r: r.x)
    return lines


def _read_run(
    run: TextRun, line: int, sheet: Sheet, words: list[Word], evidence: dict[str, list[Evidence]], printed: dict[str, list[str]]
) -> None:
    text, font, size, width = run.text, run.font, run.size, sheet.width
    ascent, descent = vertical_extent(font)
    y0, y1 = (run.baseline - ascent * size) / sheet.height, (run.baseline - descent * size) / sheet.height
    boxes: list[tuple[int, int, Box]] = []
    for start, end, word, left, right in tokens(text, font):
        box = Box((run.x + left * size) / width, y0, (run.x + right * size) / width, y1)
        words.append(Word(word, box, line))
        boxes.append((start, end, box))
    position = 0
    for span in run.spans:
        start, position = position, position + len(span.text)
        if span.path:
            covered = [box for first, last, box in boxes if first < position and last > start]
            place = covered[0] if len(covered) == 1 else covered[0].union(covered[-1])
            evidence[span.path].append(Evidence(run.page + 1, place))
            printed[span.path].append(span.text.strip())
