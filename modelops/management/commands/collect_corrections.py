"""``manage.py collect_corrections --last-days 90``: the corrections of the last days as a frozen data set version."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from modelops.datasets.collecting import collect, day_before
from modelops.datasets.commands import freeze_and_tell, keep_held_out
from modelops.errors import ModelopsError


class Command(BaseCommand):
    """``collect_corrections [--last-days N | --last-90-days | --since DAY] [--out FOLDER] [--note TEXT]``."""

    help = "Collect the gold records of the last days into a data set version, split by vendor, and freeze it. Needs no worker."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which gold, and where a copy goes."""
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--last-days", type=int, metavar="N", help="gold records of the last N days; without it all there are")
        which.add_argument("--last-90-days", dest="last_days", action="store_const", const=90, help="as the specification writes it")
        which.add_argument("--since", type=dt.date.fromisoformat, metavar="DAY", help="gold records made since this day (YYYY-MM-DD, UTC)")
        parser.add_argument("--out", type=Path, metavar="FOLDER", help="copy the data set there, with held_out_vendors.json")
        parser.add_argument("--note", default="", help="what the version is for")

    def handle(self, *args: Any, **options: Any) -> None:
        """Collect, freeze, tell."""
        try:
            since = day_before(options["last_days"]) if options["last_days"] is not None else options["since"]
            version = freeze_and_tell(collect(by=None, since=since, note=options["note"]), self.stdout.write)
            if options["out"]:
                self.stdout.write(f"Copied; {keep_held_out(version, options['out'])} names the held-out vendors.")
        except ModelopsError as error:
            raise CommandError(error.detail) from error
