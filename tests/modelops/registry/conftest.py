"""A station of its own for each test, with a real artifact on a tiny base."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings

from tests.mlcore.artifacts.conftest import base_folder, calibrated, forge, packed, run_folder

__all__ = ["base_folder", "calibrated", "forge", "packed", "run_folder"]


@pytest.fixture(autouse=True)
def station(tmp_path: Path, base_folder: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Its data folder."""
    monkeypatch.setenv("COUNTERSIGN_BASE_MODEL", str(base_folder))
    settings.DATA_DIR = tmp_path / "station"
    settings.DATA_DIR.mkdir()
    return Path(settings.DATA_DIR)
