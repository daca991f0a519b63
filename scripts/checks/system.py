"""The programs that tests need besides Python: a browser, a PostgreSQL server, a Redis server, and Tesseract.

The product reads pictures without the system's Tesseract too; the tests run both ways of reading.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from scripts.station.progress import PhaseFailed, phase, run_logged


def _has_postgresql() -> bool:
    return any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or bool(shutil.which("initdb"))


PACKAGES: dict[str, Callable[[], bool]] = {
    "chromium": lambda: bool(shutil.which("chromium")),
    "postgresql": _has_postgresql,
    "redis-server": lambda: bool(shutil.which("redis-server")),
    "tesseract-ocr": lambda: bool(shutil.which("tesseract")),
}
"""Debian package -> whether what it brings is there."""


def ensure_programs() -> None:
    """Install what is missing with ``apt-get`` when that is possible. Raises ``PhaseFailed`` when it is not."""
    missing = [name for name, is_there in PACKAGES.items() if not is_there()]
    if not missing:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise PhaseFailed(f"The tests need {', '.join(missing)}. As root: apt-get install {' '.join(missing)}")
    log = Path(tempfile.gettempdir()) / "countersign-apt.log"
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    with phase(f"Installing {', '.join(missing)}"):
        run_logged(["apt-get", "update"], log, cwd=Path("/"), env=env)
        run_logged(["apt-get", "install", "-y", "--no-install-recommends", *missing], log, cwd=Path("/"), env=env)
    if still := [name for name in missing if not PACKAGES[name]()]:
        raise PhaseFailed(f"{', '.join(still)} could not be installed; the output is in {log}.")
