"""``manage.py ingest PATH...``: take files and folders of invoices."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from invoices.errors import StorageFull
from invoices.folders import Outcome, TakenFile, files_under, take_files
from invoices.people import User

_WORDS = {Outcome.RECEIVED: "received", Outcome.DUPLICATE: "known already", Outcome.REFUSED: "refused", Outcome.UNREADABLE: "unreadable"}


class Command(BaseCommand):
    """Exit code 0: every file is a document now; 1: some were refused; 2: a path or name that does not exist."""

    help = "Take files, or all PDF, PNG, JPEG and TIFF files below folders, as documents. Known files are recognised and not doubled."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """PATH..., --vendor, --user, --quiet."""
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files and folders; folders with all that is below them")
        parser.add_argument("--vendor", default="", help="who sent them, where that is known")
        parser.add_argument("--user", default="", help="name of the person who counts as having sent them in")
        parser.add_argument("--quiet", action="store_true", help="only the summary and what was refused")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take the files in order, in batches; each gets one line once it is stored for good."""
        missing = [str(path) for path in options["paths"] if not path.exists()]
        if missing:
            raise CommandError(f"There is no {', '.join(missing)}. Nothing was taken.", returncode=2)
        user = self._user(options["user"])
        files = list(files_under(options["paths"]))
        counts: Counter[Outcome] = Counter()
        try:
            for taken in take_files(files, source="command", user=user, vendor_hint=options["vendor"]):
                counts[taken.outcome] += 1
                self._report(counts.total(), len(files), taken, quiet=options["quiet"])
        except StorageFull as error:
            raise CommandError(f"{error.message} {counts.total()} of {len(files)} files were taken before.", returncode=1) from error
        self.stdout.write(f"{len(files)} files: " + ", ".join(f"{counts[outcome]} {word}" for outcome, word in _WORDS.items()) + ".")
        if counts[Outcome.REFUSED] or counts[Outcome.UNREADABLE]:
            raise SystemExit(1)

    def _user(self, name: str) -> User | None:
        if not name:
            return None
        user = User.objects.filter(username=name, is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active person named {name!r}. Nothing was taken.", returncode=2)
        return user

    def _report(self, number: int, count: int, taken: TakenFile, *, quiet: bool) -> None:
        place = f"document {taken.document_id}" if taken.document_id else f"{taken.code}: {taken.reason}"
        line = f"[{number}/{count}] {_WORDS[taken.outcome]:<13} {taken.path}  {place}"
        if taken.outcome in (Outcome.REFUSED, Outcome.UNREADABLE):
            self.stderr.write(line)
        elif not quiet:
            self.stdout.write(line)
