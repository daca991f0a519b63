"""Opens an artifact after all of it was verified."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlcore.answers import FORMS, AnswerForm
from mlcore.artifacts.adapter_files import adapter_pairs, read_weights
from mlcore.artifacts.description import Description
from mlcore.artifacts.layout import CONFIDENCE, CONFIG, DESCRIPTION, METRICS, THRESHOLDS, WEIGHTS
from mlcore.artifacts.manifest import name_of, read_json, verified
from mlcore.errors import ArtifactError


@dataclass(frozen=True)
class Artifact:
    """A verified artifact. ``model_id`` is ``adapter-`` and 16 hex digits over the files that decide an answer.

    ``layers`` maps each adapted layer of the base to its ``(out, in)``. ``confidence`` (a scorer), ``thresholds`` and ``metrics``
    are plain JSON, ``None`` where the artifact has none.
    """

    folder: Path
    model_id: str
    description: Description
    layers: Mapping[str, tuple[int, int]]
    confidence: Mapping[str, Any] | None = None
    thresholds: Mapping[str, Any] | None = None
    metrics: Mapping[str, Any] | None = None
    bytes: int = 0

    @property
    def adapter(self) -> Path:
        """Directory of the adapter, in the format of peft."""
        return (self.folder / WEIGHTS).parent

    @property
    def form(self) -> AnswerForm:
        """The form of its answers."""
        return FORMS[self.description.form]


def load_artifact(folder: Path) -> Artifact:
    """Verify every file of an artifact and read what it says. Raises ``ArtifactError`` with the reason of a refusal.

    The base model is not looked at; ``check_base`` does that.
    """
    entries = verified(folder)
    description = Description.from_json(read_json(folder, DESCRIPTION))
    config = read_json(folder, CONFIG)
    pairs = adapter_pairs(read_weights(folder / WEIGHTS), config)
    layers = {layer: (b.shape[0], a.shape[1]) for layer, (a, b) in pairs.items()}
    lora = description.recipe.lora
    if lora is None or (lora.rank, lora.alpha) != (config["r"], config["lora_alpha"]):
        raise ArtifactError(f"The adapter has rank {config['r']} and alpha {config['lora_alpha']}, its recipe {lora}; pack the run again.")
    optional = {name: read_json(folder, name) for name in (CONFIDENCE, THRESHOLDS, METRICS) if name in entries}
    return Artifact(
        folder,
        name_of(entries),
        description,
        layers,
        confidence=optional.get(CONFIDENCE),
        thresholds=optional.get(THRESHOLDS),
        metrics=optional.get(METRICS),
        bytes=sum(int(entry["bytes"]) for entry in entries.values()),
    )
