"""The second stage: the trained model reads the validation documents, which are of vendors that it was not trained on.

``python -m mlcore read`` as a child; readings are kept one by one, so a run that is killed reads only what is missing.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from django.conf import settings

from mlcore.artifacts import load_artifact, write_artifact
from mlcore.dataset.directory import read_manifest
from mlcore.errors import ArtifactError
from modelops.runs.failing import failure_of
from modelops.runs.launching import Command
from modelops.runs.work import Work

MOST_DOCUMENTS = 600
"""Validation documents that are read at most. 299 accepted ones without an error certify .99; more make little difference."""

LOG = "read.log"
_LINES = 5
"""How many lines of the run's log its progress takes."""


def read(work: Work) -> None:
    """Read what has not been read. Nothing where there is nothing to read."""
    waiting = min(int(read_manifest(work.dataset)["splits"]["validation"]["documents"]), MOST_DOCUMENTS)
    if not waiting:
        work.hold.write("The data set has no validation documents, so nothing is read.")
        return
    pack_draft(work)
    work.hold.write(f"Reads {waiting} validation documents.")
    files = ["--split", "validation", "--artifact", str(work.draft), "--out", str(work.readings), "--models", str(work.models)]
    line = (
        sys.executable,
        "-m",
        "mlcore",
        "read",
        str(work.dataset),
        *files,
        "--limit",
        str(waiting),
        "--batch",
        str(settings.MODEL_BATCH),
    )
    seen = _Count(work, waiting)
    ended = work.child(Command(line), LOG, seen.look)
    if ended.status != 0:
        raise failure_of(ended, "read", work.folder / LOG)
    work.hold.got_on()


def pack_draft(work: Work) -> None:
    """The model without confidence, for reading alone; one that is there is taken as it is, unless it is damaged."""
    try:
        load_artifact(work.draft)
    except ArtifactError:
        shutil.rmtree(work.draft, ignore_errors=True)
        write_artifact(work.draft, work.folder)


class _Count:
    """Says now and then how many documents have been read."""

    def __init__(self, work: Work, of: int) -> None:
        self.work, self.of, self.told = work, of, _lines(work.readings)

    def look(self) -> None:
        """Called every second. A wish to stop ends the child: every reading that is whole is kept."""
        self.work.look()
        count = _lines(self.work.readings)
        if count - self.told >= max(1, self.of // _LINES):
            self.told = count
            self.work.hold.write(f"{count} of {self.of} documents read.")
            self.work.hold.got_on()


def _lines(path: Path) -> int:
    try:
        return path.read_bytes().count(b"\n")
    except FileNotFoundError:
        return 0
