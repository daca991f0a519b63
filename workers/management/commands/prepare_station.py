"""``manage.py prepare_station``: database, static files, what serves first and demo people brought up to date, in one process.

A second run takes a second: static files are collected again only when one of them has changed.
"""

from __future__ import annotations

import hashlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand

from modelops.deployment.first import record_first
from modelops.errors import ModelopsError


class Command(BaseCommand):
    """``prepare_station [--demo]``."""

    help = "Migrate the database, collect static files, create the people of the demo."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether the demo's people are wanted."""
        parser.add_argument("--demo", action="store_true", help="create the people of the demo")

    def handle(self, *args: Any, **options: Any) -> None:
        """Idempotent."""
        self.stdout.write("Migrating the database")
        call_command("migrate", interactive=False, verbosity=1, stdout=self.stdout)
        seen = Path(settings.STATIC_ROOT) / ".collected-from"
        wanted = static_fingerprint()
        if not seen.exists() or seen.read_text() != wanted:
            self.stdout.write("Collecting static files")
            call_command("collectstatic", interactive=False, clear=True, verbosity=0, ignore_patterns=["redoc"])
            seen.write_text(wanted)
        self._record_first()
        if options["demo"]:
            self.stdout.write("Creating the people of the demo")
            call_command("create_demo_users", stdout=self.stdout)

    def _record_first(self) -> None:
        """The history of what serves begins with what came with the product. A damaged one keeps no station from starting."""
        try:
            record_first()
        except ModelopsError as error:
            self.stderr.write(f"The model that came with the product is not in the registry: {error.detail}")


def static_fingerprint() -> str:
    """Hash of names, sizes and times of all static files of the product and its libraries."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in sorted(finder.list(None), key=lambda found: found[0]):
            state = Path(storage.path(path)).stat()
            digest.update(f"{path} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()
