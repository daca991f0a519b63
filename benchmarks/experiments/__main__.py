"""Runs the model experiments and writes their tables; made for a machine with a GPU, proven at ``--size tiny`` on any.

    python -m benchmarks.experiments --out data/experiments --size full [--only methods,labels] [--teacher-forced] [--base DIR]

Every training run, artifact and evaluation is kept under ``--out`` and made once: a stopped call goes on, and settings that several
experiments share are one run. ``commands.log`` has every command, ``results.md`` the tables so far.
"""

from __future__ import annotations

import argparse
import math
import platform
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.experiments.plan import SIZES, experiments
from benchmarks.experiments.running import Workshop
from benchmarks.experiments.tables import table


def main() -> int:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--size", choices=sorted(SIZES), default="full", help="default %(default)s")
    parser.add_argument("--only", default="", help="names of experiments, parted by commas (default: all)")
    parser.add_argument("--models", type=Path, default=Path("data/models"), help="folder of models (default %(default)s)")
    parser.add_argument("--base", type=Path, help="directory of another base model")
    parser.add_argument("--processes", type=int, default=1, help="runs side by side, which share the GPU (default %(default)s)")
    parser.add_argument("--budget", type=float, default=math.inf, help="seconds after which everything is stopped; the same call goes on")
    forced = "ask with the true beginning before each value, in place of reading: for any size, in a fraction of the time"
    parser.add_argument("--teacher-forced", action="store_true", help=forced)
    parser.add_argument("--list", action="store_true", help="say what there is and end")
    options = parser.parse_args()
    size, until = SIZES[options.size], time.time() + options.budget
    size = replace(size, teacher_forced=size.teacher_forced or options.teacher_forced)
    known = experiments(size)
    wanted = [name for name in options.only.split(",") if name]
    if unknown := sorted(set(wanted) - {one.name for one in known}):
        parser.error(f"there is no experiment {', '.join(unknown)}; there are {', '.join(one.name for one in known)}")
    chosen = [one for one in known if not wanted or one.name in wanted]
    if options.list:
        for one in chosen:
            print(f"{one.name:18} {len(one.settings):2} settings  {one.question}")
        return 0
    workshop = Workshop(options.out, options.models, options.base, until, size.read, size.teacher_forced)
    workshop.results_side_by_side([setting.run for one in chosen for setting in one.settings], options.processes)
    asked = ", teacher-forced" if size.teacher_forced else ""
    head = f"{_machine()}, size {options.size}{asked}, {datetime.now(UTC):%Y-%m-%d}. Synthetic documents.\n"
    tables: list[str] = []
    for experiment in chosen:
        tables.append(table(experiment, [workshop.result(setting.run) for setting in experiment.settings]))
        (options.out / "results.md").write_text("\n".join([head, *tables]), encoding="utf-8")
        print(tables[-1], flush=True)
    return 0


def _machine() -> str:
    import torch

    if torch.cuda.is_available():
        return f"{torch.cuda.get_device_name()}, torch {torch.__version__}"
    return f"{platform.machine()} CPU, {torch.get_num_threads()} threads, torch {torch.__version__}"


if __name__ == "__main__":
    sys.exit(main())
