"""What makes two runs the same run: recipe, documents, base, and the model that it starts from.

A checkpoint of another run is refused, not gone on from.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Mapping, Sequence
from typing import Any

from mlcore.base_model.identity import BaseIdentity
from mlcore.errors import RunError
from mlcore.prompts import PROMPT_VERSION
from mlcore.training.config import Recipe
from mlcore.training.examples import TrainingExample
from mlcore.training.start import BASE, Start

_FREE = ("name", "save_every_steps")
"""What may change between two parts of a run, because the weights do not depend on it."""


def examples_hash(examples: Sequence[TrainingExample]) -> str:
    """SHA-256 (hex) over tokens and weights in order; names do not count, because nothing is learned from them."""
    digest = hashlib.sha256()
    for one in examples:
        digest.update(len(one.tokens).to_bytes(8, "little"))
        digest.update(array("q", one.tokens).tobytes())
        digest.update(array("d", one.weights).tobytes())
    return digest.hexdigest()


def run_identity(
    recipe: Recipe,
    training: Sequence[TrainingExample],
    validation: Sequence[TrainingExample],
    base: BaseIdentity,
    precision: str,
    start: Start | None = None,
) -> dict[str, Any]:
    """Plain JSON: ``recipe``, ``training`` and ``validation`` (hashes), ``base``, ``precision`` (what ``auto`` became), ``lineage``.

    ``prompt_version`` is told for who packs the run; another one makes other training documents. A run that starts from the base is told
    as before there was anything else: it has no ``lineage``, and is the same run.
    """
    started = {"lineage": [one.to_json() for one in start.lineage]} if start is not None else {}
    return {
        "recipe": recipe.to_json(),
        "training": examples_hash(training),
        "validation": examples_hash(validation),
        "base": base.to_json(),
        "precision": precision,
        "prompt_version": PROMPT_VERSION,
        **started,
    }


def refuse_another_run(kept: Mapping[str, Any], wanted: Mapping[str, Any], folder: str) -> None:
    """Raises ``RunError`` naming everything in which the run kept in ``folder`` differs from the one that is wanted."""
    told = _different(kept.get("recipe") or {}, wanted["recipe"], "")
    for key, words in (("training", "the training documents"), ("validation", "the validation documents")):
        if kept.get(key) != wanted[key]:
            told.append(f"{words} (hash {str(kept.get(key))[:12]} there, {wanted[key][:12]} here)")
    one, other = kept.get("base") or {}, wanted["base"]
    if one.get("sha256") != other["sha256"]:
        there = f"{one.get('name')} {str(one.get('sha256'))[:12]}"
        told.append(f"the base model ({there} there, {other['name']} {other['sha256'][:12]} here)")
    if kept.get("precision") != wanted["precision"]:
        told.append(f"the precision of the base ({kept.get('precision')} there, {wanted['precision']} here)")
    if _begun_from(kept) != _begun_from(wanted):
        told.append(f"what it starts from ({_begun_from(kept)} there, {_begun_from(wanted)} here)")
    if told:
        raise RunError(
            f"The checkpoints in {folder} are of another run; different are: {'; '.join(told)}. "
            "Go on with what that run was started with, or train into a new folder."
        )


def _begun_from(identity: Mapping[str, Any]) -> str:
    """Name of the artifact, which is made of its weights."""
    lineage = identity.get("lineage") or ()
    return str(lineage[0].get("model_id")) if lineage else BASE


def _different(kept: Mapping[str, Any], wanted: Mapping[str, Any], within: str) -> list[str]:
    told = []
    for key in dict.fromkeys([*kept, *wanted]):
        one, other = kept.get(key), wanted.get(key)
        if isinstance(one, Mapping) and isinstance(other, Mapping):
            told.extend(_different(one, other, f"{within}{key}."))
        elif _plain(one) != _plain(other) and not (key in _FREE and not within):
            told.append(f"{within}{key} ({one} there, {other} here)")
    return told


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
