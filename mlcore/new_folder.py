"""A directory that appears whole or not at all: filled beside its place and moved there in one step."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """An empty directory to fill; ``folder``, which must not be there yet, is what it becomes at the end.

    After an error, or when another process was first (``OSError``), nothing of it is left.
    """
    half = folder.with_name(f"{folder.name}.part-{os.getpid()}")
    shutil.rmtree(half, ignore_errors=True)
    try:
        half.mkdir(parents=True)
        yield half
        half.rename(folder)
    finally:
        shutil.rmtree(half, ignore_errors=True)
