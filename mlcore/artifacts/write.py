"""Packs the folder of a training run into an artifact."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from mlcore.artifacts.adapter_files import read_weights, write_half
from mlcore.artifacts.card import model_card
from mlcore.artifacts.description import Description
from mlcore.artifacts.layout import CARD, CONFIDENCE, CONFIG, DESCRIPTION, METRICS, WEIGHTS
from mlcore.artifacts.load import Artifact, load_artifact
from mlcore.artifacts.manifest import write_manifest
from mlcore.artifacts.rewritten import refuse_existing
from mlcore.base_model.identity import BaseIdentity
from mlcore.errors import ArtifactError, BaseModelError, RecipeError
from mlcore.new_folder import new_folder
from mlcore.training.config import Recipe
from mlcore.training.outcome import ADAPTER_CONFIG, BEST, OUTCOME
from mlcore.training.start import lineage_of

_NUMBERS = (
    *("steps", "total_steps", "finished", "documents", "validation_documents", "left_out", "tokens", "wall_seconds", "device_seconds"),
    *("processes", "device", "memory", "trainable", "parameters", "cost", "epochs"),
)
_FIRST_PROMPT = "prompt-1"
"""Of runs that did not tell the version of their prompts."""


def write_artifact(folder: Path, run: Path, *, confidence: Path | None = None, metrics: Path | None = None) -> Artifact:
    """Pack ``run`` into the new directory ``folder``, which appears whole and verified or not at all. Raises ``ArtifactError``.

    The same run and files give the same ``model_id``. ``confidence`` and ``metrics`` are files with a JSON object.
    """
    refuse_existing(folder)
    outcome = read_object(run / OUTCOME, "Run train again to the end; it goes on from its checkpoint.")
    description = describe(outcome)
    if description.recipe.lora is None:
        raise ArtifactError(f"{run} is a full fine-tuning, which has no adapter to pack; pack it with --as-base.")
    extras = {
        name: read_object(path, "Give a file with a JSON object.")
        for name, path in ((CONFIDENCE, confidence), (METRICS, metrics))
        if path is not None
    }
    try:
        with new_folder(folder) as half:
            (half / WEIGHTS).parent.mkdir()
            write_half(read_weights(run / BEST), half / WEIGHTS)
            _write(half / CONFIG, read_object(run / ADAPTER_CONFIG, "Run train again to the end."))
            _write(half / DESCRIPTION, description.to_json())
            for name, data in extras.items():
                _write(half / name, data)
            size, learned = (half / WEIGHTS).stat().st_size, extras.get(CONFIDENCE, {}).get("report")
            card = model_card(description, extras.get(METRICS), _thresholds(extras), size, learned)
            (half / CARD).write_text(card, encoding="utf-8")
            write_manifest(half)
            artifact = load_artifact(half)
    except OSError as error:
        raise ArtifactError(f"The artifact cannot be written to {folder}: {error.strerror or error}.") from error
    return replace(artifact, folder=folder)


def describe(outcome: dict[str, Any]) -> Description:
    """What an artifact of this run says of itself; ``outcome`` as ``training.outcome`` writes it. Raises ``ArtifactError``."""
    try:
        run, data = outcome["run"], outcome["data"]
        recipe = Recipe.from_json(run["recipe"])
        return Description(
            base=BaseIdentity.from_json(run["base"]),
            form=recipe.form,
            prompt_version=str(run.get("prompt_version", _FIRST_PROMPT)),
            recipe=recipe,
            data_hash=str(data.get("data_hash") or run["training"]),
            data=data,
            training={**{name: outcome[name] for name in _NUMBERS if name in outcome}, "precision": run["precision"]},
            lineage=lineage_of(run),
        )
    except (KeyError, TypeError, ValueError, AttributeError, BaseModelError, RecipeError) as error:
        raise ArtifactError(f"{OUTCOME} is not that of a training run ({error}); run train again to the end.") from error


def _thresholds(extras: dict[str, dict[str, Any]]) -> dict[str, Any] | None:
    """Those that were certified with the scorer, in plain JSON; ``scoring`` says later whether they can be used."""
    found = extras.get(CONFIDENCE, {}).get("thresholds")
    return found if isinstance(found, dict) else None


def read_object(path: Path, remedy: str) -> dict[str, Any]:
    """A JSON object of a file. Raises ``ArtifactError`` that ends in ``remedy``."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ArtifactError(f"{path} cannot be read as JSON ({error}). {remedy}") from error
    if not isinstance(data, dict):
        raise ArtifactError(f"{path} holds no JSON object. {remedy}")
    return data


def _write(path: Path, data: dict[str, Any]) -> None:
    path.write_text(json.dumps(data, indent=2, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
