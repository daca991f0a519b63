"""What a run starts from instead of a new adapter: the weights of an artifact, and what those were learned from. No torch.

An artifact tells its ancestors itself, so that what a model has learned from is known wherever it is taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mlcore.base_model.identity import BaseIdentity
from mlcore.prompts import PROMPT_VERSION
from mlcore.training.config import LoraConfig, Recipe

BASE = "the base"


@dataclass(frozen=True, slots=True)
class Ancestor:
    """An artifact whose weights were gone on from.

    ``data_hash`` is of the documents it was trained on itself, ``source`` their kind, ``documents`` how many (0 where it is not said).
    """

    model_id: str
    data_hash: str
    source: str = ""
    documents: int = 0

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Ancestor:
        """Inverse of ``to_json``. Raises ``KeyError``, ``TypeError`` and ``ValueError``."""
        return cls(str(data["model_id"]), str(data["data_hash"]), str(data["source"]), int(data["documents"]))


@dataclass(frozen=True, slots=True)
class Start:
    """``weights`` is the adapter's file in a verified artifact; ``lineage`` has that artifact, then what it started from, and so on."""

    weights: Path
    lineage: tuple[Ancestor, ...]

    @property
    def model_id(self) -> str:
        """Name of the artifact."""
        return self.lineage[0].model_id


def lineage_of(run: Mapping[str, Any]) -> tuple[Ancestor, ...]:
    """What a run of this identity (``training.identity``) started from, the nearest first. Raises as ``Ancestor.from_json``."""
    return tuple(Ancestor.from_json(one) for one in run.get("lineage") or ())


@dataclass(frozen=True, slots=True)
class Trained:
    """What is known of a model that a run would start from."""

    name: str
    recipe: Recipe
    base: BaseIdentity
    prompt_version: str


def start_faults(recipe: Recipe, base: BaseIdentity | None, model: Trained) -> tuple[str, ...]:
    """Everything in which ``recipe`` on ``base`` (``None``: not known yet) makes another kind of model than ``model`` is.

    What has to be the same: the base, rank, alpha and layers of the adapter, the form of the answers and the prompt. Dropout, schedule,
    seed and what is shown beside a document may differ. Each fault names both values and the remedy.
    """
    found, name, there = [], model.name, model.base
    if base is not None and base.sha256 != there.sha256:
        found.append(
            f"The base is {base.name} {base.revision} (sha256 {base.sha256[:12]}), and {name} was trained on {there.name} {there.revision} "
            f"(sha256 {there.sha256[:12]}): its weights mean nothing here. Set that base, or start from the base."
        )
    found += _lora_faults(recipe.lora, model.recipe.lora, name)
    if recipe.form != model.recipe.form:
        found.append(f"form is {recipe.form}, and {name} answers in {model.recipe.form}; take that form, or start from the base.")
    if model.prompt_version != PROMPT_VERSION:
        found.append(f"{name} was trained on prompts of {model.prompt_version}, this program writes {PROMPT_VERSION}; start from the base.")
    return tuple(found)


def _lora_faults(wanted: LoraConfig | None, there: LoraConfig | None, name: str) -> list[str]:
    if wanted is None or there is None:
        return [f"The recipe has no lora, so every weight learns; {name} is an adapter. Give the recipe its lora, or start from the base."]
    found = []
    for part, one, other in (("rank", wanted.rank, there.rank), ("alpha", wanted.alpha, there.alpha)):
        if one != other:
            found.append(f"lora.{part} is {one:g}, and {name} has {other:g}; take {other:g}, or start from the base.")
    if set(wanted.targets) != set(there.targets):
        told = ", ".join(there.targets)
        found.append(f"lora.targets are {', '.join(wanted.targets)}, and those of {name} {told}; take {told}, or start from the base.")
    return found
