"""Files of folders as documents: for the command line and for the watched folder."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from invoices import intake
from invoices.errors import IntakeRefused, StorageFull
from invoices.media import EXTENSIONS
from invoices.people import User

_SETTLED_SECONDS = 2.0
_BATCH = 100
_BATCH_SECONDS = 2.0  # a batch of large files ends earlier: whoever waits sees that it goes on


class Outcome(StrEnum):
    """What became of one file."""

    RECEIVED = "received"
    DUPLICATE = "duplicate"
    REFUSED = "refused"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class TakenFile:
    """``code`` and ``reason`` say why a file was not taken; ``document_id`` is 0 then."""

    path: Path
    outcome: Outcome
    document_id: int = 0
    code: str = ""
    reason: str = ""


def files_under(paths: Sequence[Path]) -> Iterator[Path]:
    """The files named, and every file with the ending of an invoice file below the folders named, sorted.

    Hidden files and folders are passed over, links are not followed into folders.
    """
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for folder, subfolders, names in os.walk(path):
            subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
            for name in sorted(names):
                if not name.startswith(".") and Path(name).suffix.lower() in EXTENSIONS:
                    yield Path(folder) / name


def take_files(paths: Iterable[Path], *, source: str, user: User | None = None, vendor_hint: str = "") -> Iterator[TakenFile]:
    """Take files in batches of one transaction each; what is yielded is stored for good.

    Raises ``StorageFull`` after the last file that there was room for: then no other would fit either.
    """
    sender = intake.Sender(source, user, vendor_hint)
    batch: list[tuple[Path, intake.Arrival | TakenFile]] = []
    begun = time.monotonic()
    for path in paths:
        try:
            batch.append((path, _keep(path)))
        except StorageFull:
            yield from _taken(batch, sender)
            raise
        if len(batch) >= _BATCH or time.monotonic() - begun > _BATCH_SECONDS:
            yield from _taken(batch, sender)
            batch, begun = [], time.monotonic()
    yield from _taken(batch, sender)


def _keep(path: Path) -> intake.Arrival | TakenFile:
    """The file with its bytes stored, or why it is not taken."""
    try:
        with path.open("rb") as file:
            return intake.keep(path.name, file)
    except IntakeRefused as error:
        return TakenFile(path, Outcome.REFUSED, code=error.code, reason=error.message)
    except OSError as error:
        return TakenFile(path, Outcome.UNREADABLE, code="cannot_open", reason=error.strerror or type(error).__name__)


def _taken(batch: Sequence[tuple[Path, intake.Arrival | TakenFile]], sender: intake.Sender) -> Iterator[TakenFile]:
    """What became of the files of one batch, in their order."""
    arrivals = [kept for _, kept in batch if isinstance(kept, intake.Arrival)]
    received = iter(intake.receive_kept(arrivals, sender) if arrivals else ())
    for path, kept in batch:
        if isinstance(kept, TakenFile):
            yield kept
            continue
        answer = next(received)
        yield TakenFile(path, Outcome.RECEIVED if answer.duplicate_of is None else Outcome.DUPLICATE, answer.document.pk)


def is_settled(path: Path, now: float) -> bool:
    """Whether a file has not been written to for two seconds: it is complete, as far as one can tell."""
    try:
        status = path.stat()
    except OSError:
        return False
    return status.st_size > 0 and now - status.st_mtime >= _SETTLED_SECONDS
