"""Which base model an artifact belongs to: a name and a hash over everything that decides its output."""

from __future__ import annotations

import contextlib
import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mlcore.errors import BaseModelError
from mlcore.new_file import write_json

MARKER = "COMMIT.json"
"""Written last: a directory without it is not complete."""
_WEIGHTS = "*.safetensors"
_DECIDING = ("config.json", "tokenizer.json", "tokenizer_config.json", "generation_config.json")
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class BaseIdentity:
    """``name`` and ``revision`` are for people; ``sha256`` decides whether an adapter fits."""

    name: str
    revision: str
    sha256: str

    def to_json(self) -> dict[str, str]:
        """Plain JSON types."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> BaseIdentity:
        """Inverse of ``to_json``. Raises ``BaseModelError``."""
        try:
            return cls(str(data["name"]), str(data["revision"]), str(data["sha256"]))
        except (KeyError, TypeError) as error:
            raise BaseModelError(f"The description of a base model lacks {error}; train the adapter again.") from error


def identity_of(folder: Path) -> BaseIdentity:
    """Identity of a model directory; its hash is computed once and kept in ``COMMIT.json`` beside sizes and times.

    Raises ``BaseModelError`` when the directory is no complete safetensors model.
    """
    weights = sorted(folder.glob(_WEIGHTS))
    if not (folder / "config.json").is_file() or not weights:
        raise BaseModelError(
            f"{folder} is no model directory: it needs config.json, a tokenizer and weights as .safetensors. "
            "Pickled weights (.bin, .pt) are never loaded; convert them with save_pretrained(safe_serialization=True)."
        )
    files = [path for name in _DECIDING if (path := folder / name).is_file()] + weights
    stamps = {path.name: [path.stat().st_size, path.stat().st_mtime_ns] for path in files}
    kept = _kept(folder / MARKER)
    if kept is not None and kept.get("files") == stamps:
        return BaseIdentity.from_json(kept)
    digest = hashlib.sha256()
    for path in files:
        digest.update(f"{path.name}\0{path.stat().st_size}\0".encode())
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    name = str(kept["name"]) if kept and "name" in kept else folder.name
    revision = str(kept["revision"]) if kept and "revision" in kept else digest.hexdigest()[:12]
    identity = BaseIdentity(name, revision, digest.hexdigest())
    with contextlib.suppress(OSError):  # a read-only model directory: the hash is computed each time
        write_json(folder / MARKER, {**identity.to_json(), "files": stamps})
    return identity


def _kept(marker: Path) -> dict[str, Any] | None:
    try:
        data = json.loads(marker.read_text())
    except (OSError, ValueError):
        return None
    return data if isinstance(data, dict) else None
