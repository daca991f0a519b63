"""``manage.py merge_datasets``: the newest corrections merged with the set that was trained on before, as a new frozen version."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from modelops.datasets.collecting import collect, version_numbered
from modelops.datasets.commands import freeze_and_tell, keep_held_out, name_held_out
from modelops.datasets.merging import newest_pair
from modelops.errors import ModelopsError


class Command(BaseCommand):
    """``merge_datasets [NEWER OLDER] [--out FOLDER] [--held-out FILE] [--note TEXT]``."""

    help = (
        "Merge a data set version with an earlier one into a new, frozen one. Without numbers: the newest collection of corrections with "
        "the set that was put together before it. A corrected document is in it as it is now, each text once."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which versions, and where a copy goes."""
        parser.add_argument("versions", type=int, nargs="*", metavar="NUMBER", help="the newer and the older version")
        parser.add_argument("--out", type=Path, metavar="FOLDER", help="copy the data set there, with held_out_vendors.json")
        parser.add_argument("--held-out", type=Path, metavar="FILE", help="write held_out_vendors.json there, without a copy of it all")
        parser.add_argument("--note", default="", help="what the version is for")

    def handle(self, *args: Any, **options: Any) -> None:
        """Merge, freeze, tell."""
        numbers: list[int] = options["versions"]
        if len(numbers) not in (0, 2):
            raise CommandError(f"{len(numbers)} numbers were given; give the newer and the older one, or none.")
        try:
            newer, older = (version_numbered(number) for number in numbers) if numbers else newest_pair()
            if older is None:
                self.stdout.write(f"There is no set before data set {newer.number} to merge it with; it stands for itself.")
                version = newer
            else:
                asked = collect(by=None, since=newer.since, parent=older, merged=[newer], note=options["note"])
                version = freeze_and_tell(asked, self.stdout.write)
            if options["out"]:
                self.stdout.write(f"Copied; {keep_held_out(version, options['out'])} names the held-out vendors.")
            if options["held_out"]:
                self.stdout.write(f"{name_held_out(version, options['held_out'])} names the held-out vendors.")
        except ModelopsError as error:
            raise CommandError(error.detail) from error
