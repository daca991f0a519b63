"""Fills a station with some months of a model's life, as the parts that count, train and deploy would have left it. Reproducible.

from tests.modelops.dashboard.filler import fill
fill(days=120, end=today, vendors=8, per_day=6)
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils import timezone

from invoices.models import Document, User, Vendor
from labeling.models import LabelingTask, TaskKind
from modelops.gate.policies import current_gate_policy, gate_values
from modelops.models import (
    Alert,
    AlertKind,
    DailyMetric,
    DatasetVersion,
    Deployment,
    GateResult,
    ModelVersion,
    RunState,
    TrainingRun,
    TriggerProposal,
)
from modelops.monitoring.bins import BINS, bin_of
from modelops.monitoring.sums import AUDIT, SEEN, Stratum

NAMES = (
    *("Apex Infusion", "Bayside Home Medical Equipment and Respiratory Services", "Cardinal Ridge", "Delta DME", "Eastgate Pharmacy"),
    *("Fairview Orthotics", "Granite Labs", "Harbor Compounding", "Ivy Rentals", "Juniper Surgical", "Kestrel", "Linden Care"),
)
VALUES = 18


@dataclass
class _Row:
    """A day of one vendor, or of all."""

    strata: dict[str, Stratum] = field(default_factory=lambda: {SEEN: Stratum(), AUDIT: Stratum()})
    confidence: list[list[int]] = field(default_factory=lambda: [[0, 0, 0] for _ in range(BINS)])
    received: int = 0
    passed: int = 0
    review: int = 0
    settled: int = 0
    seconds: float = 0.0


def fill(*, days: int = 120, end: dt.date | None = None, vendors: int = 8, per_day: int = 6, by: User | None = None, seed: int = 7) -> None:
    """Metrics of ``days`` days up to ``end`` (today), three models, their runs and deployments, alerts, a proposal and open tasks."""
    end = end or timezone.now().date()
    drawn = random.Random(seed)
    made = [Vendor.objects.create(name=name, status="confirmed") for name in NAMES[:vendors]]
    for number in range(days):
        _fill_day(drawn, end - dt.timedelta(days=days - 1 - number), number / max(1, days - 1), made, per_day)
    deploy_models(end, days, by)
    raise_alerts(made[0])
    open_tasks(made[0])


def _fill_day(drawn: random.Random, day: dt.date, progress: float, vendors: list[Vendor], per_day: int) -> None:
    """``progress`` is 0 at the first day and 1 at the last: the model gets better and people faster."""
    rows: dict[int | None, _Row] = {vendor.pk: _Row() for vendor in vendors} | {None: _Row()}
    for place, vendor in enumerate(vendors):
        accuracy = min(0.999, 0.955 + 0.035 * progress - 0.006 * place + (0.03 if place < 3 else 0.0))
        count = drawn.randint(max(1, per_day // 2), per_day + per_day // 2)
        for _ in range(count if day.weekday() < 5 else count // 6):
            _document(drawn, accuracy, 0.35 + 0.4 * progress, 150 - 80 * progress, (rows[vendor.pk], rows[None]))
    counted_at = timezone.now()
    for pk, row in rows.items():
        DailyMetric.objects.create(day=day, vendor_id=pk, counted_at=counted_at, **_numbers(row, progress))


def _document(drawn: random.Random, accuracy: float, through: float, seconds: float, rows: tuple[_Row, ...]) -> None:
    """One document: read, perhaps passed, perhaps looked at."""
    passes = drawn.random() < through
    checked = not passes or drawn.random() < 0.25
    hard = drawn.random() < (1 - accuracy) * (1.2 if passes else 5)
    confidences = [min(0.999, max(0.05, drawn.betavariate(14, 1) if passes else drawn.betavariate(8, 1.1))) for _ in range(VALUES)]
    held = [drawn.random() < (min(0.85, confidence) if hard else 0.997 - (1 - confidence) ** 2) for confidence in confidences]
    bins = [(bin_of(sure), 1, int(right), round(10_000 * sure)) for sure, right in zip(confidences, held, strict=True)]
    for row in rows:
        row.received += 1
        row.passed += passes
        row.review += not passes
        for place, _, right, _ in bins:
            row.confidence[place][0] += 1
            row.confidence[place][1] += checked
            row.confidence[place][2] += right * checked
        if checked:
            row.strata[AUDIT if passes else SEEN].document(VALUES, sum(held), all(held), {"total": [1, int(held[0])]}, bins)
            row.settled += 1
            row.seconds += max(5.0, drawn.gauss(seconds, seconds / 4))


def _numbers(row: _Row, progress: float) -> dict[str, Any]:
    both = list(row.strata.values())
    return {
        "judged_values": sum(one.values[0] for one in both),
        "right_values": sum(one.values[1] for one in both),
        "judged_documents": sum(one.documents[0] for one in both),
        "right_documents": sum(one.documents[1] for one in both),
        "accepted_judged": row.strata[AUDIT].documents[0],
        "accepted_right": row.strata[AUDIT].documents[1],
        "fields": {"total": [row.settled, row.settled, 0]},
        "strata": {name: one.to_json() for name, one in row.strata.items()},
        "confidence": row.confidence,
        "received": row.received,
        "read_accepted": row.passed,
        "read_review": row.review,
        "passed": row.passed,
        "settled": row.settled,
        "labels": row.settled,
        "effort_seconds": row.seconds,
        "pages": row.received,
        "waiting_label": int(40 - 25 * progress),
        "waiting_review": int(12 - 4 * progress),
        "waiting_oldest": int(86_400 * (3.2 - 2.4 * progress)),
    }


def deploy_models(end: dt.date, days: int, by: User | None) -> None:
    """Two models served one after the other, a third one passed the gate, a run failed."""
    dataset = DatasetVersion.objects.create(number=1, state="frozen", data_hash="d" * 64, documents=600, frozen_at=timezone.now())
    before = Deployment.objects.create(kind="first", model=None)
    _date(before, end - dt.timedelta(days=days + 20))
    verdict = {"policy": gate_values(current_gate_policy()), "reason": "It passed."}
    for number, (age, cost) in enumerate(((int(days * 0.7), "3.2150"), (int(days * 0.3), "2.9025"), (2, "3.4400")), start=1):
        run = _run(dataset, end - dt.timedelta(days=age + 1), Decimal(cost))
        state = {1: "retired", 2: "champion", 3: "candidate"}[number]
        model = ModelVersion.objects.create(
            number=number, model_id=f"adapter-{number:02d}aaaa", state=state, origin="trained", folder=str(number), run=run
        )
        champion = ModelVersion.objects.filter(state="champion").first() if number == 3 else None
        result = GateResult.objects.create(model=model, champion=champion, dataset=dataset, passed=True, verdict=verdict)
        if number < 3:
            Deployment.objects.filter(pk=before.pk).update(ended_at=timezone.now())
            before = Deployment.objects.create(kind="promotion", model=model, replaces=before, result=result, by=by)
            _date(before, end - dt.timedelta(days=age))
    TrainingRun.objects.create(dataset=dataset, recipe={}, state=RunState.FAILED, error_code="memory", error_message="Not enough memory.")
    TriggerProposal.objects.create(
        kind="new_vendor", key="new:1", sentence="Harbor Compounding has 214 labeled documents that no model has learned from."
    )


def _run(dataset: DatasetVersion, day: dt.date, cost: Decimal) -> TrainingRun:
    at = dt.datetime.combine(day, dt.time(3, 20), tzinfo=dt.UTC)
    return TrainingRun.objects.create(dataset=dataset, recipe={}, state=RunState.FINISHED, stage="done", cost=cost, finished_at=at)


def _date(row: Deployment, day: dt.date) -> None:
    at = dt.datetime.combine(day, dt.time(9, 30), tzinfo=dt.UTC)
    Deployment.objects.filter(pk=row.pk).update(at=at, taken_up_at=at + dt.timedelta(minutes=2))


def raise_alerts(vendor: Vendor) -> None:
    """One of a vendor and one of the queue."""
    now = timezone.now()
    wanted = (
        (AlertKind.VENDOR_ACCURACY, "now", f"Accuracy of {vendor.name} fell", "It fell from 98.1 % to 91.4 % in 14 days, over 212 values."),
        (AlertKind.REVIEW_QUEUE, "today", "Too many documents wait for review", "34 % of yesterday’s documents were sent to review."),
    )
    for number, (kind, severity, title, sentence) in enumerate(wanted):
        Alert.objects.create(kind=kind, key=f"k{number}", severity=severity, title=title, sentence=sentence, first_seen=now, last_seen=now)


def open_tasks(vendor: Vendor) -> None:
    """Open tasks of every kind, some old."""
    now = timezone.now()
    wanted = {TaskKind.LABEL: 14, TaskKind.SECOND_LABEL: 3, TaskKind.REVIEW: 9, TaskKind.ADJUDICATE: 12, TaskKind.AUDIT: 2}
    for kind, count in wanted.items():
        for number in range(count):
            document = Document.objects.create(
                name=f"{kind}-{number}.pdf", sha256=f"{kind}-{number}".ljust(64, "x"), size=1, media_type="application/pdf", vendor=vendor
            )
            task = LabelingTask.objects.create(document=document, kind=kind)
            LabelingTask.objects.filter(pk=task.pk).update(created_at=now - dt.timedelta(hours=3 * (count - number), minutes=7))
