"""What has been measured, one JSON file a row, so that a run that was cut off goes on with what is missing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mlcore.new_file import write_json

BEGUN = ".begun"
"""End of the name of a file that is there while a row is being measured."""


def row_file(out: Path, key: str) -> Path:
    """Where a row is kept."""
    return out / "rows" / f"{key}.json"


def keep_row(out: Path, key: str, row: dict[str, Any]) -> None:
    """Keep a row, whole or not at all, and forget that it was begun."""
    file = row_file(out, key)
    file.parent.mkdir(parents=True, exist_ok=True)
    write_json(file, row)
    file.with_suffix(BEGUN).unlink(missing_ok=True)


def kept_row(out: Path, key: str) -> dict[str, Any] | None:
    """The row, or ``None`` where there is none yet."""
    try:
        row: dict[str, Any] = json.loads(row_file(out, key).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return row
