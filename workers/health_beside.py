"""What the health page says beside the queues: leases, cards, training, daily metrics, alerts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.db.models.functions import Now
from django.utils import timezone

from modelops.models import Alert, CountedDay, RunState, TrainingRun
from workers.gpus import Gpu, gpus
from workers.models import Job, JobStatus

LATE = timedelta(hours=26)
"""Days are counted every hour; after so long without it something is wrong."""


@dataclass(frozen=True, slots=True)
class Beside:
    """``leases`` run; ``lapsed`` ones wait to be brought back. ``training`` runs are under way and ``queued`` ones wait. ``counted_at`` is
    when a day was counted last, ``stale_days`` how many have to be counted. ``alerts`` are open, ``urgent`` of them at once."""

    leases: int
    lapsed: int
    gpus: tuple[Gpu, ...]
    training: int
    queued: int
    counted_at: datetime | None
    stale_days: int
    alerts: int
    urgent: int
    problems: tuple[str, ...]


def look_beside() -> Beside:
    """Four statements."""
    running, live = Q(status=JobStatus.RUNNING), Q(lease_until__gt=Now())
    jobs = Job.objects.filter(running).aggregate(live=Count("pk", filter=live), lapsed=Count("pk", filter=~live))
    under_way = Q(state__in=[RunState.RUNNING, RunState.STOPPING])
    open_runs = TrainingRun.objects.filter(state__in=[RunState.QUEUED, RunState.RUNNING, RunState.STOPPING])
    runs = open_runs.aggregate(training=Count("pk", filter=under_way), queued=Count("pk", filter=Q(state=RunState.QUEUED)))
    newest = CountedDay.objects.filter(counted_at__isnull=False).order_by("-counted_at").values_list("counted_at", flat=True).first()
    stale = CountedDay.objects.filter(stale=True).count()
    now = Q(severity=Alert.Severity.NOW)
    alerts = Alert.objects.filter(state=Alert.State.OPEN).aggregate(all=Count("pk"), now=Count("pk", filter=now))
    problems = _problems(newest)
    return Beside(
        jobs["live"], jobs["lapsed"], gpus(), runs["training"], runs["queued"], newest, stale, alerts["all"], alerts["now"], problems
    )


def _problems(counted_at: datetime | None) -> tuple[str, ...]:
    if counted_at is None or timezone.now() - counted_at < LATE:
        return ()
    hours = int((timezone.now() - counted_at).total_seconds() // 3600)
    return (f"Daily metrics were counted last {hours} hours ago; see that the scheduler and a worker of the queue “documents” run.",)
