"""How a run ended and what it took, as a value and as ``outcome.json``."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from mlcore.training.events import EpochEnd

BEST = "best.safetensors"
ADAPTER_CONFIG = "adapter_config.json"
OUTCOME = "outcome.json"
RECIPE = "recipe.json"
STOP = "stop"
"""A file of this name in the folder of a run stops it after the step under way."""


@dataclass
class Outcome:
    """A run so far, all of its parts together.

    ``adapter`` is the file of the kept weights. ``steps`` of ``total_steps`` were made; ``finished`` is true at the end and after an
    early stop. ``left_out`` counts training documents that were too long. ``seconds`` is of steps alone, ``wall_seconds`` of
    validation and checkpoints too, ``device_seconds`` is that times ``processes``; ``hourly_rate`` is what an hour of a device
    costs, 0 for not asked. ``memory`` is the peak in bytes of the first process (of its GPU, where there is one), ``trainable`` counts
    weights that learned, ``parameters`` all. ``run`` is the identity of the run (``training.identity``), ``data`` says where the
    documents come from.
    """

    adapter: Path
    steps: int
    total_steps: int
    tokens: int
    seconds: float
    finished: bool
    left_out: int = 0
    documents: int = 0
    validation_documents: int = 0
    wall_seconds: float = 0.0
    processes: int = 1
    hourly_rate: float = 0.0
    memory: int = 0
    trainable: int = 0
    parameters: int = 0
    device: str = "cpu"
    epochs: list[EpochEnd] = field(default_factory=list)
    run: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def device_seconds(self) -> float:
        """Seconds of all devices together."""
        return self.wall_seconds * self.processes

    @property
    def cost(self) -> float:
        """In the currency of ``hourly_rate``."""
        return self.device_seconds / 3600 * self.hourly_rate

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types; cost only where a rate was given."""
        data = asdict(self)
        data["adapter"] = self.adapter.name
        data["epochs"] = [end.to_json() for end in self.epochs]
        data["device_seconds"] = self.device_seconds
        if self.hourly_rate:
            return {**data, "cost": self.cost}
        del data["hourly_rate"]
        return data
