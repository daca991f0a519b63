"""A file that appears whole or not at all: written beside its place and moved there in one step."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write_json(path: Path, data: Mapping[str, Any]) -> None:
    """Write an indented JSON object; what was there stays until the new file is whole, and an ``OSError`` leaves it there."""
    half = path.with_name(f"{path.name}.part-{os.getpid()}")
    try:
        half.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        os.replace(half, path)
    finally:
        half.unlink(missing_ok=True)
