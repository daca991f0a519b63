"""Text that was written anywhere, made fit for a database."""

from __future__ import annotations


def storable(text: str) -> str:
    """Without NUL characters and halves of characters, which no database holds."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()
