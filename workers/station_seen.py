"""What workers know of themselves, as the rules of alerts take it: who serves each queue, what waits, which jobs are dead."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db.models import Count, Max, Min
from django.db.models.functions import Now

from invoices.serving import serving_model
from mlcore.alerting.rules.station import DeadJobs, QueueSeen
from modelops.alerts.rules import StationSeen
from workers.kinds import INFERENCE, QUEUES, TRAINING
from workers.models import Job, JobStatus, WorkerSign
from workers.signs import living


def station_seen() -> StationSeen:
    """Four statements, whatever the number of jobs and workers: signs of life twice, due jobs by queue, dead ones by kind and error."""
    alive = living()
    now = datetime.now(UTC)
    signs = list(WorkerSign.objects.order_by("-seen_at").values_list("name", "queues", "seen_at"))
    due = Job.objects.filter(status=JobStatus.QUEUED, not_before__lte=Now()).order_by()
    waiting = {queue: (count, oldest) for queue, count, oldest in due.values_list("queue").annotate(Count("pk"), Min("not_before"))}
    return StationSeen(
        tuple(_queue(name, alive, signs, waiting.get(name), now) for name in QUEUES if _needed(name, name in waiting)), _dead()
    )


def _needed(queue: str, waits: bool) -> bool:
    """Nobody has to serve the language model where none serves, nor training while nothing is to be trained."""
    if queue == INFERENCE:
        return serving_model() is not None
    return queue != TRAINING or waits


def _queue(
    name: str, alive: dict[str, frozenset[str]], signs: list[tuple[str, str, datetime]], waiting: tuple[int, datetime] | None, now: datetime
) -> QueueSeen:
    last = next(((worker, seen) for worker, queues, seen in signs if name in queues.split(",")), None)
    return QueueSeen(
        name=name,
        living=sum(name in queues for queues in alive.values()),
        silent_seconds=_seconds(now, last[1]) if last else None,
        due=waiting[0] if waiting else 0,
        oldest_seconds=_seconds(now, waiting[1]) if waiting else 0,
        last_worker=last[0] if last else "",
    )


def _dead() -> tuple[DeadJobs, ...]:
    rows = Job.objects.filter(status=JobStatus.DEAD).order_by().values_list("kind", "error_code").annotate(Count("pk"), Max("pk"))
    kinds: dict[str, list[tuple[str, int, int]]] = {}
    for kind, code, count, newest in rows:
        kinds.setdefault(kind, []).append((code, count, newest))
    return tuple(
        DeadJobs(
            kind=kind,
            count=sum(count for _, count, _ in found),
            newest=max(newest for _, _, newest in found),
            codes=tuple((code, count) for code, count, _ in sorted(found, key=lambda one: -one[1])[:5]),
        )
        for kind, found in sorted(kinds.items())
    )


def _seconds(now: datetime, then: datetime) -> int:
    return max(0, int((now - then).total_seconds()))
