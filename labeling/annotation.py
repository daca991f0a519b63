"""Submitting: a person's record becomes an immutable annotation; what follows from it is in ``concluding``."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from invoices.models import User
from invoices.prepared import Prepared, Slot, insert
from invoices.veils import SHOWN_AS, is_veiled
from labeling.concluding import conclude
from labeling.draft_edits import paths_of_rows, row_ids
from labeling.drafts import draft_json
from labeling.errors import LeaseLost, StaleVersion, TaskFinished, TaskNotFound
from labeling.models import Annotation, GoldRecord, LabelingTask, TaskDraft, TaskKind, TaskState
from labeling.prefill_shown import origins_of
from labeling.provenance import Origins
from labeling.submission import Submission
from labeling.task_view import WITH_DOCUMENT, is_for, refuse_closed, tasks_for, view_of
from mlcore.record_json import record_to_json

_TIE = "UPDATE labeling_fieldedit SET annotation_id = %s, path = {path} WHERE draft_id = %s"


def _locked_task() -> QuerySet[LabelingTask]:
    current = GoldRecord.objects.filter(document=OuterRef("document"), is_current=True)
    tasks = tasks_for(Slot("user"), (*WITH_DOCUMENT, "policy")).annotate(current_gold=Subquery(current.values("pk")[:1]))
    unread = tasks.defer("prediction__checks", "document__text_signature")
    return unread.filter(pk=Slot("task")).select_for_update(of=("self", "document"))


_TASK = Prepared(_locked_task)


@dataclass(frozen=True, slots=True)
class Submitted:
    """The answer to a submit."""

    annotation_id: int
    gold_id: int | None
    document_status: str


def submit(*, user: User, task_id: int, submission: Submission) -> Submitted:
    """Store the annotation, tie the acknowledged edits to it, finish the task and conclude; one transaction.

    Idempotent: the same submission again answers the same and changes nothing. Raises ``TaskNotFound``,
    ``TaskFinished`` (something else was submitted), ``StaleVersion`` (another window saved since) and
    ``LeaseLost``; each carries the draft, in which every acknowledged edit is kept.
    """
    with transaction.atomic():
        found_task = _TASK.first(task=task_id, user=user.pk)
        repeated = _repeated(found_task, user, submission)
        if repeated is not None:
            return repeated
        task = _theirs(found_task, user, task_id)
        view = view_of(task)
        draft = view.draft
        _refuse(task, user, draft, submission)
        found = origins_of(submission.record, task, draft)
        annotation = _annotate(task, user, submission, found)
        if draft is not None:
            _tie_edits(draft, annotation, task)
        LabelingTask.objects.filter(pk=task.pk).update(
            state=TaskState.DONE, finished_at=view.now, lease_expires_at=None, prefetched=False, postponed_until=None, postponed_by=None
        )
        gold_id, status = conclude(task, annotation, found)
        _record(user, task, annotation, found, gold_id)
    return Submitted(annotation.pk, gold_id, status)


def _record(user: User, task: LabelingTask, annotation: Annotation, found: Origins, gold_id: int | None) -> None:
    """For the trail: what was submitted by its hash, and how many values were confirmed, corrected and typed."""
    counts = Counter(found.source.values())
    after = {"task": task.pk, "kind": task.kind, "gold": gold_id, "submission": annotation.request_hash, "values": dict(counts)}
    current: int | None = getattr(task, "current_gold", None)
    before = {"gold": current} if current else None
    submitted = Target("annotation", annotation.pk, document=task.document_id)
    record(Action.LABEL_SUBMITTED, actor=user, object=submitted, before=before, after=after)


def _theirs(task: LabelingTask | None, user: User, task_id: int) -> LabelingTask:
    if task is None or task.kind == TaskKind.ADJUDICATE or not is_for(task, user):
        raise TaskNotFound(f"There is no task {task_id} for you, so nothing can be submitted to it.")
    return task


def _repeated(task: LabelingTask | None, user: User, submission: Submission) -> Submitted | None:
    annotation = task.annotation if task is not None and task.state == TaskState.DONE else None
    if task is None or annotation is None or annotation.author_id != user.pk or annotation.request_hash != submission.request_hash:
        return None
    if is_veiled(user, task.document_id):
        return Submitted(annotation.pk, None, SHOWN_AS.value)
    by_label = Q(annotation=annotation) if task.side is None else Q(document=task.document_id, is_current=True)
    gold_id = GoldRecord.objects.filter(by_label).values_list("pk", flat=True).first()
    return Submitted(annotation.pk, gold_id, task.document.status)


def _refuse(task: LabelingTask, user: User, draft: TaskDraft | None, submission: Submission) -> None:
    kept = {"draft": draft_json(draft)}
    try:
        refuse_closed(task, user)
    except TaskFinished as error:
        error.extra.update(kept)
        raise
    if task.assignee_id != user.pk:
        detail = f"You no longer hold task {task.pk}, so it was not submitted. What you entered is kept in your draft."
        raise LeaseLost(detail, kept)
    version = draft.version if draft else 0
    if submission.version != version:
        detail = f"You submitted version {submission.version}; another window of yours has saved version {version}. Compare the two."
        raise StaleVersion(detail, {"current": draft_json(draft)})


def _annotate(task: LabelingTask, user: User, submission: Submission, found: Origins) -> Annotation:
    annotation = Annotation(
        task=task,
        document_id=task.document_id,
        author=user,
        prediction_id=task.prediction_id,
        record=record_to_json(submission.record),
        marks=submission.marks,
        unsure=sorted(submission.unsure),
        evidence=submission.evidence,
        active_ms=submission.active_ms,
        keystrokes=submission.keystrokes,
        keystrokes_saved=found.keystrokes_saved(submission.keystrokes),
        request_hash=submission.request_hash,
    )
    insert([annotation])
    return annotation


def _tie_edits(draft: TaskDraft, annotation: Annotation, task: LabelingTask) -> None:
    """One statement: the draft's edits get the annotation and the path that their row ended at."""
    prefilled = len((task.prediction.record.get("line_items") or ()) if task.prediction else ())
    starts = paths_of_rows(row_ids(draft.rows, prefilled))
    rows = " ".join("WHEN %s THEN CAST(%s AS text) || name" for _ in starts)
    values = [value for row in starts.items() for value in row]
    path = f"CASE row_id WHEN '' THEN name {rows} ELSE '' END"
    with connection.cursor() as cursor:
        cursor.execute(_TIE.format(path=path), [annotation.pk, *values, draft.pk])
