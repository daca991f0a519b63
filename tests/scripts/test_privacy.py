"""What a station writes is for its owner, also in a folder that somebody else made."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.station import __main__ as station_main
from scripts.station.prepare import Station
from scripts.station.progress import PhaseFailed


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    """What most shells have; it is put back afterwards."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_nobody_else_reads_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(station: Station, *, demo: bool) -> None:
        (station.data / "countersign.sqlite3").write_text("")
        raise PhaseFailed("enough")

    monkeypatch.setattr(station_main, "claim_port", lambda port: None)
    monkeypatch.setattr(station_main, "ensure_environment", lambda root, wanted: Path("python"))
    monkeypatch.setattr(station_main, "prepare", write)
    tmp_path.chmod(0o755)
    assert station_main.main(["--data", str(tmp_path)]) == 1
    assert stat.S_IMODE((tmp_path / "countersign.sqlite3").stat().st_mode) == 0o600
