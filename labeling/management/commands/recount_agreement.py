"""``manage.py recount_agreement``: the stored sums of agreement once more from the frozen pairs."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from labeling.agreement.recounting import recount


class Command(BaseCommand):
    """``recount_agreement [--check]``."""

    help = "Count all blind pairs again, say whether the stored sums were equal bit for bit, and mend those that were not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether anything is written."""
        parser.add_argument("--check", action="store_true", help="change nothing; exit status 1 when something is not right")

    def handle(self, *args: Any, **options: Any) -> None:
        """Recount and report."""
        check = options["check"]
        found = recount(repair=not check, progress=self.stdout.write)
        for name, fault in found.unequal:
            self.stdout.write(f"{name.rstrip(':')}: {fault}")
        self.stdout.write(f"{found.pairs} pairs in {found.slices} slices: {'equal, bit for bit' if found.equal else 'not equal'}.")
        if found.added:
            self.stdout.write(f"{found.added} pairs that waited were added.")
        if found.unreadable:
            self.stdout.write(f"{found.unreadable} pairs are left out: their stored comparison cannot be read.")
        if check and not found.equal:
            raise CommandError(f"{len(found.unequal)} slices are not right. `manage.py recount_agreement` mends them.")
        if not found.equal:
            self.stdout.write(f"{len(found.unequal)} slices were written anew.")
