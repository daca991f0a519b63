"""What came of a shadow run, in numbers: what would change, and who would be spared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from re import sub
from statistics import median
from typing import Any

from django.db.models import Q

from labeling.models import Annotation, TaskKind
from labeling.routing import Work
from modelops.models import ShadowDocument, ShadowRun

TIMED = 500
"""Newest labels whose times count."""
LEAST_TIMES = 20
"""Under so many labels nothing is said about minutes."""


@dataclass(slots=True)
class Count:
    """Values of one field, over all documents."""

    changed: int = 0
    won: int = 0
    lost: int = 0


@dataclass(slots=True)
class _Sums:
    documents: int = 0
    changed_documents: int = 0
    changed_values: int = 0
    judged_documents: int = 0
    judged: int = 0
    right_before: int = 0
    right_after: int = 0
    won: int = 0
    lost: int = 0
    fields: dict[str, Count] = field(default_factory=dict)
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)
    work: Counter[tuple[str, str]] = field(default_factory=Counter)


def summarise(run: ShadowRun, *, seconds: float | None = None) -> dict[str, Any]:
    """The summary of all that was read so far, as stored. ``seconds`` are a document's, on the clock of the worker."""
    sums = _Sums()
    for row in ShadowDocument.objects.filter(run=run).iterator(chunk_size=500):
        _add(sums, row)
    minutes = minutes_by_work()
    return {
        "documents": sums.documents,
        "changed_documents": sums.changed_documents,
        "changed_values": sums.changed_values,
        "judged_documents": sums.judged_documents,
        "judged": sums.judged,
        "right_before": sums.right_before,
        "right_after": sums.right_after,
        "won": sums.won,
        "lost": sums.lost,
        "fields": [
            {"name": name, "changed": one.changed, "won": one.won, "lost": one.lost}
            for name, one in sorted(sums.fields.items(), key=lambda entry: (-entry[1].changed, entry[0]))
        ],
        "routes": [{"before": before, "after": after, "documents": n} for (before, after), n in sums.moves.most_common()],
        "work": [{"before": before, "after": after, "documents": n} for (before, after), n in sums.work.most_common()],
        "accepted_before": sum(n for (before, _), n in sums.work.items() if before == Work.NOTHING),
        "accepted_after": sum(n for (_, after), n in sums.work.items() if after == Work.NOTHING),
        "minutes_spared": spared(sums.work, minutes),
        "minutes_each": {work: round(value, 2) for work, value in minutes.items()} if minutes else None,
        "seconds": round(seconds, 3) if seconds is not None else None,
    }


def spared(work: Mapping[tuple[str, str], int], minutes: Mapping[str, float] | None) -> float | None:
    """Minutes of people's work that the candidate would spare on these documents, negative when it makes more; ``None``: not known."""
    if minutes is None:
        return None
    return round(sum(n * (minutes[before] - minutes[after]) for (before, after), n in work.items()), 1)


def minutes_by_work() -> dict[str, float] | None:
    """Minutes that a person takes for a document, by what is to be done: medians of the newest labels; ``None`` with too few of them.

    While too few documents were reviewed, a review counts as a label does. Two statements.
    """
    timed = Annotation.objects.filter(active_ms__gt=0).order_by("-pk")
    labels = list(timed.filter(~Q(task__kind=TaskKind.REVIEW)).values_list("active_ms", flat=True)[:TIMED])
    reviews = list(timed.filter(task__kind=TaskKind.REVIEW).values_list("active_ms", flat=True)[:TIMED])
    if len(labels) < LEAST_TIMES:
        return None
    label = median(labels) / 60_000
    review = median(reviews) / 60_000 if len(reviews) >= LEAST_TIMES else label
    return {Work.LABEL.value: label, Work.REVIEW.value: review, Work.NOTHING.value: 0.0}


def _add(sums: _Sums, row: ShadowDocument) -> None:
    sums.documents += 1
    sums.changed_documents += bool(row.changed)
    sums.changed_values += len(row.changed)
    sums.judged_documents += row.judged > 0
    sums.judged += row.judged
    sums.right_before += row.right_before
    sums.right_after += row.right_after
    sums.won += row.won
    sums.lost += row.lost
    sums.moves[row.route_before, row.route_after] += 1
    sums.work[row.work_before, row.work_after] += 1
    for one in row.changed:
        count = sums.fields.setdefault(sub(r"\[\d+\]", "", one["path"]), Count())
        count.changed += 1
        count.won += one["fate"] == "won"
        count.lost += one["fate"] == "lost"
