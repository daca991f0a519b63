"""Which model a run starts from: the base, the model that serves, or another one of the registry; and whether the recipe fits it."""

from __future__ import annotations

from typing import Final

from invoices.serving import models_folder
from mlcore.base_model.identity import BaseIdentity, identity_of
from mlcore.base_model.prepare import base_at_hand
from mlcore.errors import BaseModelError, RecipeError
from mlcore.training.config import Recipe
from mlcore.training.start import Trained, start_faults
from modelops.errors import NotFound, Refused, RequestInvalid
from modelops.gate.champion import present_champion
from modelops.models import DatasetVersion, ModelVersion
from modelops.registry.lineage import documents_behind
from modelops.runs.fitting import fitted, further_from

BASE: Final = "base"
CHAMPION: Final = "champion"
MOST_NAME: Final = 12


def start_named(name: str) -> ModelVersion | None:
    """``base``, ``champion`` (the model that serves) or the number of a model; ``None`` is the base.

    Raises ``RequestInvalid`` (``start_invalid``), ``NotFound`` (``model_not_found``), ``Refused`` (``start_missing``).
    """
    if name == BASE:
        return None
    if name == CHAMPION:
        champion = present_champion()
        if champion is None:
            raise Refused("start_missing", "Templates alone serve, so there is no model to start from. Start from the base.")
        return champion
    if not (name.isascii() and name.isdigit() and len(name) < MOST_NAME):
        raise RequestInvalid("start_invalid", f"A run cannot start from {name[:40]!r}: say base, champion, or the number of a model.")
    found = ModelVersion.objects.filter(number=int(name)).select_related("dataset").first()
    if found is None:
        raise NotFound("model_not_found", f"There is no model {name} to start from. The list of models has those that there are.")
    return found


def usual_start(dataset: DatasetVersion) -> ModelVersion | None:
    """The model that serves, where more documents are behind it than the data set has to train on, else ``None``, the base.

    A new adapter has to learn with these documents alone what the model has learned with its own, so the model is the better start for
    as long as these are fewer. It has to be an adapter of the station's base, and sound in what it learned from.
    """
    champion = present_champion()
    if champion is None or champion.removed_documents or dataset.documents >= documents_behind(champion):
        return None
    base, recipe = base_now(), recipe_behind(champion)
    fits = recipe is not None and recipe.lora is not None and (base is None or base.sha256 == champion.base.get("sha256"))
    return champion if fits else None


def fitted_from(dataset: DatasetVersion, start: ModelVersion | None) -> Recipe:
    """The recipe that ships, fitted to the data set: for going on from ``start``, or for a new adapter on the base."""
    trained = recipe_behind(start) if start is not None else None
    if start is None or trained is None:
        return fitted(dataset.documents)
    return fitted(dataset.documents, further_from(trained, again=bool(start.lineage)), further=True)


def refuse_unfit_start(start: ModelVersion | None, recipe: Recipe) -> None:
    """Raises ``Refused``: ``start_has_removed_documents``, or ``start_does_not_fit`` with every fault in ``extra["faults"]``."""
    refuse_marked_start(start)
    if start is None:
        return
    trained, name = recipe_behind(start), f"model {start.number}"
    try:
        there = BaseIdentity.from_json(start.base)
    except BaseModelError as error:
        raise Refused("start_does_not_fit", f"What {name} says of its base cannot be read ({error}). Start from the base.") from error
    if trained is None:
        raise Refused("start_does_not_fit", f"The recipe of {name} is known no more. Start from the base.")
    prompt = str(start.facts.get("prompt_version", ""))
    if faults := start_faults(recipe, base_now(), Trained(name, trained, there, prompt)):
        told = " ".join(fault[0].upper() + fault[1:] if fault.startswith("model") else fault for fault in faults)
        raise Refused("start_does_not_fit", told, {"faults": list(faults)})


def refuse_marked_start(start: ModelVersion | None) -> None:
    """Raises ``Refused`` (``start_has_removed_documents``)."""
    if start is not None and start.removed_documents:
        documents = f"{start.removed_documents} document{'' if start.removed_documents == 1 else 's'}"
        told = f"{documents} that model {start.number} learned from had to go since, so nothing starts from it any more."
        raise Refused("start_has_removed_documents", f"{told} Start from the base.")


def recipe_behind(model: ModelVersion) -> Recipe | None:
    """The recipe that a model was trained with; ``None`` where this program knows it no more."""
    try:
        return Recipe.from_json(model.recipe)
    except RecipeError:
        return None


def base_now() -> BaseIdentity | None:
    """The station's base; ``None`` where it is not made ready yet, or there is none, which ``readiness`` tells."""
    try:
        folder = base_at_hand(models_folder())
        return identity_of(folder) if folder is not None else None
    except BaseModelError:
        return None
