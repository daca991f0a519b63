"""Every rule on what the station has counted. Reads ``DailyMetric`` and open tasks; what workers know of themselves is handed in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone

from mlcore.alerting.estimate import Estimate
from mlcore.alerting.finding import Finding
from mlcore.alerting.limits import Limits
from mlcore.alerting.rules.accuracy import overall_accuracy, vendor_accuracy
from mlcore.alerting.rules.certificate import certificate
from mlcore.alerting.rules.layout import new_layout
from mlcore.alerting.rules.queue import review_queue
from mlcore.alerting.rules.station import DeadJobs, QueueSeen, job_dead, worker_silent
from mlcore.confidence.certificates import Certificate
from modelops.alerts.certified import certificate_in_force
from modelops.alerts.reading import DayRow, DaysRead, estimate_of, open_work, outward_names, read_days, span_of, total
from modelops.models import Alert, AlertKind


@dataclass(frozen=True, slots=True)
class StationSeen:
    """What workers know of themselves: queues, and dead jobs by kind."""

    queues: tuple[QueueSeen, ...] = ()
    dead: tuple[DeadJobs, ...] = ()


def findings(limits: Limits, station: StationSeen | None = None, today: dt.date | None = None) -> list[Finding]:
    """What every rule says now: six statements, whatever the number of vendors and documents."""
    read = read_days(today or timezone.now().astimezone(dt.UTC).date(), limits)
    alerts = list(Alert.objects.exclude(state=Alert.State.RESOLVED).order_by("pk"))
    names = outward_names(list(read.vendors))
    found = [*_of_vendors(read, limits, alerts, names), *_of_all(read, limits)]
    return found + (_of_station(station, limits, alerts) if station is not None else [])


def _of_all(read: DaysRead, limits: Limits) -> list[Finding]:
    certified = certificate_in_force()
    review, other = open_work()
    span = span_of(read.overall, limits)
    lately = [row for row in read.overall if row.age < limits.window_days]
    return [
        overall_accuracy(estimate_of(span.now, 1 - 2 * limits.false_alarm), limits, days=span.days),
        review_queue(review, other, limits, passed=total(lately, "passed"), days=limits.window_days),
        _of_certificate(read.overall, certified, limits),
    ]


def _of_certificate(rows: Sequence[DayRow], certified: Certificate | None, limits: Limits) -> Finding:
    """Of the days in which the model that serves now was the last to serve: the certificate is its own."""
    model = rows[-1].model_id if rows else ""
    own = [row for row in rows if row.model_id == model and row.age < limits.before_days]
    accepted, right = total(own, "accepted_judged"), total(own, "accepted_right")
    return certificate(accepted, right, certified, limits, model=model, days=limits.before_days)


def _of_vendors(read: DaysRead, limits: Limits, alerts: Iterable[Alert], names: dict[int, str]) -> list[Finding]:
    levels = {alert.vendor_id: _level(alert) for alert in alerts if alert.kind == AlertKind.VENDOR_ACCURACY}
    spans = {vendor: span_of(rows, limits) for vendor, rows in read.vendors.items()}
    compared = sum(
        min(total(span.now, "judged_documents"), total(span.before, "judged_documents")) >= limits.least_documents
        for span in spans.values()
    )
    level = 1 - 2 * limits.false_alarm / max(1, compared)
    found = [
        vendor_accuracy(
            *(vendor, names.get(vendor, f"Vendor {vendor}"), estimate_of(span.now, level)),
            *(levels.get(vendor) or estimate_of(span.before, level), limits),
            days=span.days,
            vendors=compared,
        )
        for vendor, span in spans.items()
    ]
    lately = {vendor: [row for row in rows if row.age < limits.window_days] for vendor, rows in read.vendors.items()}
    novel = sum(total(rows, "novel") > 0 for rows in lately.values())
    return found + [_of_layout(vendor, names.get(vendor, f"Vendor {vendor}"), rows, limits, novel) for vendor, rows in lately.items()]


def _of_layout(vendor: int, name: str, rows: Sequence[DayRow], limits: Limits, vendors: int) -> Finding:
    newest = max((row.day.isoformat() for row in rows if row.counts["novel"]), default="")
    return new_layout(
        vendor, name, total(rows, "novel"), total(rows, "received"), limits, days=limits.window_days, newest=newest, vendors=vendors
    )


def _of_station(station: StationSeen, limits: Limits, alerts: Iterable[Alert]) -> list[Finding]:
    """Kinds of which no job is dead any more are over."""
    known = {jobs.kind for jobs in station.dead}
    gone = [alert.key.partition(":")[2] for alert in alerts if alert.kind == AlertKind.JOB_DEAD]
    dead = [*station.dead, *(DeadJobs(kind, 0) for kind in gone if kind not in known)]
    return [*(worker_silent(queue, limits) for queue in station.queues), *(job_dead(jobs, limits) for jobs in dead)]


def _level(alert: Alert) -> Estimate | None:
    """The level that an open alert compares with."""
    try:
        return Estimate.from_json(alert.evidence["before"])
    except (KeyError, TypeError, ValueError):
        return None
