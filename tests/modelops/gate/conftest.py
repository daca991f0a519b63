"""A station of its own for each test, with two real artifacts, an evaluated champion and an evaluated candidate."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import LazySettings

from modelops.models import DatasetVersion, GatePolicyVersion, ModelVersion
from modelops.registry.registering import register
from tests.mlcore.artifacts.conftest import base_folder, calibrated, packed, run_folder
from tests.mlcore.gate.systems import system, wrong_total
from tests.modelops.held_out import frozen_dataset
from tests.modelops.judged import stored_evaluation

__all__ = ["base_folder", "calibrated", "packed", "run_folder"]


@pytest.fixture(autouse=True)
def station(tmp_path: Path, base_folder: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Its data folder."""
    monkeypatch.setenv("COUNTERSIGN_BASE_MODEL", str(base_folder))
    settings.DATA_DIR = tmp_path / "station"
    settings.DATA_DIR.mkdir()
    return Path(settings.DATA_DIR)


@dataclass(frozen=True, slots=True)
class Contest:
    """Evaluated on the same version: the champion has the total of four documents wrong, the candidate of two of them."""

    candidate: ModelVersion
    champion: ModelVersion
    dataset: DatasetVersion


@pytest.fixture
def contest(db: None, calibrated: Path, packed: Path) -> Contest:
    dataset = frozen_dataset(1, test_documents=120)
    champion = register(packed, origin="trained", dataset=dataset)
    ModelVersion.objects.filter(pk=champion.pk).update(state="champion")
    champion.refresh_from_db()
    candidate = register(calibrated, origin="trained", dataset=dataset)
    stored_evaluation(champion, dataset, system("Model 1", wrong_total({1, 2, 3, 4})))
    stored_evaluation(candidate, dataset, system("Model 2", wrong_total({1, 2})), {champion.model_id: 1.1})
    stored_evaluation(None, dataset, system("The templates alone", wrong_total(range(30))))
    assert not GatePolicyVersion.objects.exists()
    return Contest(candidate, champion, dataset)
