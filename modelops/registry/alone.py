"""One process at a time in a folder: a lock that the operating system lets go when its process ends, however it ends."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from modelops.errors import Refused


@contextmanager
def alone_in(folder: Path, what: str) -> Iterator[None]:
    """Make the folder and hold it. Raises ``Refused`` (``under_way``) while another process does; ``what`` is under way then."""
    folder.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f"{folder.name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Refused("under_way", f"{what} is under way in another process. Wait until it has ended.") from error
        yield
