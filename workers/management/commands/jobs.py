"""``manage.py jobs``: look at the ledger, try dead jobs again."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Count

from workers.ledger import revive
from workers.models import Job, JobStatus


class Command(BaseCommand):
    """``jobs summary``, ``jobs list [--status S]``, ``jobs retry [ID...]``."""

    help = "Look at the job ledger; give dead jobs three new attempts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do."""
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("summary", help="how many jobs of each kind are in which state")
        listing = actions.add_parser("list", help="the newest jobs")
        listing.add_argument("--status", choices=JobStatus.values, help="only jobs in this state")
        listing.add_argument("--limit", type=int, default=50, help="how many (default 50)")
        retry = actions.add_parser("retry", help="give dead jobs three new attempts")
        retry.add_argument("id", nargs="*", type=int, help="which; all dead ones when none is named")

    def handle(self, *args: Any, **options: Any) -> None:
        """Dispatch to one action."""
        match options["action"]:
            case "summary":
                self._summary()
            case "list":
                self._list(options["status"], options["limit"])
            case "retry":
                self._retry(options["id"])

    def _summary(self) -> None:
        for row in Job.objects.values("kind", "status").annotate(count=Count("pk")).order_by("kind", "status"):
            self.stdout.write(f"{row['kind']:<24} {row['status']:<10} {row['count']:>7}")

    def _list(self, status: str | None, limit: int) -> None:
        jobs = Job.objects.filter(status=status) if status else Job.objects.all()
        for job in jobs.order_by("-pk")[:limit]:
            fault = f"  {job.error_code}: {job.error_message}" if job.error_code else ""
            self.stdout.write(f"{job.pk:>7} {job.kind:<24} {job.status:<10} attempts {job.attempts}  {job.key}{fault}")

    def _retry(self, ids: list[int]) -> None:
        dead = Job.objects.filter(status=JobStatus.DEAD)
        count = revive(dead.filter(pk__in=ids) if ids else dead)
        self.stdout.write(f"{count} jobs are tried again within seconds.")
