"""An artifact with thresholds of one's own: the same model and scorer, certified again on other documents."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mlcore.artifacts.layout import THRESHOLDS
from mlcore.artifacts.load import Artifact, load_artifact
from mlcore.artifacts.rewritten import refuse_existing, write_changed
from mlcore.artifacts.write import read_object
from mlcore.confidence.routes import Thresholds
from mlcore.errors import ArtifactError

FOR = "artifact"
"""Key of a file of thresholds: the ``model_id`` of the artifact whose scorer they hold for."""


def write_recertified(folder: Path, source: Path, thresholds: Path) -> Artifact:
    """Write a copy of the artifact ``source`` with these thresholds into the new directory ``folder``; its ``model_id`` is another one.

    Raises ``ArtifactError``: for thresholds that were certified for another artifact, above all.
    """
    refuse_existing(folder)
    artifact = load_artifact(source)
    return write_changed(folder, artifact, {THRESHOLDS: _thresholds_for(artifact, thresholds)})


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
