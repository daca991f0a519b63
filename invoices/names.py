"""File names are for display only: never a path, never markup, always shorter than the column."""

from __future__ import annotations

import unicodedata

MAX_NAME = 200
_UNNAMED = "unnamed"
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def display_name(name: str) -> str:
    """The last part of a file name without control characters, invisible direction marks and angle brackets.

    A name that is too long keeps its beginning and its ending.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(char if _is_shown(char) else " " if char.isspace() else "" for char in unicodedata.normalize("NFC", last))
    clean = " ".join(kept.replace("<", "‹").replace(">", "›").split()).strip(". ")
    if len(clean) > MAX_NAME:
        clean = clean[: MAX_NAME - 21] + "…" + clean[-20:]
    return clean or _UNNAMED


def _is_shown(char: str) -> bool:
    return char not in _BIDI and unicodedata.category(char) not in ("Cc", "Cs", "Cn")
