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

THERE_AND_BACK = """
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
call_command("migrate", verbosity=0)
made = set(connection.introspection.table_names())
for app in sorted(MigrationLoader(connection).migrated_apps):
    call_command("migrate", app, "zero", verbosity=0)
left = set(connection.introspection.table_names()) - {"django_migrations"}
call_command("migrate", verbosity=0)
call_command("migrate", check_unapplied=True, verbosity=0)
assert "workers_job" in made and made == set(connection.introspection.table_names()), made
assert not left, left
"""
"""By the command, as whoever goes back does it: rules of the database are taken off before it and put on after it."""


def there_and_back(database_url: str, folder: Path) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith("COUNTERSIGN_")}
    env |= {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "COUNTERSIGN_DATA_DIR": str(folder),
        "COUNTERSIGN_DATABASE_URL": database_url,
    }
    done = subprocess.run([sys.executable, "-c", THERE_AND_BACK], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.thorough
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


@pytest.mark.thorough
def test_postgresql(empty_database: str, tmp_path: Path) -> None:
    there_and_back(empty_database, tmp_path)
