"""pdfminer.six below 20251107 runs pickles that a PDF brings along (CVE-2025-64512): the installed one must not."""

from __future__ import annotations

import importlib.metadata
import pickle
from pathlib import Path

import pytest
from pdfminer.cmapdb import CMapDB


class Canary:
    """Touches a file when it is unpickled."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return Path.touch, (self.target,)


def test_the_version_floor_holds() -> None:
    assert int(importlib.metadata.version("pdfminer.six")) >= 20251107


def test_a_pickled_character_map_does_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import gzip

    sung = tmp_path / "sung"
    (tmp_path / "evil.pickle.gz").write_bytes(gzip.compress(pickle.dumps(Canary(sung))))
    monkeypatch.setenv("CMAP_PATH", str(tmp_path))
    with pytest.raises(CMapDB.CMapNotFound):
        CMapDB._load_data(f"../{tmp_path.name}/evil")
    assert not sung.exists()
