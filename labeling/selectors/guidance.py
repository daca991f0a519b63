"""What stands beside a field while a person labels: precedents of the vendor, guidelines, and what is new in them."""

from __future__ import annotations

from dataclasses import dataclass

from invoices.models import User
from labeling.blindness import is_blind
from labeling.guidelines.fields import FIELDS
from labeling.models import Guideline
from labeling.selectors.guidelines import newest_guidelines, unread_guidelines
from labeling.selectors.precedents import Precedent, precedents_by_field
from labeling.task_list import visible_task


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
