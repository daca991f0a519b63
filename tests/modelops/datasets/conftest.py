"""A station's own data folder, and gold of ten companies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from invoices.models import Vendor
from labeling.models import GoldRecord
from tests.conftest import Cast
from tests.modelops.datasets.gold_makers import companies

Station = list[tuple[Vendor, list[GoldRecord]]]


@pytest.fixture
def data_dir(settings: Any, tmp_path: Path) -> Path:
    """Where this test's data sets are."""
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def gold(cast: Cast, data_dir: Path) -> Station:
    """Ten companies: one with six documents, the others with two or three."""
    return list(companies(cast.biller1, [6, 2, 3, 2, 2, 3, 2, 2, 3, 2]))
