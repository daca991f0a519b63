"""``manage.py count_metrics --from DAY --to DAY [--check]``: count days anew, or say where they differ from what is stored."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from modelops.errors import ModelopsError
from modelops.monitoring.counting import checked_days, count_days, count_newer, differing, refresh
from modelops.monitoring.days import day_of

SHOWN = 50


def a_day(text: str) -> dt.date:
    """``2026-11-26``, or ``today`` or ``yesterday`` (UTC). Raises ``ValueError``."""
    today = day_of(timezone.now())
    named = {"today": today, "yesterday": today - dt.timedelta(days=1)}
    return named.get(text) or dt.date.fromisoformat(text)


class Command(BaseCommand):
    """Count, back-fill or check the daily metrics."""

    help = "Count the daily metrics of some days (UTC), whatever is stored of them; without days, of all that have changed."

    def add_arguments(self, parser: CommandParser) -> None:
        """Days and what to do."""
        parser.add_argument("--from", dest="first", type=a_day, help="first day, as 2026-11-26, today or yesterday")
        parser.add_argument("--to", dest="last", type=a_day, help="last day; the first one without it")
        parser.add_argument("--check", action="store_true", help="change nothing of the days; fail where a count would differ")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises ``CommandError`` for days that cannot be, and for a check that finds something."""
        first, last = options["first"], options["last"] or options["first"]
        if first is None and (last is not None or options["check"]):
            raise CommandError("Give --from as well.")
        try:
            if options["check"]:
                self._check(first, last)
                return
            days = count_days(first, last) if first else count_newer()
        except ModelopsError as error:
            raise CommandError(error.detail) from error
        self.stdout.write(f"{len(days)} day{'' if len(days) == 1 else 's'} counted.")

    def _check(self, first: dt.date, last: dt.date) -> None:
        refresh()
        days = list(checked_days(first, last))
        found = [line for day in days for line in differing(day)]
        for line in found[:SHOWN]:
            self.stdout.write(line)
        if found:
            raise CommandError(f"{len(found)} numbers differ; count_metrics --from {first} --to {last} counts them anew.")
        self.stdout.write(f"{len(days)} day{'' if len(days) == 1 else 's'} checked: nothing differs.")
