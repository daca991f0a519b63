"""What is told about a finished task to a person whose own edits came too late."""

from __future__ import annotations

from typing import Any

from invoices.models import User
from labeling.models import LabelingTask


def answer_of(task: LabelingTask, user: User) -> dict[str, Any]:
    """``{record, submitted_at, by_me}`` of the submitted annotation, for the three-way compare."""
    annotation = task.annotation
    return {
        "record": annotation.record,
        "submitted_at": annotation.submitted_at.isoformat().replace("+00:00", "Z"),
        "by_me": annotation.author_id == user.pk,
    }
