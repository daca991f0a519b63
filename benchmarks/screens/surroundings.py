"""What stands around the documents: versions of policy and guidelines, the trail, corrections that were carried over, stored sums."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from benchmarks.screens.fates import BILLERS, Paper
from benchmarks.screens.people import Staff
from benchmarks.screens.store import Rows
from invoices.audit.sealing import seal_waiting
from invoices.audit.verifying import verify_and_note
from invoices.models import AuditEntry, Document, User
from labeling.agreement.counting import count_pairs
from labeling.guidelines.fields import FIELDS
from labeling.models import Correction, CorrectionItem, GoldRecord, Guideline, LabelingPolicy, QueuePause
from labeling.pausing.advice import refresh_standings
from labeling.pausing.pausing import pause_queue
from labeling.quality.counting import count
from labeling.readings import measure

VERSIONS = 60
"""Of the policy and of each guideline: more than their screens show."""

COUNTED_AT_ONCE = 5_000
"""Labels and pairs: the product counts fewer at a time, so that others may write meanwhile, and writes the same sums more often."""

PAUSES = 30
"""Ended ones: more than their screen shows."""

_ACTIONS = ("page.read", "page.read", "page.read", "document.opened", "task.claimed", "label.submitted")


def policies(admin: User) -> LabelingPolicy:
    """Versions of the policy; the newest."""
    if not LabelingPolicy.objects.exists():
        LabelingPolicy.objects.bulk_create(
            LabelingPolicy(double_share=0.05 + at / 1_000, note=f"Change {at}", created_by=admin) for at in range(VERSIONS)
        )
    return LabelingPolicy.objects.latest("pk")


def guidelines(author: User, now: dt.datetime) -> None:
    """Versions of the guideline of every field."""
    if Guideline.objects.exists():
        return
    text = "## What counts\n\nThe value that the vendor prints.\n" + "\n".join(f"- Rule {n}: as printed." for n in range(12))
    Guideline.objects.bulk_create(
        Guideline(field=field, version=version, text=f"{text}\n- Version {version}.", author=author, created_at=now)
        for field in FIELDS
        for version in range(1, VERSIONS + 1)
    )


def trail_of(rows: Rows, document: Document, paper: Paper, staff: Staff, at: dt.datetime) -> None:
    """One entry for each document; a few are of the rarest action."""
    by = staff.billers[paper.number % len(staff.billers)]
    action = "vendor.merged" if paper.number % 997 == 0 else _ACTIONS[paper.number % len(_ACTIONS)]
    who = {"person_id": by.pk, "person_name": by.username, "role": by.role, "address": "192.0.2.7", "request_id": f"{paper.number:032x}"}
    rows.add(
        AuditEntry(
            at=at, action=action, object_kind="page", object_id=f"{paper.number + 1}/1", document_id=paper.number + 1, after=None, **who
        )
    )


def after() -> None:
    """What the product's own commands keep up to date: the chain of the trail and its check, measured readings, corrections carried over.

    A stored sum of a new screen is brought up to date here, by the product's own service.
    """
    _corrections()
    while count(COUNTED_AT_ONCE):
        pass
    while count_pairs(COUNTED_AT_ONCE):
        pass
    refresh_standings(BILLERS)
    _pauses()
    while seal_waiting(batches=100):
        pass
    verify_and_note()
    while measure():
        pass


def _pauses() -> None:
    """One queue stands still; others did once."""
    if QueuePause.objects.exists():
        return
    senior: Any = User.objects.get(username="senior0")
    people = [User.objects.get(username=f"biller{BILLERS - 1 - n % 9}") for n in range(PAUSES + 1)]
    ended = {"by": senior, "ended_by": senior, "ended_at": timezone.now(), "reason": "Many totals were wrong."}
    QueuePause.objects.bulk_create(QueuePause(person=person, **ended) for person in people[1:])
    pause_queue(user=senior, person_id=people[0].pk, reason="Many totals were wrong.")


def _corrections() -> None:
    """One correction in a thousand documents, carried over to twenty."""
    have = Correction.objects.count()
    golds = list(GoldRecord.objects.filter(is_current=True).order_by("pk")[: GoldRecord.objects.count() // 1_000 + 1][have:])
    for gold in golds:
        rows = Rows()
        by: Any = User.objects.get(username="senior0")
        done: Any = rows.add(Correction(kind="date_order", gold=gold, vendor=gold.vendor, before="3/4", after="4/3", by=by))
        near = (
            Document.objects.filter(vendor=gold.vendor, status="prefilled").exclude(predictions=None).prefetch_related("predictions")[:20]
        )
        for document in near:
            prediction = document.predictions.all()[0]
            rows.add(CorrectionItem(correction=done, document=document, before=prediction, after=prediction))
        rows.store()
