"""Files of folders as documents: for the command line and for the watched folder."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from invoices import intake
from invoices.errors import IntakeRefused
from invoices.media import EXTENSIONS
from invoices.people import User

_SETTLED_SECONDS = 2.0


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


def take_file(path: Path, *, source: str, user: User | None = None, vendor_hint: str = "") -> TakenFile:
    """Take one file. Raises ``StorageFull``: then no other file would fit either."""
    try:
        with path.open("rb") as file:
            received = intake.receive(name=path.name, file=file, source=source, user=user, vendor_hint=vendor_hint)
    except IntakeRefused as error:
        return TakenFile(path, Outcome.REFUSED, code=error.code, reason=error.message)
    except OSError as error:
        return TakenFile(path, Outcome.UNREADABLE, code="cannot_open", reason=error.strerror or type(error).__name__)
    outcome = Outcome.RECEIVED if received.duplicate_of is None else Outcome.DUPLICATE
    return TakenFile(path, outcome, received.document.pk)


def is_settled(path: Path, now: float) -> bool:
    """Whether a file has not been written to for two seconds: it is complete, as far as one can tell."""
    try:
        status = path.stat()
    except OSError:
        return False
    return status.st_size > 0 and now - status.st_mtime >= _SETTLED_SECONDS
