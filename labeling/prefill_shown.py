"""The pre-fill as the person of a task is shown it: hidden, with a seeded value, or as it was predicted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet

from invoices.models import Prediction, User
from invoices.veils import is_veiled
from labeling.assignment.strategies import kinds_for
from labeling.draft_edits import row_ids
from labeling.halves import EITHER, labels_blind, sides_of
from labeling.models import LabelingTask, TaskDraft, TaskState, Trial
from labeling.provenance import Origins, origins
from labeling.seeding import seeded_checks, seeded_fields, seeded_record
from mlcore.errors import RecordError
from mlcore.record_json import record_from_json
from mlcore.schema import InvoiceRecord


def shown_record(task: LabelingTask) -> dict[str, Any] | None:
    """The JSON of the pre-filled record, ``None`` without one."""
    return seeded_record(task.prediction.record, task.seeded) if task.prediction else None


def shown_fields(task: LabelingTask) -> list[Mapping[str, Any]]:
    """The predicted fields, none without a pre-fill."""
    return seeded_fields(task.prediction.fields, task.seeded) if task.prediction else []


def shown_checks(task: LabelingTask) -> list[Mapping[str, Any]]:
    """The checks of the pre-fill."""
    return seeded_checks(task.prediction.checks, task.seeded) if task.prediction else []


def origins_of(record: InvoiceRecord, task: LabelingTask, draft: TaskDraft | None) -> Origins:
    """Where each value of a label comes from, ``draft`` being its person's."""
    shown = shown_record(task)
    if shown is None:
        return origins(record, None, None)
    try:
        prefill = record_from_json(shown, ignore_unknown=True)
    except RecordError:  # stored under another schema: it explains nothing, and costs nobody a submit
        return origins(record, None, None)
    return origins(record, prefill, row_ids(draft.rows if draft else None, len(prefill.line_items)))


def task_before(user: User, document_id: int) -> LabelingTask | None:
    """The open task that this person may do on a document, one with an altered pre-fill first: every screen shows the pre-fill alike."""
    tasks = list(_doable(user).filter(document=document_id).select_related("prediction").order_by("pk"))
    return next((task for task in tasks if is_altered(task)), tasks[0] if tasks else None)


def is_altered(task: LabelingTask) -> bool:
    """Whether the pre-fill is hidden or has a wrong value in it."""
    return task.hides_prefill or bool(task.seeded)


def altered_tasks(user: User) -> QuerySet[LabelingTask]:
    """The open tasks that this person may do, held or not, whose pre-fill is hidden or changed.

    Not those in hand alone: whoever looks first and takes the task then, or gives it back and looks, would know the machine's answer.
    """
    return _doable(user).filter(Q(hides_prefill=True) | ~Q(seeded={}))


def given_prediction(user: User, document_id: int) -> Prediction | None:
    """The pre-fill of a document that this person is tested with: a later one may have been learned from its truth."""
    if not is_veiled(user, document_id):
        return None
    trial = Trial.objects.filter(person=user, document=document_id).select_related("prediction").first()
    return trial.prediction if trial else None


def _doable(user: User) -> QuerySet[LabelingTask]:
    side = Q(side__isnull=True) | Q(side__in=(EITHER, *sides_of(user.pk)) if labels_blind(user) else ())
    mine = Q(reserved_for__isnull=True) | Q(reserved_for=user)
    return LabelingTask.objects.filter(side, mine, kind__in=kinds_for(user.role), state=TaskState.OPEN)
