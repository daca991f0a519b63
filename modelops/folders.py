"""Where the files of a model's life are. Rows name folders relative to these, so that a station can be moved."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from modelops.models import DatasetVersion, ModelEvaluation, ModelVersion, TrainingRun


def datasets_folder() -> Path:
    """Of data set versions."""
    return Path(settings.DATA_DIR) / "datasets"


def runs_folder() -> Path:
    """Of training runs: checkpoints, logs, what is read and learned on the way to an artifact."""
    return Path(settings.DATA_DIR) / "runs"


def artifacts_folder() -> Path:
    """Of packed models."""
    return Path(settings.DATA_DIR) / "artifacts"


def evaluations_folder() -> Path:
    """Of evaluations."""
    return Path(settings.DATA_DIR) / "evaluations"


def dataset_folder(version: DatasetVersion) -> Path:
    """Directory of a version (``mlcore.dataset.directory``)."""
    return datasets_folder() / version.folder


def run_folder(run: TrainingRun) -> Path:
    """Folder of a run."""
    return runs_folder() / run.folder


def artifact_folder(model: ModelVersion) -> Path:
    """Artifact directory of a model; ``folder`` of the row may be absolute."""
    return artifacts_folder() / model.folder


def evaluation_folder(evaluation: ModelEvaluation) -> Path:
    """Folder of an evaluation."""
    return evaluations_folder() / evaluation.folder
