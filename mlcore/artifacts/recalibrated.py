"""An artifact with a confidence of one's own: the same model, its scorer learned anew, such as beside another engine of the readers."""

from __future__ import annotations

from pathlib import Path

from mlcore.artifacts.layout import CONFIDENCE, METRICS, THRESHOLDS
from mlcore.artifacts.load import Artifact, load_artifact
from mlcore.artifacts.rewritten import refuse_existing, write_changed
from mlcore.artifacts.write import read_object
from mlcore.confidence.confidence import Confidence
from mlcore.errors import ArtifactError, ConfidenceError


def write_recalibrated(folder: Path, source: Path, confidence: Path, metrics: Path | None = None) -> Artifact:
    """Write a copy of the artifact ``source`` with this confidence into the new directory ``folder``; its ``model_id`` is another one.

    Thresholds that were certified for the scorer before, and what was measured with it, are left out. Raises ``ArtifactError``.
    """
    refuse_existing(folder)
    artifact = load_artifact(source)
    learned = read_object(confidence, "Write it with python -m mlcore calibrate.")
    try:
        Confidence.from_json(learned)
    except ConfidenceError as error:
        raise ArtifactError(f"{confidence} holds no confidence ({error}); write it with python -m mlcore calibrate.") from error
    measured = {METRICS: read_object(metrics, "Give a file with a JSON object.")} if metrics else {}
    return write_changed(folder, artifact, {CONFIDENCE: learned, **measured}, without=(THRESHOLDS, METRICS))
