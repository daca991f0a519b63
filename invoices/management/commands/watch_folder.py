"""``manage.py watch_folder [DIR]``: take what is put into a folder, as soon as it is complete."""

from __future__ import annotations

import argparse
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, close_old_connections
from watchfiles import watch

from invoices.errors import StorageFull
from invoices.folders import Outcome, TakenFile, files_under, is_settled, take_files

_LOOK_EVERY_MS = 2_000


class Command(BaseCommand):
    """Nothing is moved unless ``--done-dir`` is given: files are recognised by their content, so a restart doubles nothing."""

    help = "Take the files that are put into a folder (COUNTERSIGN_WATCHED_FOLDER unless named) until stopped."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """DIR, --done-dir, --once."""
        parser.add_argument("folder", nargs="?", type=Path, metavar="DIR")
        parser.add_argument("--done-dir", type=Path, help="move files there when they have been taken")
        parser.add_argument("--once", action="store_true", help="take what is there and complete, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        """Watch until SIGINT or SIGTERM."""
        folder = options["folder"] or (Path(settings.WATCHED_FOLDER) if settings.WATCHED_FOLDER else None)
        if folder is None or not folder.is_dir():
            raise CommandError("Name the folder to watch, or set COUNTERSIGN_WATCHED_FOLDER to it; it has to exist.", returncode=2)
        self._done_dir: Path | None = options["done_dir"]
        if self._done_dir is not None:
            self._done_dir.mkdir(parents=True, exist_ok=True)
            if folder.resolve() == self._done_dir.resolve():
                raise CommandError("--done-dir is the watched folder itself; name another one.", returncode=2)
        self._seen: dict[Path, tuple[int, int]] = {}
        self._look(folder)
        if options["once"]:
            return
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        self.stdout.write(f"Watching {folder}.")
        for _ in watch(folder, stop_event=stop, rust_timeout=_LOOK_EVERY_MS, yield_on_timeout=True, raise_interrupt=False):
            self._look(folder)

    def _look(self, folder: Path) -> None:
        """Take every complete file that is new or has changed since the last look."""
        ready = dict(self._ready(folder))
        try:
            for taken in take_files(ready, source="folder"):
                self._seen[taken.path] = ready[taken.path]
                self._report(taken)
        except (StorageFull, DatabaseError) as error:
            self.stderr.write(f"{folder}: {type(error).__name__}; what was not taken stays where it is and is tried again.")
            close_old_connections()

    def _ready(self, folder: Path) -> Iterator[tuple[Path, tuple[int, int]]]:
        """The files to take now, each with the time and size that it is remembered by."""
        for path in files_under([folder]):
            try:
                status = path.stat()
            except OSError:
                continue
            mark = (status.st_mtime_ns, status.st_size)
            if not self._is_done(path) and self._seen.get(path) != mark and is_settled(path, time.time()):
                yield path, mark

    def _is_done(self, path: Path) -> bool:
        return self._done_dir is not None and path.resolve().is_relative_to(self._done_dir.resolve())

    def _report(self, taken: TakenFile) -> None:
        if not taken.document_id:
            self.stderr.write(f"{taken.outcome}: {taken.path}  {taken.code}: {taken.reason}")
            return
        self.stdout.write(f"{taken.outcome}: {taken.path}  document {taken.document_id}")
        if self._done_dir is not None and taken.outcome in (Outcome.RECEIVED, Outcome.DUPLICATE):
            shutil.move(taken.path, _free_name(self._done_dir, taken.path.name))


def _free_name(folder: Path, name: str) -> Path:
    """A path in ``folder`` that is not taken: ``a.pdf``, ``a-2.pdf``, ..."""
    target, number = folder / name, 1
    while target.exists():
        number += 1
        target = folder / f"{Path(name).stem}-{number}{Path(name).suffix}"
    return target
