"""The manifest of an artifact: which files it has, and that they are what was written.

Names in a manifest are never opened before they are found in ``layout``, so no name leads out of the directory.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mlcore.artifacts.layout import DECIDING, FORMAT, MANIFEST, OPTIONAL, REQUIRED
from mlcore.errors import ArtifactError

_PICKLED = (".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".joblib", ".npy", ".npz")
_MOST_JSON = 64 << 20
_BLOCK = 1 << 20

Entries = dict[str, dict[str, Any]]


def write_manifest(folder: Path) -> None:
    """Write ``MANIFEST.json`` over all files that are there."""
    entries = {name: {"bytes": (folder / name).stat().st_size, "sha256": _digest(folder / name)} for name in sorted(_files(folder))}
    (folder / MANIFEST).write_text(json.dumps({"format": FORMAT, "files": entries}, indent=2) + "\n", encoding="utf-8")


def verified(folder: Path) -> Entries:
    """The manifest's entries, once every file was found to be as they say. Raises ``ArtifactError`` with the reason."""
    if not folder.is_dir():
        raise ArtifactError(f"{folder} is no artifact: there is no such directory.")
    present = set(_files(folder))
    if pickled := sorted(name for name in present if name.casefold().endswith(_PICKLED)):
        raise ArtifactError(f"{_named(folder, pickled)} may hold pickled objects, which are never loaded; weights are .safetensors here.")
    if MANIFEST not in present:
        raise ArtifactError(f"{folder} is no complete artifact: {MANIFEST}, which is written last, is missing. Pack the run again.")
    entries = _entries(read_json(folder, MANIFEST), folder)
    present.discard(MANIFEST)
    if missing := sorted({*entries, *REQUIRED} - present):
        raise ArtifactError(f"{_named(folder, missing)} is missing; take another copy of the artifact.")
    if extra := sorted(present - set(entries)):
        raise ArtifactError(f"{_named(folder, extra)} is not in the manifest; an artifact is refused when anything was added to it.")
    for name, entry in entries.items():
        size = (folder / name).stat().st_size
        if size != entry["bytes"]:
            raise ArtifactError(
                f"{_named(folder, [name])} is damaged: {size} bytes, the manifest says {entry['bytes']}. Take another copy."
            )
        if _digest(folder / name) != entry["sha256"]:
            raise ArtifactError(f"{_named(folder, [name])} is damaged: its SHA-256 is not the manifest's. Take another copy.")
    return entries


def name_of(entries: Entries) -> str:
    """``adapter-`` and 16 hex digits over the files that decide an answer."""
    digest = hashlib.sha256()
    for name in DECIDING:
        if name in entries:
            digest.update(f"{name}\0{entries[name]['sha256']}\n".encode())
    return f"adapter-{digest.hexdigest()[:16]}"


def read_json(folder: Path, name: str) -> dict[str, Any]:
    """A file of an artifact that holds a JSON object. Raises ``ArtifactError``."""
    path = folder / name
    if path.stat().st_size > _MOST_JSON:
        raise ArtifactError(f"{_named(folder, [name])} has {path.stat().st_size} bytes; at most {_MOST_JSON} are read.")
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ArtifactError(f"{_named(folder, [name])} cannot be read as JSON: {error}") from error
    if not isinstance(data, dict):
        raise ArtifactError(f"{_named(folder, [name])} is no JSON object.")
    return data


def _entries(data: dict[str, Any], folder: Path) -> Entries:
    if data.get("format") != FORMAT:
        raise ArtifactError(f"{folder} has the format {data.get('format')!r}; this program reads {FORMAT!r}. Pack it with this program.")
    entries = data.get("files")
    if not isinstance(entries, dict):
        raise ArtifactError(f"{_named(folder, [MANIFEST])} lists no files.")
    if strange := sorted(name for name in entries if name not in (*REQUIRED, *OPTIONAL)):
        raise ArtifactError(f"{_named(folder, [MANIFEST])} lists {strange[0]!r}, which is no file of an artifact.")
    for name, entry in entries.items():
        if not isinstance(entry, dict) or not isinstance(entry.get("bytes"), int) or not isinstance(entry.get("sha256"), str):
            raise ArtifactError(f"{_named(folder, [MANIFEST])} says neither bytes nor sha256 of {name}.")
    return entries


def _files(folder: Path) -> Iterator[str]:
    """Names of all files below, with ``/``. Raises ``ArtifactError`` for a link or anything that is neither file nor directory."""
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(place) / name
            if path.is_symlink() or not (path.is_dir() or path.is_file()):
                raise ArtifactError(
                    f"{path.relative_to(folder)} in {folder} is a link or no plain file; an artifact holds its files itself."
                )
        yield from ((Path(place) / name).relative_to(folder).as_posix() for name in files)


def _named(folder: Path, names: list[str]) -> str:
    return f"{', '.join(names[:3])}{' and others' if len(names) > 3 else ''} in {folder}"


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
