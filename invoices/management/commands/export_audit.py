"""``manage.py export_audit``: the trail as JSON Lines or CSV on standard output, streamed."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from invoices.audit.actions import Action
from invoices.audit.export import FORMATS
from invoices.audit.recording import Target, record
from invoices.selectors.audit import AuditFilter


class Command(BaseCommand):
    """``export_audit [--since DAY] [--until DAY] [--format jsonl|csv]``."""

    help = "Write the audit trail, oldest first, to standard output. The export itself is recorded."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Days and format."""
        parser.add_argument("--since", type=dt.date.fromisoformat, metavar="DAY", help="first day (UTC), as 2026-11-26")
        parser.add_argument("--until", type=dt.date.fromisoformat, metavar="DAY", help="last day (UTC), included")
        parser.add_argument("--format", choices=list(FORMATS), default="jsonl", help="default jsonl")

    def handle(self, *args: Any, **options: Any) -> None:
        """Stream it."""
        wanted = AuditFilter(since=options["since"], until=options["until"])
        name = options["format"]
        record(Action.AUDIT_EXPORTED, actor=None, object=Target("audit"), after={"format": name, **wanted.to_json()})
        lines, _, _ = FORMATS[name]
        for text in lines(wanted.entries()):
            self.stdout.write(text, ending="")
