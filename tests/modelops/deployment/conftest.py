"""Models that may serve: real artifacts of a run on a tiny base, registered, with a verdict each."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from invoices.people import User
from mlcore.artifacts import load_artifact
from mlcore.artifacts.manifest import write_manifest
from modelops.deployment.promoting import promote
from modelops.gate.champion import present_champion
from modelops.gate.policies import current_gate_policy, gate_values
from modelops.models import Deployment, GateOverride, GateResult, ModelVersion
from tests.mlcore.artifacts.conftest import base_folder, calibrated, run_folder

__all__ = ["base_folder", "calibrated", "run_folder"]

Make = Callable[..., ModelVersion]


@pytest.fixture(autouse=True)
def station(settings: LazySettings, base_folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting says what serves, no artifact came with the product, and the tiny base is the base model."""
    settings.MODEL = ""
    monkeypatch.setenv("COUNTERSIGN_BASE_MODEL", str(base_folder))
    monkeypatch.setattr("invoices.serving.chosen_artifact", lambda configured: Path(configured) if configured else None)


@pytest.fixture
def make_model(db: None, calibrated: Path, tmp_path: Path) -> Make:
    """A sound artifact with a name of its own, registered; ``passed`` has the gate say so, ``None`` that it was not asked."""

    def make(passed: bool | None = True, origin: str = ModelVersion.Origin.TRAINED) -> ModelVersion:
        number = ModelVersion.objects.count() + 1
        folder = Path(shutil.copytree(calibrated, tmp_path / f"model-{number}"))
        rename(folder, number)
        model_id = load_artifact(folder).model_id
        model = ModelVersion.objects.create(number=number, model_id=model_id, origin=origin, folder=str(folder))
        if passed is not None:
            judge(model, passed=passed)
        return model

    return make


def rename(folder: Path, number: int) -> None:
    """Another, sound artifact that answers alike: its description says another day of data."""
    description = json.loads((folder / "artifact.json").read_text())
    description["data"]["sha256"] = f"{number:064x}"
    (folder / "artifact.json").write_text(json.dumps(description))
    (folder / "MANIFEST.json").unlink()
    write_manifest(folder)


def judge(model: ModelVersion, *, passed: bool) -> GateResult:
    """A verdict against what serves now."""
    champion = present_champion()
    verdict = {"reason": "As the test says.", "policy": gate_values(current_gate_policy()), "checks": []}
    return GateResult.objects.create(model=model, champion=champion if champion != model else None, passed=passed, verdict=verdict)


def let_through(model: ModelVersion, by: User) -> GateOverride:
    """An admin's override of the newest verdict."""
    return GateOverride.objects.create(result=model.gate_results.latest("pk"), reason="The old one reads worse", by=by)


def crown(model: ModelVersion, **options: Any) -> Deployment:
    """Promote a model that the gate has passed against what serves now; ``options`` as ``promote`` takes them."""
    judge(model, passed=True)
    return promote(model, **options)
