"""What stands beside a field while a person labels: precedents of the vendor, guidelines, and what is new in them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from invoices.models import User
from labeling.guidelines.fields import FIELDS
from labeling.models import Annotation, Guideline, LabelingTask, TaskKind, TaskState
from labeling.selectors.guidelines import newest_guidelines, unread_guidelines
from labeling.selectors.precedents import Precedent, precedents_by_field
from labeling.task_list import visible_task

_PAIR = (TaskKind.LABEL, TaskKind.SECOND_LABEL)


@dataclass(frozen=True, slots=True)
class Guidance:
    """By field name without an index. ``unread`` changed since the person last looked."""

    precedents: dict[str, list[Precedent]]
    guidelines: dict[str, Guideline]
    unread: list[Guideline]


def guidance(user: User, task_id: int) -> Guidance:
    """What may be shown beside the fields of this task: seven statements at most. Raises ``TaskNotFound``.

    A document of a blind pair gets no precedents before both labels are in, and none ever gets a ruling about itself.
    """
    task = visible_task(user, task_id).task
    shown = {} if is_blind(task.document_id) else precedents_by_field(task.document.vendor_id, FIELDS, not_of=task.document_id)
    return Guidance(shown, newest_guidelines(), unread_guidelines(user))


def is_blind(document_id: int) -> bool:
    """Whether the document is labeled twice and not both labels are in. Two statements."""
    pair = LabelingTask.objects.filter(document=document_id, kind__in=_PAIR).exclude(state=TaskState.WITHDRAWN)
    if not pair.filter(Q(kind=TaskKind.SECOND_LABEL)).exists():
        return False
    return Annotation.objects.filter(document=document_id, task__kind__in=_PAIR).count() < 2
