"""Rows for spreadsheets: cells that are not taken for formulas, and a writer whose text is streamed."""

from __future__ import annotations

import re
import unicodedata

_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_BLANKS = " \u00a0\u200b\u200c\u200d\u2060\u3000\ufeff"
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def guarded(text: str | None) -> str:
    """A cell that no spreadsheet takes for a formula: text that starts like one gets an apostrophe; numbers,
    negative ones too, stay as they are. Wide signs and signs after blanks count: some spreadsheets take them too."""
    if not text or text[0].isalnum():
        return text or ""
    begins = unicodedata.normalize("NFKC", text.lstrip(_BLANKS)[:1])
    risky = text.startswith(_RISKY) or begins.startswith(_RISKY)
    return f"'{text}" if risky and not _NUMBER.fullmatch(text) else text


class Written:
    """A file that keeps what was written until it is taken."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    def write(self, text: str) -> int:
        """Keep ``text``."""
        self._parts.append(text)
        return len(text)

    def take(self) -> str:
        """What was written since the last time."""
        text = "".join(self._parts)
        self._parts.clear()
        return text
