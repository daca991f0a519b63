"""What the product stored, as one JSON object, read when everybody has gone home:  python -m benchmarks.team.stored

Runs in a process of its own with the environment of the station. ``{"labels": [...], "pairs": [...], "golds": [...]}``.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from typing import Any

import django


def labels() -> list[dict[str, Any]]:
    """Every submitted label with what its author was shown (``prefill``: ``null`` when it was hidden)."""
    from labeling.models import Annotation
    from labeling.prefill_shown import shown_record

    rows = Annotation.objects.select_related("task__prediction", "author").order_by("pk")
    return [
        {
            "id": row.pk,
            "document": row.document_id,
            "person": row.author.username,
            "kind": row.task.kind,
            "drawn_for": row.task.drawn_for,
            "hidden": row.task.hides_prefill,
            "seeded": row.task.seeded,
            "prefill": shown_record(row.task),
            "unseeded": row.task.prediction.record if row.task.prediction else None,
            "record": row.record,
            "active_ms": row.active_ms,
        }
        for row in rows
    ]


def pairs() -> list[dict[str, Any]]:
    """Every blind pair: the ids of both labels in the order of their tasks, and the frozen comparison.

    ``turned``: of the two people the one whose account is younger was first; coefficients want the same one of two people first
    everywhere. ``settled``: differences that a person settled.
    """
    from labeling.models import Agreement, Difference

    settled = Counter(Difference.objects.filter(settled_by__isnull=False).values_list("adjudication__document", flat=True))
    rows = Agreement.objects.order_by("pk")
    return [
        {
            "document": row.document_id,
            "first": row.first_id,
            "second": row.second_id,
            "settled": settled[row.document_id],
            "turned": row.first_author_id > row.second_author_id,
            "prefills": [row.first_prefill, row.second_prefill],
            "outcome": row.outcome,
        }
        for row in rows
    ]


def golds() -> list[dict[str, Any]]:
    """Every gold record that counts, and what made it: one label, two that agreed, or an adjudication."""
    from labeling.models import Adjudication, Agreement, GoldRecord

    agreed = set(Agreement.objects.values_list("document", flat=True))
    adjudicated = set(Adjudication.objects.values_list("document", flat=True))
    rows = GoldRecord.objects.filter(is_current=True).order_by("pk")
    return [
        {
            "document": row.document_id,
            "record": row.record,
            "made_of": "adjudicated" if row.document_id in adjudicated else "agreed" if row.document_id in agreed else "single",
        }
        for row in rows
    ]


if __name__ == "__main__":
    django.setup()
    json.dump({"labels": labels(), "pairs": pairs(), "golds": golds()}, sys.stdout)
