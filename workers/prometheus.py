"""``/metrics``: how the station is, for Prometheus. Counts and states alone: nothing of a document, a vendor or a person."""

from __future__ import annotations

import datetime as dt
import hmac
import ipaddress
from collections.abc import Iterator

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from invoices.models import Document, DocumentStatus
from invoices.serving import accepts_documents, serving
from labeling.models import LabelingTask, TaskKind, TaskState
from modelops.models import Alert, CountedDay, DailyMetric, ModelVersion, RunState, TrainingRun
from modelops.monitoring.estimates import Share
from modelops.monitoring.totals import Totals
from workers import health
from workers.exposition import CONTENT_TYPE, Family, Sample, exposition

_WEEK = dt.timedelta(days=7)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """The numbers, for whoever has the token; without a token set, for programs on this machine that ask directly."""
    if not may_read(request):
        told = "Send the token of COUNTERSIGN_METRICS_TOKEN as “Authorization: Bearer …”; without one set, ask on this machine itself.\n"
        return HttpResponse(told, status=403, content_type="text/plain; charset=utf-8")
    try:
        return HttpResponse(exposition(families()), content_type=CONTENT_TYPE)
    except DatabaseError:
        return HttpResponse("# The database does not answer.\n", status=503, content_type=CONTENT_TYPE)


def may_read(request: HttpRequest) -> bool:
    """By token, compared in constant time; without a token only from the loopback, and not through a proxy, which stands there too."""
    token: str = settings.METRICS_TOKEN
    if token:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        return scheme.casefold() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode())
    if settings.TRUSTED_PROXIES or request.headers.get("X-Forwarded-For") or request.headers.get("Forwarded"):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def families() -> Iterator[Family]:
    """Everything that is told. About thirty statements, whatever the number of documents."""
    yield from _station(health.look())
    yield from _documents()
    yield from _models()
    yield from _counted()


def _station(found: health.Health) -> Iterator[Family]:
    queues = found.queues
    yield _by("countersign_jobs_waiting", "Jobs that wait, by queue.", "queue", {queue.name: queue.waiting for queue in queues})
    yield _by("countersign_jobs_running", "Jobs under a lease, by queue.", "queue", {queue.name: queue.running for queue in queues})
    oldest = {queue.name: queue.oldest_seconds for queue in queues}
    yield _by("countersign_queue_oldest_seconds", "How long the oldest due job has waited, by queue.", "queue", oldest)
    yield _by(
        "countersign_workers_alive", "Workers that signed lately, by queue.", "queue", {queue.name: queue.workers for queue in queues}
    )
    yield _one("countersign_leases_held", "Jobs whose lease runs.", found.beside.leases)
    yield _one("countersign_scheduler_alive", "Whether the scheduler signed lately.", found.scheduler)
    yield _one("countersign_broker_reachable", "Whether the broker answers.", found.broker)
    yield _one("countersign_leases_lapsed", "Jobs whose lease has run out and that wait to be brought back.", found.beside.lapsed)
    yield _one("countersign_gpus", "Graphics cards of this machine.", len(found.beside.gpus))
    yield _one("countersign_jobs_dead", "Jobs that failed for good.", found.dead_jobs)
    yield _one("countersign_disk_free_bytes", "Bytes that are free in the data folder.", found.disk_free)
    yield _one("countersign_problems", "Problems that the health page tells of.", len(found.problems))


def _documents() -> Iterator[Family]:
    counts = dict(Document.objects.order_by().values_list("status").annotate(n=Count("pk")))
    by_status = {status.value: counts.get(status.value, 0) for status in DocumentStatus}
    yield _by("countersign_documents", "Documents by status.", "status", by_status)
    tasks = dict(LabelingTask.objects.filter(state=TaskState.OPEN).order_by().values_list("kind").annotate(n=Count("pk")))
    labels = sum(tasks.get(kind.value, 0) for kind in (TaskKind.LABEL, TaskKind.SECOND_LABEL, TaskKind.AUDIT))
    open_tasks = {"label": labels, "review": tasks.get(TaskKind.REVIEW.value, 0), "adjudicate": tasks.get(TaskKind.ADJUDICATE.value, 0)}
    yield _by("countersign_tasks_open", "Open tasks of people, by kind; second labels and audits are labels.", "kind", open_tasks)


def _models() -> Iterator[Family]:
    champion = ModelVersion.objects.filter(state=ModelVersion.State.CHAMPION).values_list("number", "model_id").first()
    number, model_id = champion or ("", "")
    info = {"number": str(number), "model_id": model_id, "serves": "model" if serving().models else "templates"}
    yield Family("countersign_model_info", "What pre-fills; the numbers of the champion are blank without one.", [Sample(1, info)])
    yield _one("countersign_model_certified", "Whether the serving model may accept documents without a person.", accepts_documents())
    runs = dict(TrainingRun.objects.order_by().values_list("state").annotate(n=Count("pk")))
    yield _by(
        "countersign_training_runs", "Training runs by state.", "state", {state.value: runs.get(state.value, 0) for state in RunState}
    )
    still = Alert.objects.exclude(state=Alert.State.RESOLVED)
    alerts = dict(still.order_by().values_list("state").annotate(n=Count("pk")))
    states = (Alert.State.OPEN, Alert.State.ACKNOWLEDGED, Alert.State.MUTED)
    yield _by(
        "countersign_alerts", "Alerts that are not resolved, by state.", "state", {one.value: alerts.get(one.value, 0) for one in states}
    )


def _counted() -> Iterator[Family]:
    """The newest day on which something was judged, and the week up to the newest counted day."""
    today = timezone.now().astimezone(dt.UTC).date()
    rows = list(DailyMetric.objects.filter(vendor=None, day__gt=today - _WEEK, day__lte=today).order_by("-day"))
    judged = next((row for row in rows if row.judged_documents), None)
    spans = {"1": [judged] if judged else [], "7": rows}
    shares = {(days, what): getattr(Totals.of(found), what) for days, found in spans.items() for what in ("values", "documents")}
    known = {key: share for key, share in shares.items() if share.value is not None}
    yield _shares(
        "countersign_accuracy_ratio", "Share that was right, of the newest day that was judged and of 7 days; none if unknown.", known
    )
    for bound in ("low", "high"):
        told = f"The {bound} end of its 95 % interval."
        yield _shares(f"countersign_accuracy_{bound}_ratio", told, known, bound)
    week = Totals.of(rows)
    through = {"passed": week.straight_through, "review": week.review_share}
    samples = [Sample(value, {"what": name}) for name, value in through.items() if value is not None]
    yield Family(
        "countersign_week_share_ratio", "Of what came in within 7 days: went through without a person, was routed to a review.", samples
    )
    yield _one("countersign_week_settled", "Documents settled within 7 days.", week.numbers["settled"])
    newest = CountedDay.objects.filter(counted_at__isnull=False).order_by("-counted_at").values_list("counted_at", flat=True).first()
    counted = [Sample(newest.timestamp())] if newest else []
    yield Family("countersign_metrics_counted_timestamp_seconds", "When a day was counted last.", counted)


def _shares(name: str, told: str, known: dict[tuple[str, str], Share], part: str = "value") -> Family:
    return Family(name, told, [Sample(getattr(share, part), {"days": days, "what": what}) for (days, what), share in known.items()])


def _one(name: str, told: str, value: float) -> Family:
    return Family(name, told, [Sample(float(value))])


def _by(name: str, told: str, label: str, counts: dict[str, int]) -> Family:
    return Family(name, told, [Sample(count, {label: key}) for key, count in counts.items()])
