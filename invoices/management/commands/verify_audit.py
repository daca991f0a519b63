"""``manage.py verify_audit``: whether anything of the trail was changed, taken away or put in since it was sealed."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from invoices.audit.entries import AuditSeal
from invoices.audit.verifying import holding, note, verify


class Command(BaseCommand):
    """Exit status 0: the chain is whole. 1: it is broken, or it does not hold the seal that was given."""

    help = "Compute the chain of the audit trail anew and say what does not fit: position, entry, what was expected, what was found."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to begin, and what must be there."""
        parser.add_argument("--from-seal", type=int, metavar="POSITION", help="begin behind the seal at this position, which is trusted")
        parser.add_argument(
            "--expect",
            metavar="POSITION:HASH",
            help="a seal that was written down elsewhere (the log, a letter): the chain must hold it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify, keep the outcome for the screen, say it."""
        after = _seal(options["from_seal"]) if options["from_seal"] is not None else None
        expected = _expected(options["expect"]) if options["expect"] else None
        found = verify(after=after, progress=lambda position: self.stderr.write(f"{position:,}") if position % 100_000 == 0 else None)
        if expected is not None:
            found = holding(found, *expected)
        note(found)
        for fault in found.faults:
            self.stdout.write(str(fault))
        if found.waiting:
            self.stdout.write(f"{found.waiting} entries are not sealed yet; the scheduler seals every half minute.")
        if found.faults:
            raise CommandError(f"The trail is broken in {len(found.faults)} places, see above.")
        if found.end < found.start:
            self.stdout.write("Nothing is sealed there.")
        else:
            self.stdout.write(f"Positions {found.start} to {found.end} are whole.")


def _seal(position: int) -> AuditSeal:
    seal = AuditSeal.objects.filter(position=position).first()
    if seal is None:
        nearest = AuditSeal.objects.filter(position__lt=position).order_by("-position").values_list("position", flat=True).first()
        raise CommandError(f"There is no seal at position {position}; the nearest one before it is at {nearest or 0}.")
    return seal


def _expected(text: str) -> tuple[int, str]:
    position, _, digest = text.partition(":")
    if not position.isdigit() or len(digest) != 64:
        raise CommandError(f"{text!r} is no seal; give POSITION:HASH with the 64 digits of the hash, as the log has it.")
    return int(position), digest
