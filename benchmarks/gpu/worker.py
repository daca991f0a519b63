"""Measures cases in a process of its own and keeps each row as it is made. Imports torch (what measures is imported when it is needed).

    python -m benchmarks.gpu.worker --out DIR --shape 3b --tokenizer BASE --models DIR --until TIME KEY...

A case that cannot be measured ends the process with status 1 after its reason was kept: what follows begins with all memory free. A case
that ends the process by itself leaves its ``.begun`` file behind, from which the parent knows which one it was.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.gpu.devices import peak_of
from benchmarks.gpu.machine import machine
from benchmarks.gpu.plan import SIZES, Case, ReadingCase, TrainedCase, cases, described
from benchmarks.gpu.rows import BEGUN, keep_row, row_file
from benchmarks.gpu.shapes import SHAPES

_LONGEST_REASON = 300


class _Measurements:
    """What is measured with, kept while the next case can use it."""

    def __init__(self, options: argparse.Namespace) -> None:
        import torch

        self.device = None if torch.cuda.is_available() else "cpu"
        self._place = torch.device(self.device or "cuda")
        self.peak = peak_of(machine()["device"])
        self._options = options
        self._shape, self._size = SHAPES[options.shape], SIZES[options.shape]
        self._latencies: Any = None

    def row(self, case: Case) -> dict[str, Any]:
        """The measured row of a case."""
        from benchmarks.gpu.bases import random_base
        from benchmarks.gpu.measuring import emptied
        from benchmarks.gpu.reading_latency import Latencies
        from benchmarks.gpu.trained_reading import measure_trained
        from benchmarks.gpu.training_speed import measure_training

        keeps = isinstance(case, ReadingCase) and self._latencies is not None and self._latencies.precision == case.precision.value
        if not keeps:
            self._latencies = None  # one base at a time
        if isinstance(case, TrainedCase):
            emptied(self._place)
            return measure_trained(case, self._options.artifact, self._options.models, self.peak, self.device)
        folder = random_base(self._options.out / f"random-{self._shape.name}", self._shape, self._options.tokenizer, self._place)
        emptied(self._place)  # so that making the base counts in nobody's memory
        if isinstance(case, ReadingCase):
            if not keeps:
                self._latencies = Latencies(folder, self._shape, case.precision.value, self.peak, self.device)
            row: dict[str, Any] = self._latencies.measure(case)
            return row
        return measure_training(case, folder, self._shape, self._size, self.peak, self.device)


def main() -> int:
    """Measure what is named and not there yet. Status 1 after a case that could not be measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--shape", choices=sorted(SHAPES), required=True)
    parser.add_argument("--tokenizer", type=Path, required=True, help="base whose tokenizer the random weights borrow")
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--artifact", type=Path, help="trained adapter of the small base")
    parser.add_argument("--until", type=float, default=float("inf"), help="begin nothing after this time (seconds since 1970)")
    parser.add_argument("keys", nargs="+")
    options = parser.parse_args()
    known = {case.key: case for case in cases(SIZES[options.shape])}
    measurements = _Measurements(options)
    for key in options.keys:
        if time.time() >= options.until:
            break
        begun = row_file(options.out, key).with_suffix(BEGUN)
        begun.touch()
        row = partial(keep_row, options.out, key)
        facts = {"case": described(known[key]), "date": f"{datetime.now(UTC):%Y-%m-%d}"}
        try:
            measured = measurements.row(known[key])
        except Exception as error:  # whatever it is, it is this case's result, and the others go on
            traceback.print_exc()
            row({**facts, "failed": reason_of(error)})
            return 1
        row({**facts, **measured})
        print(f"{key}: measured", flush=True)
    return 0


def reason_of(error: Exception) -> str:
    """Why a case failed, in a line."""
    from mlcore.training.memory import ran_out

    told = " ".join(str(error).split()) or type(error).__name__
    kind = "out of memory" if isinstance(error, RuntimeError) and ran_out(error) else type(error).__name__
    return f"{kind}: {told}"[:_LONGEST_REASON]


if __name__ == "__main__":
    sys.exit(main())
