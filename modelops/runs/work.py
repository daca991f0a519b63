"""What the stages of a run share: the run, where its files are, and the worker's hold on it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from invoices.serving import models_folder
from mlcore.training.config import Recipe
from modelops.folders import artifacts_folder, dataset_folder
from modelops.models import TrainingRun
from modelops.runs.children import Ended, run_child
from modelops.runs.hold import Hold
from modelops.runs.launching import Command

LOOK_SECONDS = 1.0
SIGN_SECONDS = 10.0
"""So often a run without news says that it is worked on."""


@dataclass(slots=True)
class Work:
    """A run in the hands of a worker. ``folder`` is its own, ``lock`` the descriptor that holds it."""

    run: TrainingRun
    recipe: Recipe
    hold: Hold
    folder: Path
    lock: int
    _signed: float = 0.0

    @property
    def dataset(self) -> Path:
        """Directory of the data set."""
        return dataset_folder(self.run.dataset)

    @property
    def models(self) -> Path:
        """Folder of base models."""
        return models_folder()

    @property
    def draft(self) -> Path:
        """The model before anything is known about its confidence; read with, never served."""
        return self.folder / "draft"

    @property
    def readings(self) -> Path:
        """What it read of the validation documents."""
        return self.folder / "readings.jsonl"

    @property
    def confidence(self) -> Path:
        """What was learned of them, where there were enough."""
        return self.folder / "confidence.json"

    @property
    def artifact(self) -> Path:
        """What is packed in the end."""
        return artifacts_folder() / f"run-{self.run.pk}"

    def look(self) -> None:
        """Sign that the run is worked on. Raises ``RunStopped`` when somebody asked for an end, ``RunTaken`` when it is somebody else's."""
        self.hold.check()
        self.sign()

    def sign(self) -> None:
        """Write a sign of life, every ``SIGN_SECONDS`` at most."""
        if time.monotonic() - self._signed > SIGN_SECONDS:
            self.hold.write()
            self._signed = time.monotonic()

    def child(self, command: Command, log: str, look: Callable[[], None] | None = None) -> Ended:
        """Run a command with the folder held; its output goes to the file ``log``."""
        return run_child(command, log=self.folder / log, look=look or self.look, every=LOOK_SECONDS, keeps=self.lock)
