"""A copy of an artifact in which some of the files that decide about values are others; the model stays."""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from mlcore.artifacts.card import model_card
from mlcore.artifacts.layout import CARD, CONFIDENCE, MANIFEST, METRICS, THRESHOLDS, WEIGHTS
from mlcore.artifacts.load import Artifact, load_artifact
from mlcore.artifacts.manifest import write_manifest
from mlcore.errors import ArtifactError
from mlcore.new_folder import new_folder


def refuse_existing(folder: Path) -> None:
    """Raises ``ArtifactError`` where something is there already."""
    if folder.exists():
        raise ArtifactError(f"{folder} is there already; an artifact is never changed. Choose another folder or remove it first.")


def write_changed(folder: Path, artifact: Artifact, files: Mapping[str, dict[str, Any]], without: Collection[str] = ()) -> Artifact:
    """The artifact with ``files`` (name -> JSON object) in place of its own and ``without`` others, in the new directory ``folder``.

    The card is told anew, and the ``model_id`` is another one. Raises ``ArtifactError``.
    """
    try:
        with new_folder(folder) as half:
            shutil.copytree(artifact.folder, half, dirs_exist_ok=True, ignore=shutil.ignore_patterns(MANIFEST, *without))
            for name, data in files.items():
                (half / name).write_text(json.dumps(data, indent=2, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
            (half / CARD).write_text(_card(half, artifact), encoding="utf-8")
            write_manifest(half)
            made = load_artifact(half)
    except OSError as error:
        raise ArtifactError(f"The artifact cannot be written to {folder}: {error.strerror or error}.") from error
    return replace(made, folder=folder)


def _card(half: Path, artifact: Artifact) -> str:
    confidence, metrics, thresholds = (_object(half / name) for name in (CONFIDENCE, METRICS, THRESHOLDS))
    certified = thresholds or (confidence or {}).get("thresholds")
    return model_card(artifact.description, metrics, certified, (half / WEIGHTS).stat().st_size, (confidence or {}).get("report"))


def _object(path: Path) -> dict[str, Any] | None:
    found: dict[str, Any] | None = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
    return found
