"""Ninety days of a model's life as they would have been counted, alerts about them and proposals, for the pictures alone."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field
from typing import Any

DAYS = 91
VALUES = 18
VENDORS = 9
FALLEN = 2
"""Place of the vendor whose documents look otherwise since a week."""


@dataclass
class _Row:
    """A day of one vendor, or of all."""

    strata: dict[str, Any]
    confidence: list[list[int]] = field(default_factory=lambda: [[0, 0, 0] for _ in range(20)])
    received: int = 0
    passed: int = 0
    corrected: int = 0
    settled: int = 0
    seconds: float = 0.0


def fill(models: list[Any]) -> None:
    """The days up to yesterday, of the vendors with the most documents and of all; each with the model that served then."""
    from django.db.models import Count

    from invoices.models import Vendor

    vendors = list(Vendor.objects.filter(status="confirmed").annotate(many=Count("documents")).order_by("-many", "pk")[:VENDORS])
    today = dt.datetime.now(dt.UTC).date()
    for number in range(DAYS):
        age = DAYS - number
        served = models[0] if age > 72 else models[2] if age == 24 else models[1]
        _fill_day(random.Random(number), today - dt.timedelta(days=age), number / DAYS, vendors, served.model_id)


def _fill_day(chance: random.Random, day: dt.date, progress: float, vendors: list[Any], model_id: str) -> None:
    """``progress`` is 0 at the first day and 1 at the last: the model gets better and people faster."""
    from django.utils import timezone

    from modelops.models import CountedDay, DailyMetric

    rows = {vendor.pk: _row() for vendor in vendors} | {None: _row()}
    for place, vendor in enumerate(vendors):
        better = 0.008 if progress > 0.21 else 0.0
        accuracy = min(0.998, 0.979 + better + 0.006 * progress - 0.0012 * place)
        many = 1
        if place == FALLEN:
            many, accuracy = 3, 0.86 if progress > 0.92 else accuracy
        for _ in range(many * max(1, chance.randint(6, 13) - place // 2) if day.weekday() < 5 else chance.randint(0, 1)):
            _document(chance, accuracy, 0.34 + 0.3 * progress, 92 - 45 * progress, (rows[vendor.pk], rows[None]))
    counted_at = timezone.now()
    for pk, row in rows.items():
        numbers = _numbers(row, progress, chance)
        DailyMetric.objects.update_or_create(day=day, vendor_id=pk, defaults={**numbers, "counted_at": counted_at, "model_id": model_id})
    CountedDay.objects.update_or_create(day=day, defaults={"stale": False, "counted_at": counted_at})


def _row() -> _Row:
    from modelops.monitoring.sums import AUDIT, SEEN, Stratum

    return _Row({SEEN: Stratum(), AUDIT: Stratum()})


def _document(chance: random.Random, accuracy: float, through: float, seconds: float, rows: tuple[_Row, ...]) -> None:
    """One document: read, perhaps passed, perhaps looked at."""
    from modelops.monitoring.bins import bin_of
    from modelops.monitoring.sums import AUDIT, SEEN

    passes = chance.random() < through
    checked = not passes or chance.random() < 0.25
    hard = chance.random() < 0.2 * (0.3 if passes else 1.0)
    wrong = (1 - accuracy) * (3.4 if hard else 0.6)
    sure = [min(0.999, max(0.05, chance.betavariate(60, 1) if passes else chance.betavariate(16, 1.2))) for _ in range(VALUES)]
    held = [chance.random() > wrong * (0.25 + 9 * (1 - one)) for one in sure]
    bins = [(bin_of(one), 1, int(right), round(10_000 * one)) for one, right in zip(sure, held, strict=True)]
    for row in rows:
        row.received += 1
        row.passed += passes
        for place, _, right, _ in bins:
            row.confidence[place][0] += 1
            row.confidence[place][1] += checked
            row.confidence[place][2] += right * checked
        if checked:
            fields = {name: [1, int(right)] for name, right in zip(("total", "date", "invoice_number", "vendor.name"), held, strict=False)}
            row.strata[AUDIT if passes else SEEN].document(VALUES, sum(held), all(held), fields, bins)
            row.settled += 1
            row.corrected += not all(held)
            row.seconds += max(5.0, chance.gauss(seconds, seconds / 4))


def _numbers(row: _Row, progress: float, chance: random.Random) -> dict[str, Any]:
    from modelops.monitoring.sums import AUDIT

    both = list(row.strata.values())
    names = sorted({name for one in both for name in one.fields})
    judged = {name: [sum(one.fields.get(name, [0, 0])[place] for one in both) for place in (0, 1)] for name in names}
    flagged = (row.received - row.passed) // 9
    return {
        "judged_values": sum(one.values[0] for one in both),
        "right_values": sum(one.values[1] for one in both),
        "judged_documents": sum(one.documents[0] for one in both),
        "right_documents": sum(one.documents[1] for one in both),
        "accepted_judged": row.strata[AUDIT].documents[0],
        "accepted_right": row.strata[AUDIT].documents[1],
        "fields": {name: [count, right, count - right] for name, (count, right) in judged.items()},
        "strata": {name: one.to_json() for name, one in row.strata.items()},
        "confidence": row.confidence,
        "received": row.received,
        "read_accepted": row.passed,
        "read_review": row.received - row.passed - flagged,
        "read_flagged": flagged,
        "passed": row.passed,
        "settled": row.settled,
        "corrected_documents": row.corrected,
        "labels": row.settled,
        "effort_seconds": row.seconds,
        "pages": row.received,
        "ocr_pages": row.received // 4,
        "ocr_confidence": 0.94 * (row.received // 4),
        "waiting_label": int(46 - 25 * progress + chance.randint(-5, 5)),
        "waiting_review": int(15 - 6 * progress + chance.randint(-3, 3)),
        "waiting_oldest": int(86_400 * (3.2 - 2.2 * progress)),
    }


def look(admin: Any, run: Any) -> None:
    """Alerts by the rules as they stand, some decided, one that is over; proposals, one started and one dismissed."""
    from modelops.alerts.deciding import acknowledge
    from modelops.alerts.looking import look as look_at_days
    from modelops.models import Alert, DailyMetric

    fallen = DailyMetric.objects.filter(vendor__isnull=False).order_by("pk").values_list("vendor", flat=True)[FALLEN]
    _earlier(admin)
    look_at_days()
    for alert in Alert.objects.filter(state="open").exclude(vendor=fallen)[:1]:
        acknowledge(user=admin, alert_id=alert.pk, note="One vendor alone has fallen; its alert says which.")
    _proposals(admin, run, fallen)


def _earlier(admin: Any) -> None:
    """A new layout of last month, resolved by a person."""
    from mlcore.alerting.finding import Finding, Severity, Standing
    from modelops.alerts.deciding import resolve
    from modelops.alerts.opening import report
    from modelops.models import Alert, DailyMetric

    row = DailyMetric.objects.filter(vendor__isnull=False).select_related("vendor").order_by("pk")[1]
    assert row.vendor is not None
    name = row.vendor.name
    found = Finding(
        *("new_layout", f"new_layout:{row.vendor.pk}", Standing.FIRES, Severity.INFO, f"{name}: a new layout"),
        f"7 documents of {name} of the last 7 days look like none before.",
        *(7.0, 5.0, {"documents": 7}, row.vendor.pk, "picture"),
    )
    change = report(found)
    if change is None:
        return
    resolve(user=admin, alert_id=change.alert.pk, note="A new logo and one column more; 40 of them are confirmed.")
    at = dt.datetime.now(dt.UTC) - dt.timedelta(days=31)
    over = at + dt.timedelta(days=2)
    Alert.objects.filter(pk=change.alert.pk).update(first_seen=at, last_seen=over, decided_at=over, resolved_at=over, times=9)


def _proposals(admin: Any, run: Any, fallen: int) -> None:
    from django.utils import timezone

    from invoices.models import Vendor
    from mlcore.alerting.wanting import Wanted
    from modelops.models import Alert, TriggerProposal
    from modelops.triggers.deciding import dismiss
    from modelops.triggers.policies import current_trigger_policy
    from modelops.triggers.proposing import propose

    vendors = list(Vendor.objects.filter(status="confirmed").exclude(pk=fallen).order_by("-pk")[:2])
    known = Vendor.objects.get(pk=fallen)
    alert = Alert.objects.filter(vendor=fallen).order_by("-pk").first()
    wanted = [
        Wanted("schedule", "schedule", "1:1",
               "91 days since data set 1 was frozen; every 91 days one is due. 214 records were confirmed meanwhile.",
               evidence={"age_days": 91.0, "every_days": 91, "dataset": 1, "gold_since": 214}),
        *(Wanted("new_vendor", f"new_vendor:{one.pk}", f"{one.pk}:1",
                 f"{one.name} has {count} labeled documents, and no model has learned from it.", one.pk, {"examples": count, "limit": 200})
          for one, count in zip(vendors, (206, 231), strict=False)),
        Wanted("template_change", f"template_change:{fallen}", f"{alert.pk if alert else 0}:1",
               f"The accuracy of {known.name} fell by 8.3 points; 112 of its documents were confirmed since.", fallen,
               {"points": 8.3, "examples_since": 112, "alert": alert.pk if alert else 0}),
    ]  # fmt: skip
    made = propose(wanted, current_trigger_policy())
    if len(made) > 2:
        dismiss(user=admin, proposal_id=made[1].pk, reason="They send us nothing from next month on.")
        taken = timezone.now() - dt.timedelta(hours=1)
        started = {"state": "started", "run": run, "dataset": run.dataset, "decided_by": admin, "decided_at": taken, "taken_up_at": taken}
        TriggerProposal.objects.filter(pk=made[0].pk).update(**started)
