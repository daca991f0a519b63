"""Which gold records are in dispute: not to be trained on, nor to be tested with, until a senior has looked."""

from __future__ import annotations

from django.db.models import QuerySet

from labeling.models import GoldRecord, SuspectGold

IN_DISPUTE = (SuspectGold.State.OPEN, SuspectGold.State.IN_REVIEW)


def disputed_gold() -> QuerySet[GoldRecord]:
    """The current gold records that are suspect or in review because of it, in no order."""
    return GoldRecord.objects.filter(is_current=True, suspicion__state__in=IN_DISPUTE)
