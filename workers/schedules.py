"""What runs by the clock. The scheduler process runs it itself, so that it needs no broker and no free worker."""

from __future__ import annotations

from typing import Any

from celery.beat import PersistentScheduler, ScheduleEntry
from celery.schedules import crontab
from django.conf import settings
from django.db import close_old_connections

REAP_SECONDS = min(5.0, settings.JOB_LEASE_SECONDS / 3)
"""A lapsed lease is found within this time, so it adds little to the lease itself."""

SEAL_SECONDS = 30.0
"""So long may an entry of the trail stand outside of the chain."""

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "reap": {"task": "workers.reap", "schedule": REAP_SECONDS},
    "seal the trail": {"task": "workers.seal_trail", "schedule": SEAL_SECONDS},
    "verify the trail": {"task": "workers.ask_for_verification", "schedule": crontab(hour="2", minute="20")},
    "clear sessions": {"task": "workers.clear_sessions", "schedule": crontab(minute="17")},
    "describe reviews": {"task": "workers.describe_reviews", "schedule": crontab()},
    "measure readings": {"task": "workers.measure_readings", "schedule": crontab()},
    "free stuck pairs": {"task": "workers.free_stuck_pairs", "schedule": crontab(minute="*/5")},
    "count agreement": {"task": "workers.ask_for_counting_agreement", "schedule": crontab()},
    "count quality": {"task": "workers.ask_for_counting_quality", "schedule": crontab()},
    "prepare tests": {"task": "workers.prepare_tests", "schedule": crontab()},
    "refresh standings": {"task": "workers.refresh_standings", "schedule": crontab()},
    "look for suspects": {"task": "workers.look_for_suspects", "schedule": crontab()},
    "keep up counting": {"task": "workers.keep_up_counting", "schedule": crontab()},
    "count today": {"task": "workers.ask_for_counting_days", "schedule": crontab(minute="6")},
    "count yesterday": {"task": "workers.ask_for_counting_days", "schedule": crontab(hour="0", minute="12")},
    "look for alerts": {"task": "workers.look_for_alerts", "schedule": crontab(minute="*/5")},
    "look for triggers": {"task": "workers.look_for_triggers", "schedule": crontab(minute="7")},
    "go on with proposals": {"task": "workers.go_on_with_proposals", "schedule": crontab()},
    "clear ledger": {"task": "workers.clear_ledger", "schedule": crontab(hour="3", minute="40")},
}


class LocalScheduler(PersistentScheduler):
    """Celery beat whose entries run in the scheduler's own process.

    The reaper is what brings work back when the broker was down or every worker is busy, so it may wait for
    neither. Entries are short; a fault of one is logged by ``apply_entry`` and the next tick goes on.
    """

    producer: Any = None  # Celery would connect to the broker here

    def apply_async(self, entry: ScheduleEntry, producer: object = None, advance: bool = True, **_: Any) -> None:
        """Run the task of ``entry`` now. A stale database connection is replaced first."""
        if advance:
            self.reserve(entry)
        close_old_connections()
        self.app.tasks[str(entry.task)].apply(entry.args, entry.kwargs, throw=True)
