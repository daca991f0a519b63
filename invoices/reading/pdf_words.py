"""The words of a PDF page as a person sees them: upright, inside the page, large enough, drawn with ink.

PDFium numbers the characters of a page. A character without a text object was made up by PDFium (spaces and
line ends). Boxes come in user space; ``FPDF_PageToDevice`` knows the crop box and the page's own turn.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from mlcore.documents import Box

MIN_TYPE_SIZE = 4.0
"""Points; smaller text is not meant for people."""

_INVISIBLE = 3
_GRID = 1_000_000
_BROKEN = {0xFFFD, 0xFFFE, 0xFFFF}
_INSIDE = 0.5


@dataclass(frozen=True, slots=True)
class PdfWord:
    """One word; ``box`` in fractions of the page as it is displayed. ``hidden`` text has render mode 3 (no ink)."""

    text: str
    box: Box
    hidden: bool


@dataclass(frozen=True, slots=True)
class PdfText:
    """The text layer of one page.

    ``turn`` is the clockwise turn in degrees that makes most of the text upright. ``broken`` counts characters
    that stand for nothing (no Unicode meaning), ``characters`` all of them; ``dropped`` words off the page or too small.
    """

    words: tuple[PdfWord, ...]
    turn: int
    characters: int
    broken: int
    dropped: int


class _Word:
    __slots__ = ("hidden", "letters", "x0", "x1", "y0", "y1")

    def __init__(self) -> None:
        self.letters: list[str] = []
        self.hidden = False
        self.x0 = self.y0 = math.inf
        self.x1 = self.y1 = -math.inf

    def add(self, letter: str, rect: raw.FS_RECTF, hidden: bool) -> None:
        self.letters.append(letter)
        self.hidden = self.hidden or hidden
        self.x0, self.x1 = min(self.x0, rect.left, rect.right), max(self.x1, rect.left, rect.right)
        self.y0, self.y1 = min(self.y0, rect.top, rect.bottom), max(self.y1, rect.top, rect.bottom)


def page_text(page: pdfium.PdfPage) -> PdfText:
    """Read the text layer. Raises ``pdfium.PdfiumError`` when the page cannot be parsed."""
    text_page = page.get_textpage()
    try:
        words, angles, characters, broken, small = _collect(text_page)
    finally:
        text_page.close()
    kept, dropped = [], small
    for word in words:
        box = _on_page(page, word)
        if box is None:
            dropped += 1
        else:
            kept.append(PdfWord("".join(word.letters), box, word.hidden))
    drawn = (angles.most_common(1)[0][0] + 90 * page_turns(page)) % 360 if angles else 0
    return PdfText(tuple(kept), (360 - drawn) % 360, characters, broken, dropped)


def page_turns(page: pdfium.PdfPage) -> int:
    """How many quarter turns clockwise the page asks for."""
    return int(raw.FPDFPage_GetRotation(page)) % 4


def _collect(text_page: pdfium.PdfTextPage) -> tuple[list[_Word], Counter[int], int, int, int]:
    words: list[_Word] = []
    angles: Counter[int] = Counter()
    current: _Word | None = None
    characters = broken = small = 0
    rect, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    for index in range(max(0, text_page.count_chars())):
        code = raw.FPDFText_GetUnicode(text_page, index)
        letter = _letter(code)
        owner = raw.FPDFText_GetTextObject(text_page, index)
        if letter.isspace() or code == 0 or not owner:
            current = None
            continue
        characters += 1
        if code in _BROKEN or code < 32 or 0xE000 <= code <= 0xF8FF or raw.FPDFText_HasUnicodeMapError(text_page, index) == 1:
            broken += 1
        if not raw.FPDFText_GetLooseCharBox(text_page, index, rect):
            continue
        angle = math.degrees(raw.FPDFText_GetCharAngle(text_page, index))
        quarter = round(angle / 90) * 90 % 360
        side = abs(rect.top - rect.bottom) if quarter % 180 == 0 else abs(rect.right - rect.left)
        if min(side, _type_size(text_page, index, matrix)) < MIN_TYPE_SIZE:
            small += 1
            current = None
            continue
        angles[quarter] += 1
        if current is None:
            current = _Word()
            words.append(current)
        current.add(letter, rect, raw.FPDFTextObj_GetTextRenderMode(owner) == _INVISIBLE)
    return words, angles, characters, broken, small


def _type_size(text_page: pdfium.PdfTextPage, index: int, matrix: raw.FS_MATRIX) -> float:
    """The size of the type in points as it is set on the page; infinite where PDFium does not know it.

    The box of a character is up to a fifth higher than its type, so the box alone lets type of 3.5 points through.
    """
    size = float(raw.FPDFText_GetFontSize(text_page, index))
    if size <= 0 or not raw.FPDFText_GetMatrix(text_page, index, matrix):
        return math.inf
    return size * math.hypot(matrix.c, matrix.d)


def _letter(code: int) -> str:
    if code in (0x02, 0xAD):  # how PDFium and typesetters mark a hyphen at a line end
        return "-"
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


def _on_page(page: pdfium.PdfPage, word: _Word) -> Box | None:
    """The word's box in fractions of the displayed page, or ``None`` when most of it lies outside."""
    corners = [_to_device(page, x, y) for x, y in ((word.x0, word.y0), (word.x1, word.y1))]
    if any(corner is None for corner in corners):
        return None
    xs = sorted(corner[0] for corner in corners if corner)
    ys = sorted(corner[1] for corner in corners if corner)
    box = Box(*(min(max(side, 0.0), 1.0) for side in (xs[0], ys[0], xs[1], ys[1])))
    full = max((xs[1] - xs[0]) * (ys[1] - ys[0]), 1e-12)
    inside = (box.x1 - box.x0) * (box.y1 - box.y0)
    return box if inside / full >= _INSIDE else None


def _to_device(page: pdfium.PdfPage, x: float, y: float) -> tuple[float, float] | None:
    across, down = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDF_PageToDevice(page, 0, 0, _GRID, _GRID, 0, x, y, across, down):
        return None
    return across.value / _GRID, down.value / _GRID


def turn_box(box: Box, turn: int) -> Box:
    """The box after the page is turned clockwise by 0, 90, 180 or 270 degrees."""
    if turn == 90:
        return Box(1 - box.y1, box.x0, 1 - box.y0, box.x1)
    if turn == 180:
        return Box(1 - box.x1, 1 - box.y1, 1 - box.x0, 1 - box.y0)
    if turn == 270:
        return Box(box.y0, 1 - box.x1, box.y1, 1 - box.x0)
    return box
