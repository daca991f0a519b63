"""``manage.py load_demo``: takes the demo documents in, and confirms those that have a history.

By default it reads and confirms for ``--seconds``, so that a start is not held up; the workers read the rest, and
``--confirm``, or the next call, confirms what they have pre-filled meanwhile.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from invoices.models import Role, User
from labeling import demo
from labeling.demo_inline import work_through

PEOPLE = ("biller1", "biller2")
POLL_SECONDS = 2.0


class Command(BaseCommand):
    """Idempotent: what is there already stays as it is."""

    help = "Takes the synthetic demo documents in and confirms, as the demo billers, those that have a history."

    def add_arguments(self, parser: CommandParser) -> None:
        """Flags."""
        parser.add_argument("--confirm", action="store_true", help="go on confirming as the workers pre-fill; ends when all are done")
        parser.add_argument("--minutes", type=float, default=30.0, help="how long --confirm waits without progress (default 30)")
        parser.add_argument("--seconds", type=float, default=15.0, help="how long to read and confirm here (default 15)")
        parser.add_argument("--inline", action="store_true", help="read and pre-fill everything here, without workers")
        parser.add_argument("--limit", type=int, help="only that many documents with, and that many without, a confirmed record")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, then confirm if asked to."""
        started = time.monotonic()
        folder = Path(settings.DATA_DIR)
        if demo.is_loaded(folder):
            self.stdout.write("The demo documents are loaded already.")
        else:
            count = demo.load(folder, progress=self._progress("taken in"), limit=options["limit"])
            self.stdout.write(f"{count} demo documents taken in, {time.monotonic() - started:.1f} s.")
        records = demo.waiting(folder)
        if records or options["inline"]:
            seconds = None if options["inline"] else options["seconds"]
            if seconds is None or seconds > 0:
                limit = "" if seconds is None else f", for {seconds:.0f} s; the workers go on with the rest"
                self.stdout.write(f"Reading and confirming the first documents{limit}")
            work_through(records, self._people(), progress=self._progress("read and pre-filled"), seconds=seconds)
        if options["confirm"]:
            self._confirm(folder, patience=options["minutes"] * 60)
        left = len(demo.waiting(folder))
        self.stdout.write(f"{left} confirmed records still wait for their pre-fill. Done after {time.monotonic() - started:.1f} s.")

    def _confirm(self, folder: Path, patience: float) -> None:
        people, confirmed, quiet_since = self._people(), 0, time.monotonic()
        while records := demo.waiting(folder):
            for _ in demo.confirm_ready(records, people):
                confirmed, quiet_since = confirmed + 1, time.monotonic()
                self.stdout.write(f"{confirmed} demo records confirmed, {len(records)} waited for their pre-fill")
            if time.monotonic() - quiet_since > patience:
                raise CommandError(
                    f"{len(records)} demo documents got no pre-fill within {patience / 60:.0f} minutes. Are the workers running?"
                )
            time.sleep(POLL_SECONDS)

    def _people(self) -> list[User]:
        people = list(User.objects.filter(username__in=PEOPLE, role=Role.BILLER, is_active=True).order_by("username"))
        if not people:
            raise CommandError(f"There is none of the demo billers {', '.join(PEOPLE)}; run create_demo_users first.")
        return people

    def _progress(self, done: str) -> Any:
        def show(count: int, total: int) -> None:
            if count % 10 == 0 or count == total:
                self.stdout.write(f"{count} of {total} {done}")
                self.stdout.flush()

        return show
