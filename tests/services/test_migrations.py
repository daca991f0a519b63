"""Migrations go forward and back on both databases, and forward again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from tests.architecture.source import ROOT

APPS = ("workers", "labeling", "invoices")
"""Later layers first: what refers to others goes before them."""


def migrate(database_url: str, folder: Path, *arguments: str) -> str:
    env = {name: value for name, value in os.environ.items() if not name.startswith("COUNTERSIGN_")}
    env |= {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "COUNTERSIGN_DATA_DIR": str(folder),
        "COUNTERSIGN_DATABASE_URL": database_url,
    }
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def there_and_back(database_url: str, folder: Path) -> None:
    migrate(database_url, folder, "migrate", "--noinput")
    for app in APPS:
        arguments = ["admin", "axes", "authtoken"] if app == "invoices" else []
        for dependent in arguments:
            if f"\n{dependent}\n" in "\n" + migrate(database_url, folder, "showmigrations", "--list"):
                migrate(database_url, folder, "migrate", dependent, "zero")
        migrate(database_url, folder, "migrate", app, "zero")
    migrate(database_url, folder, "migrate", "--noinput")
    assert "[ ]" not in migrate(database_url, folder, "showmigrations")


def test_sqlite(tmp_path: Path) -> None:
    there_and_back("", tmp_path)


@pytest.fixture
def empty_database() -> str:
    """The address of a new, empty PostgreSQL database."""
    found = settings.DATABASES["default"]
    address = {"host": found["HOST"], "port": found["PORT"], "user": found["USER"], "dbname": "postgres"}
    with psycopg.connect(**address, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS migrations")
        connection.execute("CREATE DATABASE migrations")
    return f"postgres://{found['USER']}@{found['HOST']}:{found['PORT']}/migrations"


def test_postgresql(empty_database: str, tmp_path: Path) -> None:
    there_and_back(empty_database, tmp_path)
