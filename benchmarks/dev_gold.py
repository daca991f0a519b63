"""Writes the development sets as gold examples, the form that ``python -m mlcore evaluate`` reads.

    python -m benchmarks.dev_gold DATA --out DIR [--sets sroie,odoo,...]

One file for each set, ``DIR/SET.jsonl``; each line has the document's id, layout and set beside the gold example. The files
hold what the sets hold: keep them where those may be kept.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from benchmarks.dev_data import FILES, load
from mlcore.documents import gold_to_json


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder of the development sets")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to; made when absent")
    known = ", ".join((*FILES, "synthetic"))
    parser.add_argument("--sets", default="sroie,odoo,fcc,zugferd,small", help=f"of {known} (default %(default)s)")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for name in options.sets.split(","):
        documents = load(options.data, name)
        with (options.out / f"{name}.jsonl").open("w", encoding="utf-8") as lines:
            for document in documents:
                row = {"id": document.id, "layout": document.layout, "set": document.set, **gold_to_json(document.example)}
                lines.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
        print(f"{len(documents):5} {options.out / f'{name}.jsonl'}")


if __name__ == "__main__":
    main()
