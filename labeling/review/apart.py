"""Which documents are kept apart: those of a blind pair, on which nothing that other people said may show."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from labeling.models import LabelingTask, TaskKind


def blind(document: str = "pk") -> Exists:
    """Whether a document is one of a blind pair, or drawn to become one. ``document`` is the path to its id from the query's model.

    Any second label counts, also one that was withdrawn or is done: what was compared once must stay as it was. An audit, whose person
    judges alone, and a label task that was drawn for anything are left alone too.
    """
    drawn = (
        Q(kind__in=[TaskKind.SECOND_LABEL, TaskKind.AUDIT])
        | Q(side__isnull=False)
        | Q(ordinal__gt=1)
        | (Q(kind=TaskKind.LABEL) & ~Q(drawn_for=""))
    )
    return Exists(LabelingTask.objects.filter(drawn, document=OuterRef(document)))
