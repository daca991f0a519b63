"""Writes the development sets as gold examples, the form that ``python -m mlcore evaluate`` reads.

    python -m benchmarks.dev_gold DATA --out DIR [--sets sroie,odoo,...] [--halves N | --quarters N]

One file for each set, ``DIR/SET.jsonl``; each line has the document's id, layout and set beside the gold example. ``--halves`` writes
two instead, ``SET-a.jsonl`` and ``SET-b.jsonl``: the vendors are parted between them and up to ``N`` documents of each half are drawn, by
hashes, so that they stay the same. A confidence that was fitted on one half can be measured on the other. ``--quarters`` parts the
vendors of each half once more, ``SET-a1.jsonl`` to ``SET-b2.jsonl``: a model that was trained on one quarter has its confidence from
another, and is measured on a half that neither has seen. The files hold what the sets hold: keep them where those may be kept.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections.abc import Sequence
from pathlib import Path

from benchmarks.dev_data import FILES, DevDocument, load
from mlcore.documents import gold_to_json

HALVES = ("a", "b")
QUARTERS = ("a1", "b1", "a2", "b2")
"""In the order in which vendors are dealt, so that the first half is the first and third quarter."""


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder of the development sets")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to; made when absent")
    known = ", ".join((*FILES, "synthetic"))
    parser.add_argument("--sets", default="sroie,odoo,fcc,zugferd,small", help=f"of {known} (default %(default)s)")
    parts = parser.add_mutually_exclusive_group()
    parts.add_argument("--halves", type=int, metavar="N", help="two files a set, of other vendors each, N documents at the most")
    parts.add_argument("--quarters", type=int, metavar="N", help="four files a set, the two of each half, N documents at the most")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for name in options.sets.split(","):
        documents = load(options.data, name)
        if options.halves or options.quarters:
            names = HALVES if options.halves else QUARTERS
            for part, found in zip(names, dealt(documents, len(names), options.halves or options.quarters), strict=True):
                _write(options.out / f"{name}-{part}.jsonl", found)
        else:
            _write(options.out / f"{name}.jsonl", documents)


def dealt(documents: Sequence[DevDocument], parts: int, most: int) -> list[list[DevDocument]]:
    """Up to ``most`` documents of each part; the vendors are dealt to the parts in turn."""
    drawn = sorted(documents, key=lambda document: _draw(document.id))
    return [
        [document for document in drawn if document.example.vendor_key in vendors][:most] for vendors in dealt_vendors(documents, parts)
    ]


def dealt_vendors(documents: Sequence[DevDocument], parts: int) -> list[set[str]]:
    """The vendors of each part."""
    order = sorted({document.example.vendor_key for document in documents}, key=_draw)
    return [set(order[place::parts]) for place in range(parts)]


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
