"""Runs in a data folder of the test's own, on a tiny base."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings

from mlcore.base_model.prepare import VARIABLE
from mlcore.training.config import Recipe
from modelops.models import DatasetVersion, TrainingRun
from modelops.runs.starting import start_run
from tests.mlcore.tiny import write_tiny_base
from tests.modelops.runs.small import RECIPE, frozen


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Written once."""
    return write_tiny_base(tmp_path_factory.mktemp("runs") / "tiny-base")


@pytest.fixture
def station(tiny_base: Path, settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own, and the base of the environment."""
    settings.DATA_DIR = tmp_path / "data"
    monkeypatch.setenv(VARIABLE, str(tiny_base))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    return tmp_path / "data"


@pytest.fixture
def dataset(station: Path, db: None) -> DatasetVersion:
    """Twelve training documents, three to validate, two held out."""
    return frozen()


Started = Callable[..., TrainingRun]


@pytest.fixture
def started(dataset: DatasetVersion) -> Started:
    """Start a run as the station does."""

    def start(recipe: Recipe = RECIPE, **values: object) -> TrainingRun:
        return start_run(**{"by": None, "dataset": dataset, "recipe": recipe, **values})  # type: ignore[arg-type]

    return start
