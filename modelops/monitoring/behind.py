"""Whether today's numbers are behind what happened: cheap to ask, so that it can be asked every minute."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.db.models import QuerySet
from django.utils import timezone

from invoices.models import Document, Prediction
from labeling.models import Annotation, GoldRecord
from modelops.models import CountedDay
from modelops.monitoring.days import day_of

PAUSE: Final = dt.timedelta(minutes=5)
"""So long a busy day is left as it was counted."""


def counted_until(*, now: dt.datetime | None = None) -> str | None:
    """What today's numbers are counted up to, in words that change with every count; ``None`` while they are not behind.

    They are behind where today was never counted and a document is there, or where something came in, was read, labeled or settled, or
    another day was marked, since the count, and that was ``PAUSE`` ago. One statement within the pause, six at most.
    """
    now = now or timezone.now()
    today = day_of(now)
    counted_at = CountedDay.objects.filter(day=today).values_list("counted_at", flat=True).first()
    if counted_at is None:
        return f"{today} not yet" if Document.objects.exists() else None
    if now - counted_at < PAUSE:
        return None
    marked = CountedDay.objects.filter(stale=True, day__lt=today).exists()
    return f"{counted_at:%Y-%m-%dT%H:%M:%S.%f}" if marked or _happened(counted_at) else None


def _happened(since: dt.datetime) -> bool:
    newest: tuple[tuple[QuerySet[Any], str], ...] = (
        (Document.objects.all(), "received_at"),
        (Prediction.objects.all(), "created_at"),
        (Annotation.objects.all(), "submitted_at"),
        (GoldRecord.objects.all(), "created_at"),
    )
    return any((at := rows.order_by("-pk").values_list(when, flat=True).first()) is not None and at > since for rows, when in newest)
