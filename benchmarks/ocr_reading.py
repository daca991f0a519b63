"""How many words OCR finds on scans, and what each step of the preparation brings.

    python -m benchmarks.ocr_reading [--count 24] [--receipts DATA]

First pages of degraded synthetic scans (the scan of a document is drawn from its id), or the SROIE images of a folder, whole
vendors. A printed word counts as found when the same text stands at its place (on receipts: anywhere, in either case of
letters); every other word that was read is spurious. Steps, one upon the other:
bare engine on the straightened picture, cleaned of light, grain and rules (``invoices/ocr/cleaning.py``), and rows
that were passed over read again (``invoices/ocr/missed.py``). CPU is that of one page.
"""

from __future__ import annotations

import argparse
import io
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pypdfium2
from PIL import Image

from benchmarks.dev_data import load, synthetic_documents, whole_vendors
from invoices.ocr.choice import choose_engine
from invoices.ocr.cleaning import cleaned
from invoices.ocr.engine import OcrEngine, OcrWord
from invoices.ocr.missed import read_missed
from invoices.ocr.pages import sized_for_reading
from invoices.ocr.upright import deskewed, skew_angle
from mlcore.dataset.synthetic import SyntheticDocument
from mlcore.dataset.synthetic.scan.device import Media, Scan

_SCAN_DPI = 200
_NEAR_X, _NEAR_Y = 0.03, 0.012


@dataclass(frozen=True)
class PrintedPage:
    """A straightened grey page, and how many of the words that OCR reads on it are printed there."""

    name: str
    picture: Image.Image
    printed: int
    hits: Callable[[Sequence[OcrWord], tuple[int, int]], int]


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=24, help="pages (default 24)")
    parser.add_argument("--receipts", type=Path, metavar="DATA", help="SROIE images of this folder instead of synthetic scans")
    options = parser.parse_args()
    engine = choose_engine()
    found: Counter[str] = Counter()
    spurious: Counter[str] = Counter()
    seconds: dict[str, float] = defaultdict(float)
    printed = pages = 0
    for page in _receipts(options.receipts, options.count) if options.receipts else _scans(options.count):
        row = []
        pages += 1
        printed += page.printed
        for step, read in _steps(engine):
            begun = time.process_time()
            words, size = read(page.picture)
            seconds[step] += time.process_time() - begun
            hits = page.hits(words, size)
            found[step] += hits
            spurious[step] += len(words) - hits
            row.append(f"{step} {hits / max(1, page.printed):.3f}")
        print(page.name, *row, flush=True)
    print(f"\n{engine.name}, {pages} pages, {printed} printed words")
    for step in found:
        print(f"{step:12} found {found[step] / printed:.3f}  spurious {spurious[step]:5d}  {seconds[step] / pages:.2f} s CPU a page")


def _scans(count: int) -> Iterator[PrintedPage]:
    for document in synthetic_documents(count):
        picture = straight(first_page(document.scan(random.Random(f"scan:{document.id}"), turn=0)))
        yield PrintedPage(f"{document.id} {document.vendor.key}", picture, len(document.text.pages[0].words), partial(_found, document))


def _receipts(folder: Path, count: int) -> Iterator[PrintedPage]:
    """Real receipts; their transcription has no place for single words, so a word counts wherever it was read."""
    with_image = [document for document in load(folder, "sroie") if document.image]
    for document in whole_vendors(with_image, count):
        told = Counter(word.text.upper() for page in document.example.document.pages for word in page.words)
        with Image.open(document.image or "") as image:
            picture = straight(image.convert("L"))

        def hits(words: Sequence[OcrWord], _: tuple[int, int], told: Counter[str] = told) -> int:
            return (Counter(word.text.upper() for word in words) & told).total()

        yield PrintedPage(document.id, picture, told.total(), hits)


def straight(page: Image.Image) -> Image.Image:
    """A page with its tilt taken out, grey."""
    return deskewed(page, skew_angle(page)).convert("L")


def _steps(engine: OcrEngine) -> Iterator[tuple[str, Callable[[Image.Image], tuple[list[OcrWord], tuple[int, int]]]]]:
    def bare(page: Image.Image) -> tuple[list[OcrWord], tuple[int, int]]:
        return engine.words(page), page.size

    def clean(page: Image.Image) -> tuple[list[OcrWord], tuple[int, int]]:
        reading = sized_for_reading(page, cleaned)
        return engine.words(reading), reading.size

    def again(page: Image.Image) -> tuple[list[OcrWord], tuple[int, int]]:
        reading = sized_for_reading(page, cleaned)
        words = engine.words(reading)
        return [*words, *read_missed(reading, words, engine)], reading.size

    yield "bare", bare
    yield "cleaned", clean
    yield "read again", again


def first_page(scan: Scan) -> Image.Image:
    """The first page of a scan as a picture."""
    if scan.media is Media.PDF:
        picture: Image.Image = pypdfium2.PdfDocument(scan.data)[0].render(scale=_SCAN_DPI / 72).to_pil()
        return picture
    image = Image.open(io.BytesIO(scan.data))
    return image.convert("L") if image.mode == "1" else image.copy()


def _found(document: SyntheticDocument, words: Sequence[OcrWord], size: tuple[int, int]) -> int:
    places = [(word.text, (word.x0 + word.x1) / 2 / size[0], (word.y0 + word.y1) / 2 / size[1]) for word in words]
    used: set[int] = set()
    for printed in document.text.pages[0].words:
        x, y = printed.box.center
        for i, (text, at_x, at_y) in enumerate(places):
            if i not in used and text == printed.text and abs(at_x - x) < _NEAR_X and abs(at_y - y) < _NEAR_Y:
                used.add(i)
                break
    return len(used)


if __name__ == "__main__":
    main()
