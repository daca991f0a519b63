"""Whether a run may begin, or go on: asked before it is started, and again by the worker before it trains."""

from __future__ import annotations

from pathlib import Path

from invoices.serving import models_folder
from mlcore.base_model import find_base
from mlcore.base_model.identity import BaseIdentity, identity_of
from mlcore.base_model.prepare import base_at_hand
from mlcore.dataset.directory import read_manifest
from mlcore.errors import BaseModelError, DatasetError, RecipeError
from mlcore.training.config import Recipe
from modelops.errors import ModelopsError, Refused, RequestInvalid
from modelops.folders import dataset_folder, runs_folder
from modelops.models import DatasetVersion, ModelVersion
from modelops.registry.verifying import sound_artifact
from modelops.runs.launching import launcher_named
from modelops.runs.servable import not_servable
from modelops.runs.space import needed_bytes, refuse_without_room
from modelops.runs.starts import refuse_unfit_start


def checked_recipe(recipe: Recipe) -> Recipe:
    """The recipe, fit for a station. Raises ``RequestInvalid`` with every fault in ``extra["faults"]``."""
    try:
        recipe.checked()
    except RecipeError as error:
        raise RequestInvalid("recipe_invalid", str(error), {"faults": list(error.faults)}) from error
    if told := not_servable(recipe):
        raise RequestInvalid("recipe_invalid", " ".join(told.values()), {"faults": list(told.values())})
    return recipe


def refusals(dataset: DatasetVersion, recipe: Recipe, launcher: str = "here", start: ModelVersion | None = None) -> list[ModelopsError]:
    """Everything that stands against a run, as the errors that starting it would raise; cheap enough for a request.

    The files of ``start``, the model that it starts from, are not looked at.
    """
    checks = (
        lambda: checked_recipe(recipe),
        lambda: refuse_unfit_start(start, recipe),
        lambda: refuse_unusable(dataset),
        lambda: launcher_named(launcher),
        lambda: refuse_without_base(recipe),
    )
    found = []
    for check in checks:
        try:
            check()
        except ModelopsError as error:
            found.append(error)
    return found


def refuse_unready(dataset: DatasetVersion, recipe: Recipe, launcher: str = "here", start: ModelVersion | None = None) -> None:
    """Raises the first of ``refusals``, or ``Refused`` (``artifact_damaged``) where the files of ``start`` do not verify."""
    for error in refusals(dataset, recipe, launcher, start):
        raise error
    if start is not None:
        sound_artifact(start)


def refuse_unusable(dataset: DatasetVersion) -> None:
    """Raises ``Refused`` for a version that is not frozen, is not what it was, or has lost documents since it was frozen."""
    if dataset.state != DatasetVersion.State.FROZEN:
        raise Refused("dataset_not_frozen", f"Data set {dataset.number} is {dataset.get_state_display().lower()}; wait, or take another.")
    if dataset.removed_documents:
        raise Refused(
            "dataset_has_removed_documents",
            f"{dataset.removed_documents} documents of data set {dataset.number} had to go since, so nothing is trained on it any more. "
            "Collect a new one.",
        )
    try:
        manifest = read_manifest(dataset_folder(dataset))
    except DatasetError as error:
        raise Refused("dataset_unreadable", f"The files of data set {dataset.number} cannot be used: {error}") from error
    if manifest["data_hash"] != dataset.data_hash:
        raise Refused(
            "dataset_changed",
            f"The files of data set {dataset.number} are not those that were frozen (data_hash differs). Collect a new one.",
        )
    if not int(manifest["splits"]["train"]["documents"]):
        raise Refused("dataset_empty", f"Data set {dataset.number} has no training documents.")


def refuse_without_base(recipe: Recipe) -> Path | None:
    """The base at hand (``None``: it will be made ready). Raises ``Refused`` where there is none, or no room for a run beside it."""
    try:
        base = base_at_hand(models_folder())
    except BaseModelError as error:
        raise Refused("base_missing", str(error)) from error
    refuse_without_room(runs_folder(), needed_bytes(recipe, base))
    return base


def base_identity() -> BaseIdentity:
    """Which base a run would train on; makes the default one ready, which takes half a minute once. For workers. Raises ``Refused``."""
    try:
        return identity_of(find_base(models_folder()))
    except BaseModelError as error:
        raise Refused("base_missing", str(error)) from error
