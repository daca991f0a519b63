"""An artifact with thresholds of one's own: the same model and scorer, certified again on other documents."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from mlcore.artifacts.card import model_card
from mlcore.artifacts.layout import CARD, MANIFEST, THRESHOLDS, WEIGHTS
from mlcore.artifacts.load import Artifact, load_artifact
from mlcore.artifacts.manifest import write_manifest
from mlcore.artifacts.write import read_object
from mlcore.confidence.routes import Thresholds
from mlcore.errors import ArtifactError
from mlcore.new_folder import new_folder

FOR = "artifact"
"""Key of a file of thresholds: the ``model_id`` of the artifact whose scorer they hold for."""


def write_recertified(folder: Path, source: Path, thresholds: Path) -> Artifact:
    """Write a copy of the artifact ``source`` with these thresholds into the new directory ``folder``; its ``model_id`` is another one.

    Raises ``ArtifactError``: for thresholds that were certified for another artifact, above all.
    """
    if folder.exists():
        raise ArtifactError(f"{folder} is there already; an artifact is never changed. Choose another folder or remove it first.")
    artifact = load_artifact(source)
    data = _thresholds_for(artifact, thresholds)
    try:
        with new_folder(folder) as half:
            shutil.copytree(source, half, dirs_exist_ok=True, ignore=shutil.ignore_patterns(MANIFEST))
            (half / THRESHOLDS).write_text(json.dumps(data, indent=2, sort_keys=True) + "\n", encoding="utf-8")
            size, learned = (half / WEIGHTS).stat().st_size, (artifact.confidence or {}).get("report")
            card = model_card(artifact.description, artifact.metrics, data, size, learned)
            (half / CARD).write_text(card, encoding="utf-8")
            write_manifest(half)
            made = load_artifact(half)
    except OSError as error:
        raise ArtifactError(f"The artifact cannot be written to {folder}: {error.strerror or error}.") from error
    return replace(made, folder=folder)


def _thresholds_for(artifact: Artifact, path: Path) -> dict[str, Any]:
    data = read_object(path, "Write it with python -m mlcore calibrate --recertify.")
    if artifact.confidence is None:
        raise ArtifactError(f"{artifact.folder} has no scorer, so no threshold holds for it; calibrate it.")
    if data.get(FOR) != artifact.model_id:
        raise ArtifactError(
            f"{path} was certified for {data.get(FOR)}, {artifact.folder} is {artifact.model_id}: thresholds hold for one scorer alone. "
            "Run python -m mlcore calibrate --recertify with this artifact."
        )
    try:
        Thresholds.from_json(data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ArtifactError(f"{path} holds no thresholds ({error}); write it with python -m mlcore calibrate --recertify.") from error
    return data
