"""Writes the development sets as gold examples, the form that ``python -m mlcore evaluate`` reads.

    python -m benchmarks.dev_gold DATA --out DIR [--sets sroie,odoo,...] [--halves N]

One file for each set, ``DIR/SET.jsonl``; each line has the document's id, layout and set beside the gold example. ``--halves`` writes
two instead, ``SET-a.jsonl`` and ``SET-b.jsonl``: the vendors are parted between them and up to ``N`` documents of each half are drawn, by
hashes, so that they stay the same. A confidence that was fitted on one half can be measured on the other. The files hold what
the sets hold: keep them where those may be kept.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections.abc import Sequence
from pathlib import Path

from benchmarks.dev_data import FILES, DevDocument, load
from mlcore.documents import gold_to_json


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder of the development sets")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to; made when absent")
    known = ", ".join((*FILES, "synthetic"))
    parser.add_argument("--sets", default="sroie,odoo,fcc,zugferd,small", help=f"of {known} (default %(default)s)")
    parser.add_argument("--halves", type=int, metavar="N", help="two files a set, of other vendors each, N documents at the most")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for name in options.sets.split(","):
        documents = load(options.data, name)
        if options.halves:
            for half, part in zip("ab", halves(documents, options.halves), strict=True):
                _write(options.out / f"{name}-{half}.jsonl", part)
        else:
            _write(options.out / f"{name}.jsonl", documents)


def halves(documents: Sequence[DevDocument], most: int) -> tuple[list[DevDocument], list[DevDocument]]:
    """Up to ``most`` documents of every second vendor, and as many of the others."""
    first = first_vendors(documents)
    drawn = sorted(documents, key=lambda document: _draw(document.id))
    parts = ([one for one in drawn if (one.example.vendor_key in first) is wanted] for wanted in (True, False))
    one, other = (part[:most] for part in parts)
    return one, other


def first_vendors(documents: Sequence[DevDocument]) -> set[str]:
    """The vendors of the first half."""
    return set(sorted({document.example.vendor_key for document in documents}, key=_draw)[::2])


def _draw(name: str) -> tuple[int, str]:
    return zlib.crc32(name.encode()), name


def _write(path: Path, documents: Sequence[DevDocument]) -> None:
    with path.open("w", encoding="utf-8") as lines:
        for document in documents:
            row = {"id": document.id, "layout": document.layout, "set": document.set, **gold_to_json(document.example)}
            lines.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
    print(f"{len(documents):5} {path}")


if __name__ == "__main__":
    main()
