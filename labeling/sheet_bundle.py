"""One stylesheet from those that it imports, so that a browser asks once.

Only ``@import url("name.css");`` on a line of its own, of a file in the same folder that imports nothing itself: relative
addresses in it stay right. Anything else raises ``ValueError`` and names the place.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

_IMPORT = re.compile(r'^@import url\("([^"/]+\.css)"\);$', re.MULTILINE)


def inline_imports(name: str, read: Callable[[str], str]) -> str:
    """The sheet with its imports in their places. ``read`` answers the source of a file by its static name."""

    def imported(match: re.Match[str]) -> str:
        part = posixpath.join(posixpath.dirname(name), match[1])
        return _plain(part, read(part))

    return _plain(name, _IMPORT.sub(imported, read(name)))


def _plain(name: str, source: str) -> str:
    if "@import" in source:
        raise ValueError(f"{name} has an @import that is not put in its place; write @import url(\"name.css\"); for a file beside it.")
    return source.strip() + "\n"
