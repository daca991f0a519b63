"""Measures ``manage.py ingest`` of whole folders: CPU, wall clock and memory of the command, reading the files not included.

    python -m benchmarks.bulk_import [--files 1000,10000] [--kilobytes 2] [--database sqlite|postgresql|URL]

Each size goes into a fresh data folder (and, with PostgreSQL, into the same database). The command's own start is
measured on an empty folder first and taken off. A run ends with an error unless every file has become a document
with a job, and a second ingest of the same folder finds nothing new.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.labeling_throughput import chosen_database
from benchmarks.web_station import ROOT, command, environment, machine

HEADING = "| files | CPU s | of it system | CPU ms/file | s | memory growth MB | again: CPU ms/file |"
COUNTED = "from invoices.models import Document; from workers.models import Job; print(Document.objects.count(), Job.objects.count())"


@dataclass(frozen=True)
class Cost:
    """What one run of the command took."""

    user: float
    system: float
    wall: float
    peak_mb: float

    @property
    def cpu(self) -> float:
        """All of its CPU seconds."""
        return self.user + self.system


def ingest(env: dict[str, str], folder: Path) -> Cost:
    """Run the command on ``folder``."""
    started = time.perf_counter()
    arguments = [sys.executable, "manage.py", "ingest", "--quiet", str(folder)]
    process = subprocess.Popen(arguments, cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"Ingest ended with {process.returncode}.")
    return Cost(used.ru_utime, used.ru_stime, time.perf_counter() - started, used.ru_maxrss / 1024)


def write_files(folder: Path, start: int, count: int, kilobytes: int) -> None:
    """Files that are alike but for a number; the media type is that of a PDF."""
    folder.mkdir()
    for number in range(start, start + count):
        line = f"% benchmark document {number:09d}\n".encode()
        (folder / f"{number:06d}.pdf").write_bytes(b"%PDF-1.4\n" + line * (kilobytes * 1024 // len(line)))


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--files", default="1000,10000", help="numbers of files")
    parser.add_argument("--kilobytes", type=int, default=2, help="size of a file")
    parser.add_argument("--database", default="sqlite", help="sqlite, postgresql, or the URL of an empty database")
    options = parser.parse_args()
    print(f"{machine()}, database {options.database.partition(':')[0]}, files of {options.kilobytes} KB")
    print(f"{HEADING}\n{'|---' * 7}|")
    total = 0
    with chosen_database(options.database) as url:
        for count in map(int, options.files.split(",")):
            with tempfile.TemporaryDirectory(prefix="countersign-benchmark-") as place:
                work = Path(place)
                env = environment(work / "data", url)
                command(env, "manage.py", "migrate", "--verbosity", "0")
                (work / "empty").mkdir()
                write_files(work / "files", total, count, options.kilobytes)
                start, first, again = (ingest(env, work / name) for name in ("empty", "files", "files"))
                total = total + count if url else count
                if command(env, "manage.py", "shell", "--verbosity", "0", "--command", COUNTED).split() != [str(total)] * 2:
                    raise SystemExit("Not every file has become one document with one job.")
                cells = (
                    f"{first.cpu - start.cpu:.1f}",
                    f"{first.system - start.system:.1f}",
                    f"{(first.cpu - start.cpu) / count * 1000:.2f}",
                    f"{first.wall - start.wall:.1f}",
                    f"{first.peak_mb - start.peak_mb:.1f}",
                    f"{(again.cpu - start.cpu) / count * 1000:.2f}",
                )
                print(f"| {count:,} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
