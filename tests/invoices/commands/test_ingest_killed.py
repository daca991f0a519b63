"""An ingest that is killed loses no file that it has named, and the next one goes on where it stood."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
FILES = 250


@pytest.mark.thorough
def test_a_killed_ingest_keeps_what_it_has_named_and_the_next_one_doubles_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    for number in range(FILES):
        (folder / f"{number:03d}.pdf").write_bytes(f"%PDF-1.4\n{number}".encode())
    settings = {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "COUNTERSIGN_DATA_DIR": str(tmp_path / "data"),
        "COUNTERSIGN_LOG_LEVEL": "WARNING",
        "PYTHONUNBUFFERED": "1",
    }
    env = {name: value for name, value in os.environ.items() if not name.startswith("COUNTERSIGN_")} | settings
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "migrate", "--verbosity", "0"], cwd=ROOT, env=env, check=True)

    with subprocess.Popen([*manage, "ingest", str(folder)], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as ingest:
        assert ingest.stdout is not None
        named = [ingest.stdout.readline() for _ in range(5)]
        ingest.kill()
        named += ingest.stdout.readlines()
    ids = {int(line.rpartition("document ")[2]) for line in named if re.search(r"document \d+\n$", line)}
    assert len(ids) >= 5

    def stored(columns: str, table: str) -> set[int]:
        with sqlite3.connect(tmp_path / "data" / "countersign.sqlite3") as database:
            rows = [row[0] for row in database.execute(f"SELECT {columns} FROM {table}")]
        assert len(rows) == len(set(rows))
        return set(rows)

    assert ids <= stored("id", "invoices_document")
    again = subprocess.run([*manage, "ingest", str(folder), "--quiet"], cwd=ROOT, env=env, check=True, capture_output=True, text=True)
    assert f"{FILES} files:" in again.stdout
    assert "0 refused, 0 unreadable" in again.stdout
    assert ids <= stored("id", "invoices_document")
    assert len(stored("sha256", "invoices_document")) == len(stored("key", "workers_job")) == FILES
