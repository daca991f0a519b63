"""What batch verification says about a document that a person opens."""

from __future__ import annotations

from labeling.models import FieldVerification, LabelingTask, TaskKind, TaskPurpose
from labeling.review.apart import kept_apart

_SHOWN = (TaskKind.LABEL, TaskKind.REVIEW)
"""Whoever labels for a second time, audits or is tested judges alone."""


def verifications_for(task: LabelingTask) -> list[FieldVerification]:
    """What may be shown with a task of ``tasks_for``; nothing of a blind pair, nothing to kinds that are judged alone.

    One statement, and none where nothing was verified.
    """
    if task.kind not in _SHOWN or task.purpose != TaskPurpose.WORK or not getattr(task, "has_verified", True):
        return []
    known = FieldVerification.objects.filter(~kept_apart("document"), document=task.document_id)
    return list(known.select_related("by").order_by("pk"))
