"""``python -m mlcore.dataset.synthetic --count 20 --seed 7 --out DIR [--scans 0.3] [--composed N] [--vendor KEY]``.

Writes one file for each document and ``labels.jsonl``: one line each with ``file``, ``media_type`` and the gold example
in the form of ``mlcore.documents.gold_to_json``.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Sequence
from pathlib import Path

from mlcore.dataset.synthetic.catalogue import vendor_catalogue
from mlcore.dataset.synthetic.document import SyntheticDocument
from mlcore.dataset.synthetic.generate import generate
from mlcore.documents import gold_to_json


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the files and say where. Exit status 2 for wrong arguments, with a sentence."""
    options = _parser().parse_args(arguments)
    makers = {maker.key: maker for maker in vendor_catalogue(max(0, options.composed), options.seed)}
    unknown = sorted(set(options.vendor) - set(makers))
    if unknown:
        print(f"No vendor is called {', '.join(unknown)}; known are {', '.join(sorted(makers))}.", file=sys.stderr)
        return 2
    if not 0 <= options.scans <= 1 or options.count < 1:
        print("--scans is a share from 0 to 1 and --count at least 1.", file=sys.stderr)
        return 2
    chosen = [makers[key] for key in options.vendor] or list(makers.values())
    options.out.mkdir(parents=True, exist_ok=True)
    with (options.out / "labels.jsonl").open("w", encoding="utf-8") as labels:
        for document in generate(options.count, options.seed, chosen):
            name, media = _write(document, options.out, options.seed, options.scans)
            labels.write(json.dumps({"id": document.id, "file": name, "media_type": media, **gold_to_json(document.gold)}) + "\n")
    print(f"{options.count} documents and labels.jsonl are in {options.out}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m mlcore.dataset.synthetic", description="Synthetic medical invoices with ground truth.")
    parser.add_argument("--count", type=int, default=20, help="number of documents (default 20)")
    parser.add_argument("--seed", type=int, default=7, help="the same seed gives the same files (default 7)")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to; made when absent")
    parser.add_argument("--scans", type=float, default=0.0, help="share of degraded scans, 0 to 1 (default 0)")
    parser.add_argument("--composed", type=int, default=0, help="also this many vendors with layouts drawn by chance (default 0)")
    parser.add_argument("--vendor", action="append", default=[], help="only this vendor; may be repeated")
    return parser


def _write(document: SyntheticDocument, folder: Path, seed: int, scans: float) -> tuple[str, str]:
    rng = random.Random(f"scan:{seed}:{document.id}")  # noqa: S311 - reproducible, nothing secret
    data, media, suffix = document.pdf, "application/pdf", "pdf"
    if rng.random() < scans:
        scan = document.scan(rng)
        data, media, suffix = scan.data, scan.media.value, scan.suffix
    name = f"{document.id}-{document.vendor.key}.{suffix}"
    (folder / name).write_bytes(data)
    return name, media


if __name__ == "__main__":
    raise SystemExit(main())
