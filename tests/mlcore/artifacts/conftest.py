"""One trained run on the tiny base, and an artifact of it to spoil."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from mlcore.answers import FORMS
from mlcore.artifacts import write_artifact
from mlcore.artifacts.manifest import write_manifest
from mlcore.base_model.loading import load_base
from mlcore.training.config import LoraConfig, Recipe, Schedule
from mlcore.training.examples import training_example
from mlcore.training.recipe import train
from tests.mlcore.confidence.simulated import learned
from tests.mlcore.tiny import write_tiny_base
from tests.mlcore.training.conftest import receipt

LEARNED = Recipe(
    "receipts",
    lora=LoraConfig(rank=4, alpha=8.0),
    schedule=Schedule(learning_rate=0.03, warmup_steps=1),
    form="rows-1",
    epochs=2,
    accumulate=2,
    max_tokens=700,
)


@cache
def _base_in(temporary: Path) -> Path:
    return write_tiny_base(temporary / "artifacts" / "tiny-base")


@cache
def _run_in(temporary: Path) -> Path:
    folder = temporary / "artifacts-run"
    base = load_base(_base_in(temporary), "fp32", "cpu")
    examples = [training_example(f"r{n}", receipt(n), FORMS[LEARNED.form], base.tokenizer) for n in range(6)]
    train(base, LEARNED, examples[:4], examples[4:], folder, data={"source": "gold", "documents": 4})
    return folder


@pytest.fixture(scope="session")
def base_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all modules: each that imports this has a fixture of its own, but not a base of its own."""
    return _base_in(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Trained once for all modules, as above."""
    return _run_in(tmp_path_factory.getbasetemp())


@pytest.fixture
def packed(run_folder: Path, tmp_path: Path) -> Path:
    """A sound artifact of its own for each test."""
    return write_artifact(tmp_path / "artifact", run_folder).folder


@pytest.fixture
def calibrated(run_folder: Path, tmp_path: Path) -> Path:
    """A sound artifact with a fitted confidence, as a station takes it."""
    confidence = tmp_path / "confidence.json"
    confidence.write_text(json.dumps(learned()[1].to_json()))
    return write_artifact(tmp_path / "calibrated", run_folder, confidence=confidence).folder


Forge = Callable[[Path, str, bytes], None]


@pytest.fixture
def forge() -> Forge:
    """Change a file and write a manifest that agrees: a whole copy of something that was never sound."""

    def change(folder: Path, name: str, content: bytes) -> None:
        (folder / name).write_bytes(content)
        (folder / "MANIFEST.json").unlink()
        write_manifest(folder)

    return change


@pytest.fixture
def copy(packed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(packed, tmp_path / "copy"))
