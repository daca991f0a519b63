"""Blind labels that nobody is left to do: their people have gone, or skipped them. Nothing waits for ever.

Blindness comes first: nobody who may have seen one label opens the other. So a label that nobody may do is not given to somebody else;
the pair ends, and the other label counts alone.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from invoices.models import Document
from labeling.assignment import lease_sql
from labeling.concluding import conclude_single
from labeling.models import Adjudication, LabelingPolicy, LabelingTask, TaskDraft, TaskKind, TaskState
from labeling.pairing import put_before_a_senior
from labeling.prefill_shown import origins_of
from labeling.second_labels import split_anew
from mlcore.record_json import record_from_json

AT_ONCE = 50


def free_stuck(limit: int = AT_ONCE) -> int:
    """End what nobody is left to do, ``limit`` documents at most; answers how many. The same again changes nothing.

    A pair that nobody has begun is split anew between the people who are there. Of one that is begun the stuck label is withdrawn: the
    other becomes gold by itself (or goes to a review, when it let a seeded value through), and a third label is done without.
    """
    return sum(_free(task_id) for task_id in lease_sql.nobodys(limit))


def _free(task_id: int) -> bool:
    with transaction.atomic():
        task = LabelingTask.objects.select_related("policy").get(pk=task_id)
        document = Document.objects.select_for_update().get(pk=task.document_id)
        if task_id not in lease_sql.nobodys(AT_ONCE, document_id=document.pk):  # somebody came, or it was submitted meanwhile
            return False
        tasks = LabelingTask.objects.select_for_update(of=("self",)).filter(document=document, side__isnull=False).exclude(pk=task_id)
        if task.ordinal > 1:
            _withdraw(task)
            put_before_a_senior(Adjudication.objects.select_related("agreement__first__task").get(document=document))
        else:
            _end(task, tasks)
    return True


def _end(task: LabelingTask, others: QuerySet[LabelingTask]) -> None:
    other = others.select_related("document", "prediction", "policy").get(ordinal=1)
    if other.state == TaskState.WITHDRAWN:
        LabelingTask.objects.filter(pk=task.pk).update(side=None)
        return
    policy = task.policy or LabelingPolicy()
    if other.state == TaskState.OPEN and not _begun(task) and not _begun(other):
        first, second = sorted((task, other), key=lambda one: one.kind != TaskKind.LABEL)
        if not split_anew(first, second, policy):
            _withdraw(second)
            LabelingTask.objects.filter(pk=first.pk).update(side=None)
        return
    _withdraw(task)
    if other.state == TaskState.DONE:
        label = other.annotation
        draft = TaskDraft.objects.filter(task=other, author=label.author_id).first()
        conclude_single(other, label, origins_of(record_from_json(label.record), other, draft), policy)


def _begun(task: LabelingTask) -> bool:
    return task.assignee_id is not None or TaskDraft.objects.filter(task=task).exists()


def _withdraw(task: LabelingTask) -> None:
    LabelingTask.objects.filter(pk=task.pk).update(state=TaskState.WITHDRAWN, finished_at=timezone.now())
