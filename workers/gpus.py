"""The graphics cards of this machine, by what the driver says of them. Never imports torch."""

from __future__ import annotations

import shutil
import subprocess
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

PROC = Path("/proc/driver/nvidia/gpus")
_SECONDS = 15
_QUERY = "--query-gpu=name,memory.used,memory.total,utilization.gpu"
_MOST = 16


@dataclass(frozen=True, slots=True)
class Gpu:
    """One card; memory in MiB, ``busy`` in percent; ``None`` where only its name is known."""

    name: str
    used: int | None = None
    total: int | None = None
    busy: int | None = None


def gpus() -> tuple[Gpu, ...]:
    """The cards, none on a machine without. Asked at most every quarter of a minute; answers within two seconds."""
    return _looked(int(time.monotonic() // _SECONDS))


@lru_cache(maxsize=1)
def _looked(_: int) -> tuple[Gpu, ...]:
    return _asked() or _listed(PROC)


def _asked() -> tuple[Gpu, ...]:
    program = shutil.which("nvidia-smi")
    if program is None:
        return ()
    try:
        answer = subprocess.run(  # noqa: S603 - a program of the machine, with fixed arguments
            [program, _QUERY, "--format=csv,noheader,nounits"], capture_output=True, text=True, timeout=2, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ()
    return read_table(answer.stdout)


def read_table(text: str) -> tuple[Gpu, ...]:
    """Cards out of the driver's table: name, used, total, percent. A line that is none is passed over, a number that is none not known."""
    rows = [[cell.strip() for cell in line.split(",")] for line in text.splitlines()[:_MOST]]
    return tuple(Gpu(name[:80], _int(used), _int(total), _int(busy)) for name, used, total, busy in (row for row in rows if len(row) == 4))


def _listed(folder: Path) -> tuple[Gpu, ...]:
    found = []
    try:
        for path in sorted(folder.glob("*/information"))[:_MOST]:
            model = next((line.partition(":")[2].strip() for line in path.read_text().splitlines() if line.startswith("Model:")), "")
            found.append(Gpu(model[:80] or "NVIDIA"))
    except OSError:
        return ()
    return tuple(found)


def _int(text: str) -> int | None:
    return int(text) if text.isdigit() else None
