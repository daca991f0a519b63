"""The adapter that comes with the product, and which artifact serves. Standard library only: ``scripts/run`` asks too."""

from __future__ import annotations

from pathlib import Path

NO_MODEL = "none"
"""Setting that says: documents are pre-filled from templates alone."""

SHIPPED = Path(__file__).resolve().parent / "default"
"""Artifact directory of the shipped adapter; a development tree may lack it."""

_LAST_WRITTEN = "MANIFEST.json"


def chosen_artifact(configured: str, shipped: Path = SHIPPED) -> Path | None:
    """The artifact directory that serves: ``configured``, else the shipped one if it is there; ``None`` for none.

    A configured directory is not looked at here: whoever loads it says what is wrong with it.
    """
    wanted = configured.strip()
    if wanted.casefold() == NO_MODEL:
        return None
    if wanted:
        return Path(wanted).expanduser()
    return shipped if (shipped / _LAST_WRITTEN).is_file() else None
