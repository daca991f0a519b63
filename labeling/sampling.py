"""Opening work: which documents wait for a person, which for two, and with which pre-fill."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from invoices.models import Document, Prediction
from invoices.serving import accepts_documents
from labeling.assignment.strategies import priority
from labeling.drawing import draw
from labeling.draws import stratum_of
from labeling.due import due_after
from labeling.models import FieldVerification, LabelingPolicy, LabelingTask, TaskDraft, TaskKind, TaskState
from labeling.policies import current_policy
from labeling.review.doubted import describe
from labeling.routing import Work, work_for
from labeling.second_labels import open_pair, seed_wrong_value
from labeling.task_view import free

_MAIN = (TaskKind.LABEL, TaskKind.REVIEW)
_OPEN = {"state": TaskState.OPEN, "finished_at": None}


def open_task(document_id: int, *, fence: Callable[[], None] | None = None) -> int:
    """Make sure the document has the task that it needs; answers its id, 0 when it needs nobody. Idempotent.

    Drawn documents get a second, blind label with it (``labeling.second_labels``). A document that a certified model accepted needs
    nobody unless it is drawn for an audit; its machine values are no gold. Tasks that nobody has touched (open, no draft, no live
    lease) get the document's newest prediction and the priority that goes with it; one in work keeps the pre-fill that its person was
    shown, and so does the other label of its pair. ``fence`` raises to refuse a late result.
    """
    with transaction.atomic():
        if fence is not None:
            fence()
        document = Document.objects.select_for_update().only("received_at", "vendor_id").get(pk=document_id)
        newest = Prediction.objects.filter(document=document_id).order_by("-id").first()
        tasks = _Tasks.of(document_id)
        if tasks.begun:
            return tasks.first_id
        rank = priority(waiting=timezone.now() - document.received_at, confidence=mean_confidence(newest))
        if tasks.second is not None:
            return _refreshed(tasks, newest, rank)
        if _work(document, newest) is Work.NOTHING:
            return _accepted(tasks, document, newest, rank)
        return _labeled(tasks, document, newest, rank)


def open_document_ids(vendor_id: int) -> list[int]:
    """Documents of a vendor whose label task nobody has touched: those a new template may pre-fill again.

    Never those that are labeled twice: what the one is shown must not hang on when the other began.
    """
    vendor = Q(document__vendor=vendor_id) | Q(document__vendor__merged_into=vendor_id)
    single = untouched_documents().filter(vendor, side__isnull=True)
    return list(single.order_by("document_id").values_list("document_id", flat=True))


def untouched_documents() -> QuerySet[LabelingTask]:
    """The first tasks of the documents that nobody has touched, in no order; of a pair both are untouched."""
    second = LabelingTask.objects.filter(document=OuterRef("document"), kind=TaskKind.SECOND_LABEL)
    return _untouched().filter(~Exists(second.exclude(pk__in=_untouched().values("pk"))), kind__in=_MAIN)


def begun_document_ids(document_ids: Sequence[int]) -> set[int]:
    """Which of these documents a person has begun or finished: a new pre-fill would not be shown to anybody.

    One that the machine accepted, whose task was withdrawn, is nobody's: read again it may need a person after all.
    """
    tasks = LabelingTask.objects.filter(document__in=document_ids, kind__in=_MAIN, reserved_for=None).exclude(state=TaskState.WITHDRAWN)
    untouched = untouched_documents().filter(document__in=document_ids).values("pk")
    return set(tasks.exclude(pk__in=untouched).values_list("document_id", flat=True))


def mean_confidence(prediction: Prediction | None) -> float | None:
    """Mean confidence (0..1) of the values that a prediction has; ``None`` without any."""
    fields = prediction.fields if prediction else []
    found = [float(field["confidence"]) for field in fields if field.get("value") is not None]
    return sum(found) / len(found) if found else None


@dataclass(frozen=True, slots=True)
class _Tasks:
    """The tasks that a document has; ``begun``: somebody has one of them in hand or has done it."""

    main: LabelingTask | None
    second: LabelingTask | None
    audit: LabelingTask | None
    begun: bool

    @classmethod
    def of(cls, document_id: int) -> _Tasks:
        found = list(LabelingTask.objects.filter(document=document_id, ordinal=1, reserved_for=None).exclude(kind=TaskKind.ADJUDICATE))
        untouched = set(_untouched().filter(document=document_id).values_list("pk", flat=True)) if found else set()
        by_kind = {task.kind: task for task in found}
        main = by_kind.get(TaskKind.LABEL) or by_kind.get(TaskKind.REVIEW)
        begun = any(task.pk not in untouched and task.state != TaskState.WITHDRAWN for task in found)
        return cls(main, by_kind.get(TaskKind.SECOND_LABEL), by_kind.get(TaskKind.AUDIT), begun)

    @property
    def first_id(self) -> int:
        """The task that counts, 0 without one."""
        task = self.main if self.main and self.main.state != TaskState.WITHDRAWN else self.audit
        return task.pk if task else 0


def _work(document: Document, newest: Prediction | None) -> Work:
    """What the prediction asks for; a document of which somebody said that a value is wrong is reviewed in any case, and one with a
    corrected value is not accepted."""
    said = set(FieldVerification.objects.filter(document=document).values_list("verdict", flat=True))
    if FieldVerification.Verdict.WRONG in said:
        return Work.REVIEW
    if newest is None:
        return Work.LABEL
    work = work_for(route=newest.route, model_id=newest.model_id, certified=accepts_documents(newest.model_id))
    return Work.REVIEW if work is Work.NOTHING and FieldVerification.Verdict.CORRECTED in said else work


def _refreshed(tasks: _Tasks, newest: Prediction | None, rank: int) -> int:
    """Both labels of a pair get a better pre-fill, or none of them."""
    for task in (tasks.main, tasks.second):
        if task is not None:
            LabelingTask.objects.filter(pk=task.pk).update(prediction=None if task.hides_prefill else newest, priority=rank)
            if task.seeded:
                seed_wrong_value(task.pk, newest, task.policy or LabelingPolicy())
    return tasks.first_id


def _accepted(tasks: _Tasks, document: Document, newest: Prediction | None, rank: int) -> int:
    if tasks.main is not None:
        _withdraw(tasks.main)
    policy = current_policy()
    if not draw(document_id=document.pk, what="audit", stratum="accepted", share=policy.audit_share, policy=policy):
        return 0
    due = due_after(document.received_at, policy)
    values = {"prediction": newest, "priority": rank, "policy_id": policy.pk, "drawn_for": "audit", "due_at": due, **_OPEN}
    return LabelingTask.objects.update_or_create(document=document, kind=TaskKind.AUDIT, ordinal=1, defaults=values)[0].pk


def _withdraw(task: LabelingTask) -> None:
    """The task is not needed; one that was withdrawn before keeps its time."""
    LabelingTask.objects.filter(pk=task.pk, state=TaskState.OPEN).update(state=TaskState.WITHDRAWN, finished_at=timezone.now())


def _labeled(tasks: _Tasks, document: Document, newest: Prediction | None, rank: int) -> int:
    if tasks.audit is not None:
        _withdraw(tasks.audit)
    kind = TaskKind.REVIEW if _work(document, newest) is Work.REVIEW else TaskKind.LABEL
    values = {"kind": kind, "prediction": newest, "priority": rank, **_OPEN}
    policy = current_policy()
    if tasks.main is None:
        due = due_after(document.received_at, policy)
        main = LabelingTask.objects.create(document=document, policy_id=policy.pk, due_at=due, **values)
    else:
        main = tasks.main
        LabelingTask.objects.filter(pk=main.pk).update(**values)
        main.prediction = newest
    reason = _drawn_for(document, newest, policy)
    pair = open_pair(main, rank, reason, policy) if reason else None
    if pair is None and kind == TaskKind.REVIEW:
        describe(main)
    elif pair is None and draw(document_id=document.pk, what="seeded", stratum="label", share=policy.seeded_share, policy=policy):
        seed_wrong_value(main.pk, newest, policy)
    return main.pk


def _drawn_for(document: Document, newest: Prediction | None, policy: LabelingPolicy) -> str:
    """Why the document is labeled twice, ``""`` when it is not."""
    share, reason = policy.double_share, "double"
    if policy.new_vendor_share > share and _is_new_vendor(document, policy.new_vendor_documents):
        share, reason = policy.new_vendor_share, "new_vendor"
    items = newest.record.get("line_items") or [] if newest else []
    types = Counter(item["type"] for item in items if item.get("type"))
    line_type = max(types, key=lambda name: (types[name], name)) if types else None
    stratum = stratum_of(vendor_id=document.vendor_id, line_type=line_type, confidence=mean_confidence(newest))
    return reason if draw(document_id=document.pk, what="double", stratum=stratum, share=share, policy=policy) else ""


def _is_new_vendor(document: Document, most: int) -> bool:
    if document.vendor_id is None:
        return False
    earlier = Document.objects.filter(vendor=document.vendor_id, pk__lt=document.pk)
    return earlier[:most].count() < most


def _untouched() -> QuerySet[LabelingTask]:
    drafts = TaskDraft.objects.filter(task=OuterRef("pk"))
    return LabelingTask.objects.filter(state=TaskState.OPEN, reserved_for=None).filter(free()).filter(~Exists(drafts))
