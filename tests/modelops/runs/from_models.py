"""A real model on the tiny base, for runs that start from one."""

from __future__ import annotations

import shutil
from pathlib import Path

from django.conf import settings

from mlcore.answers import FORMS
from mlcore.artifacts import write_artifact
from mlcore.base_model.loading import load_base
from mlcore.dataset.directory import Split, read_split
from mlcore.training.examples import training_example
from mlcore.training.recipe import train
from modelops.folders import dataset_folder
from modelops.models import DatasetVersion, ModelVersion
from modelops.registry.registering import register
from tests.modelops.runs.small import RECIPE


def trained_run(base: Path, version: DatasetVersion, folder: Path, source: str = "dataset") -> Path:
    """The folder of a training on the version's documents, as a trainer leaves it."""
    loaded = load_base(base, "fp32", "cpu")
    sets = [
        [training_example(one.id, one.gold, FORMS[RECIPE.form], loaded.tokenizer) for one in read_split(dataset_folder(version), split)]
        for split in (Split.TRAIN, Split.VALIDATION)
    ]
    train(loaded, RECIPE, sets[0], sets[1], folder, data={"source": source, "data_hash": version.data_hash})
    return folder


def model_of(base: Path, version: DatasetVersion, *, state: str = "candidate") -> ModelVersion:
    """A registered model that was trained on the version."""
    folder = Path(settings.DATA_DIR) / "artifacts" / f"of-{version.number}"
    run = trained_run(base, version, Path(settings.DATA_DIR) / "trained" / str(version.number))
    write_artifact(folder, run)
    shutil.rmtree(run)
    model = register(folder, origin=ModelVersion.Origin.TRAINED, dataset=version)
    ModelVersion.objects.filter(pk=model.pk).update(state=state)
    model.refresh_from_db()
    return model
