"""An artifact as what a training run starts from."""

from __future__ import annotations

from pathlib import Path

from mlcore.artifacts.layout import WEIGHTS
from mlcore.artifacts.load import Artifact, load_artifact
from mlcore.base_model.identity import BaseIdentity
from mlcore.errors import RecipeError
from mlcore.training.config import Recipe
from mlcore.training.start import Ancestor, Start, Trained, start_faults


def start_from(folder: Path, recipe: Recipe, base: BaseIdentity) -> Start:
    """Verify the artifact in ``folder`` and take its weights for a run of ``recipe`` on ``base``.

    Raises ``ArtifactError`` for one that is not sound, ``RecipeError`` with everything in which the run would be another model.
    """
    artifact = load_artifact(folder)
    told = artifact.description
    if faults := start_faults(recipe, base, Trained(artifact.model_id, told.recipe, told.base, told.prompt_version)):
        raise RecipeError(faults)
    return Start(folder / WEIGHTS, (ancestor_of(artifact), *told.lineage))


def ancestor_of(artifact: Artifact) -> Ancestor:
    """How an artifact is told in those that start from it."""
    told = artifact.description
    documents = told.training.get("documents", 0)
    return Ancestor(artifact.model_id, told.data_hash, str(told.data.get("source", "")), documents if isinstance(documents, int) else 0)
