"""Synthetic documents: speed, make-up, how legible the scans are, and what a biller is warned of in sound records.

python -m benchmarks.synthetic speed [--count 1000]     documents a second: text only, PDFs, scans
python -m benchmarks.synthetic content [--count 10000]  line types, vendors, pages, layouts of the catalogue of forty
python -m benchmarks.synthetic legible [--count 40]     share of the printed values that bare Tesseract finds on scans, at
                                                        the place that the ground truth names (needs the program)
python -m benchmarks.synthetic warned [--count 1500]    warnings of the billing rules (mlcore/billing) about the truth

Speeds are CPU seconds of one process. Results are one JSON object on the last line.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import platform
import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pypdfium2
import pytesseract
from PIL import Image

from mlcore.billing import billing_findings
from mlcore.dataset.synthetic import SyntheticDocument, generate, major_minor_weights, vendor_catalogue
from mlcore.dataset.synthetic.scan import Scan
from mlcore.dataset.synthetic.scan.device import Media
from mlcore.documents import Evidence

SEED = 2026
_COUNTS = {"speed": 1_000, "content": 10_000, "legible": 40, "warned": 1_500}
_RENDERED_SHARE = 10
_OCR_DPI = 220


def main() -> None:
    """Run one part."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=sorted(_COUNTS))
    parser.add_argument("--count", type=int, help="documents; the defaults stand above")
    arguments = parser.parse_args()
    count = arguments.count or _COUNTS[arguments.part]
    result = {"speed": speed, "content": content, "legible": legible, "warned": warned}[arguments.part](count)
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "date": datetime.now(UTC).date().isoformat()}
    print(json.dumps({"part": arguments.part, "count": count, "seed": SEED, **machine, **result}))


def speed(count: int) -> dict[str, Any]:
    """Documents a CPU second; a tenth of the documents is rendered, a fiftieth scanned."""
    for document in generate(50, SEED + 1):
        assert document.record.total is not None
    started = time.process_time()
    kept: list[SyntheticDocument] = []
    words = 0
    for index, document in enumerate(generate(count, SEED)):
        assert document.evidence
        assert document.record.line_items
        words += sum(len(page.words) for page in document.text.pages)
        if index % _RENDERED_SHARE == 0:
            kept.append(document)
    text_only = time.process_time() - started
    started = time.process_time()
    size = sum(len(document.pdf) for document in kept)
    rendered = time.process_time() - started
    scanned = kept[::5]
    started = time.process_time()
    for document in scanned:
        document.scan(random.Random(document.id))
    scans = time.process_time() - started
    return {
        "text_only_per_s": round(count / text_only, 1),
        "words_per_document": round(words / count, 1),
        "pdf_per_s": round(len(kept) / rendered, 1),
        "pdf_bytes": size // len(kept),
        "scan_per_s": round(len(scanned) / scans, 2),
    }


def content(count: int) -> dict[str, Any]:
    """What a data set of that size is made of."""
    makers = vendor_catalogue(composed=13)
    kinds: Counter[str] = Counter()
    vendors: Counter[str] = Counter()
    pages: Counter[int] = Counter()
    absent: Counter[str] = Counter()
    for document in generate(count, SEED, makers, major_minor_weights(makers)):
        record = document.record
        kinds.update(item.type.value for item in record.line_items if item.type)
        vendors[document.vendor.key] += 1
        pages[len(document.text.pages)] += 1
        absent.update(name for name in ("subtotal", "tax") if getattr(record, name) is None)
    lines = kinds.total()
    majors = sum(vendors[maker.key] for maker in makers if maker.major)
    return {
        "vendors": len(vendors),
        "layouts": len({repr(maker.layout) for maker in makers}),
        "major_share": round(majors / count, 3),
        "lines_per_document": round(lines / count, 2),
        "line_types": {kind: round(number / lines, 4) for kind, number in sorted(kinds.items())},
        "pages": dict(sorted(pages.items())),
        "absent": {name: round(number / count, 3) for name, number in sorted(absent.items())},
    }


def legible(count: int) -> dict[str, Any]:
    """Values whose printed words Tesseract reads exactly within their boxes, by kind of scan."""
    found: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for document in generate(count, SEED):
        scan = document.scan(random.Random(document.id))
        pages = [_read(picture) for picture in _upright(scan)]
        group = "fax" if scan.settings.wear.bilevel else "faded" if scan.settings.wear.fade > 0.3 else "grey or colour"
        for path, places in document.evidence.items():
            want = [word for place in places for word in _words_of(document, place)]
            have = Counter(word for place in places for word in _inside(pages, place))
            hit = not Counter(want) - have
            for name in (group, path.split(".")[-1], "all"):
                asked[name] += 1
                found[name] += hit
        print(f"{document.id} {document.vendor.key} {group} tilt {scan.settings.tilt:+.1f} turn {scan.settings.turn}")
    return {"legible": {name: round(found[name] / asked[name], 3) for name in sorted(asked)}}


def warned(count: int) -> dict[str, Any]:
    """What the billing rules say of records that are true: each warning is printed, to be looked at."""
    codes: Counter[str] = Counter()
    for document in generate(count, SEED):
        for finding in billing_findings(document.record):
            codes[finding.code] += 1
            print(f"{document.id} row {finding.row + 1}: {finding.message}")
    return {"warnings": codes.total(), "by_code": dict(sorted(codes.items()))}


def _upright(scan: Scan) -> Iterator[Image.Image]:
    """The pages with turn and tilt taken out, grey."""
    for picture in _pictures(scan):
        grey = picture.convert("L")
        if scan.settings.turn:
            grey = grey.rotate(scan.settings.turn, expand=True)
        yield grey.rotate(-scan.settings.tilt, Image.Resampling.BICUBIC, fillcolor=250)


def _pictures(scan: Scan) -> Iterator[Image.Image]:
    if scan.media is Media.PDF:
        document = pypdfium2.PdfDocument(scan.data)
        yield from (document[index].render(scale=_OCR_DPI / 72).to_pil() for index in range(len(document)))
        return
    image = Image.open(io.BytesIO(scan.data))
    for index in range(getattr(image, "n_frames", 1)):
        image.seek(index)
        yield image.copy()


def _read(picture: Image.Image) -> list[tuple[str, float, float]]:
    """Words with the middle of their boxes in fractions of the page."""
    data = pytesseract.image_to_data(picture, config="--psm 6", output_type=pytesseract.Output.DICT)
    boxes = zip(data["text"], data["left"], data["top"], data["width"], data["height"], strict=True)
    return [(text, (x + w / 2) / picture.width, (y + h / 2) / picture.height) for text, x, y, w, h in boxes if text.strip()]


def _words_of(document: SyntheticDocument, place: Evidence) -> list[str]:
    page = document.text.pages[place.page - 1]
    return [w.text for w in page.words if _contains(place, *w.box.center)]


def _inside(pages: list[list[tuple[str, float, float]]], place: Evidence) -> list[str]:
    return [text for text, x, y in pages[place.page - 1] if _contains(place, x, y)]


def _contains(place: Evidence, x: float, y: float) -> bool:
    return place.box.x0 <= x <= place.box.x1 and place.box.y0 - 0.002 <= y <= place.box.y1 + 0.002


if __name__ == "__main__":
    main()
