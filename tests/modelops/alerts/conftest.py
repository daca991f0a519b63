"""Findings as the rules make them, and days as they are counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from invoices.models import Vendor
from mlcore.alerting.finding import Finding, Severity, Standing
from modelops.models import AlertDestination, DailyMetric

TODAY = dt.date(2026, 11, 20)


def finding(key: str = "overall_accuracy", standing: Standing = Standing.FIRES, **more: Any) -> Finding:
    """A finding about ``key``."""
    given: dict[str, Any] = {
        "title": f"About {key}",
        "sentence": "97.1% were right.",
        "value": 0.971,
        "limit": 0.98,
        "evidence": {"unit": "share"},
    } | more
    return Finding(kind=key.partition(":")[0], key=key, standing=standing, severity=given.pop("severity", Severity.TODAY), **given)


@pytest.fixture
def destination(db: None) -> AlertDestination:
    """An address that wants everything."""
    return AlertDestination.objects.create(channel="email", address="ops@example.org")


@pytest.fixture
def day_of(db: None) -> Callable[..., DailyMetric]:
    """Stores the counts of one day, of a vendor or of all: documents of 15 values that everybody saw, ``wrong`` values in pairs."""

    def store(age: int, documents: int, wrong: int = 0, vendor: Vendor | None = None, **more: Any) -> DailyMetric:
        bad = min(documents, (wrong + 1) // 2)
        each = wrong / bad if bad else 0
        squares = [
            225 * documents,
            round(225 * (documents - bad) + bad * 15 * (15 - each)),
            round(225 * (documents - bad) + bad * (15 - each) ** 2),
        ]
        seen = {"documents": [documents, documents - bad], "values": [documents * 15, documents * 15 - wrong], "squares": squares}
        return DailyMetric.objects.create(
            day=TODAY - dt.timedelta(days=age),
            vendor=vendor,
            judged_values=documents * 15,
            right_values=documents * 15 - wrong,
            judged_documents=documents,
            right_documents=documents - bad,
            strata={"seen": {**seen, "fields": {}, "bins": []}},
            counted_at=timezone.now(),
            **more,
        )

    return store
