"""Counting labels and skips into their people's sums, each exactly once, and again when what is known of them changes.

One counts at a time: whoever does holds the one row of ``QualityState``. A label is compared with what was counted of it; the difference
is written. So a repetition changes nothing, and a truth that was replaced or taken back takes its counts along.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from labeling.blindness import blind
from labeling.models import Annotation, CountedLabel, CountedSkip, QualityPeriod, QualityState, QualitySums, TaskKind, TaskSkip, WrongField
from labeling.quality.changes import Changes, Effort
from labeling.quality.judging import ACCURACY, ANCHORING, RESAMPLES, judge
from labeling.quality.truths import Truths

AT_ONCE = 200
"""Labels in one transaction."""

_FORM = hashlib.sha256(repr((ACCURACY, ANCHORING, RESAMPLES)).encode()).hexdigest()
_UNREAD = ("evidence", "marks", "unsure", "task__prediction__fields", "task__prediction__checks")
_STORED = ("held", "source", "gold", "arm", "suggestion", "accuracy", "anchoring", "unreadable")


def count(limit: int = AT_ONCE, *, fence: Callable[[], None] | None = None) -> int:
    """Count labels and skips that are new, and those whose documents are blind no more; ``limit`` of each at most, the oldest first.

    Answers how many there were: 0 when nothing is left. Idempotent. ``fence`` raises to refuse a late result.
    """
    with transaction.atomic():
        _hold()
        changes = Changes()
        labels = Annotation.objects.filter(pk__in=_waiting(_new_labels(), _lifted_labels(), limit))
        skips = TaskSkip.objects.filter(pk__in=_waiting(_new_skips(), _lifted_skips(), limit))
        done = _count_labels(labels, changes) + _count_skips(skips, changes)
        changes.write()
        if fence is not None:
            fence()
    return done


def count_all(*, fence: Callable[[], None] | None = None) -> int:
    """``count`` until nothing is left; answers how many there were."""
    total = 0
    while done := count(fence=fence):
        total += done
    return total


def judge_document(document_id: int, *, fence: Callable[[], None] | None = None) -> None:
    """The truth about a document has changed: count its labels anew. Idempotent. ``fence`` as for ``count``."""
    with transaction.atomic():
        _hold()
        changes = Changes()
        _count_labels(Annotation.objects.filter(document=document_id), changes)
        changes.write()
        if fence is not None:
            fence()


def anything_waits() -> bool:
    """Whether ``count`` has something to do: four statements at most."""
    return any(rows.exists() for rows in (_new_labels(), _lifted_labels(), _new_skips(), _lifted_skips()))


def forget() -> None:
    """Throw every count and sum away, so that all labels are counted anew."""
    with transaction.atomic():
        _forget(_state())


def _state() -> QualityState:
    QualityState.objects.get_or_create(pk=1)
    return QualityState.objects.select_for_update().get(pk=1)


def _hold() -> None:
    """Wait until nobody else counts. Sums of another form (the schema has changed) cannot be added to: all are counted anew."""
    state = _state()
    if state.columns != _FORM:
        _forget(state)


def _forget(state: QualityState) -> None:
    for model in (WrongField, CountedLabel, CountedSkip, QualityPeriod, QualitySums):
        model._default_manager.all().delete()
    state.columns = _FORM
    state.save()


def _new_labels() -> QuerySet[Annotation]:
    return Annotation.objects.filter(~Exists(CountedLabel.objects.filter(pk=OuterRef("pk")))).order_by("pk")


def _lifted_labels() -> QuerySet[CountedLabel]:
    """Counted for their authors alone, of documents that are blind no more."""
    return CountedLabel.objects.filter(~blind("annotation__document"), held=True).order_by("pk")


def _new_skips() -> QuerySet[TaskSkip]:
    return TaskSkip.objects.filter(~Exists(CountedSkip.objects.filter(pk=OuterRef("pk")))).order_by("pk")


def _lifted_skips() -> QuerySet[CountedSkip]:
    return CountedSkip.objects.filter(~blind("skip__task__document"), held=True).order_by("pk")


def _waiting(new: QuerySet[Any], lifted: QuerySet[Any], limit: int) -> set[int]:
    return {*new.values_list("pk", flat=True)[:limit], *lifted.values_list("pk", flat=True)[:limit]}


def _count_labels(labels: QuerySet[Annotation], changes: Changes) -> int:
    """Bring what is counted of these labels up to what is known of them now; answers how many they are."""
    found = list(labels.select_related("task__prediction", "counted").defer(*_UNREAD).order_by("pk"))
    truths = Truths.of(found)
    new: list[CountedLabel] = []
    changed: list[CountedLabel] = []
    wrong: dict[int, tuple[int, tuple[str, ...]]] = {}
    for label in found:
        before: CountedLabel | None = getattr(label, "counted", None)
        counted, fields = _counted(label, before, truths)
        if before is not None and _alike(before, counted):
            continue
        effort = _effort(label)
        if before is not None:
            changes.label(effort, before, label.document_id, -1)
        changes.label(effort, counted, label.document_id, 1)
        (new if before is None else changed).append(counted)
        if fields is not None:
            wrong[label.pk] = (label.author_id, fields)
    CountedLabel.objects.bulk_create(new)
    CountedLabel.objects.bulk_update(changed, _STORED)
    WrongField.objects.filter(label__in=wrong).delete()
    WrongField.objects.bulk_create(
        WrongField(label_id=pk, person_id=person, name=name)
        for pk, (person, fields) in wrong.items()
        for name in (*fields, *([WrongField.ANY] if fields else []))
    )
    return len(found)


def _counted(label: Annotation, before: CountedLabel | None, truths: Truths) -> tuple[CountedLabel, tuple[str, ...] | None]:
    """What is to be counted of a label, and the fields that are wrong in it: ``None`` where they are as they were."""
    standing = truths.standing(label)
    counted = CountedLabel(annotation=label, person_id=label.author_id, held=standing.held)
    if standing.gold is None:
        return counted, ()
    counted.source, counted.gold, counted.arm = standing.source, standing.gold, standing.arm
    if standing.prefill is not None:
        counted.suggestion = CountedLabel.Sight.SHOWN if standing.prefill.shown else CountedLabel.Sight.HIDDEN
    if before is not None and before.gold_id == standing.gold.pk:
        counted.accuracy, counted.anchoring, counted.unreadable = before.accuracy, before.anchoring, before.unreadable
        return counted, None
    found = judge(label.document_id, label.record, standing.gold.record, standing.prefill)
    caught = judge(label.document_id, label.record, standing.seeds, standing.prefill) if standing.seeds is not None else found
    counted.anchoring, counted.unreadable = caught.anchoring, not (found.readable and caught.readable)
    counted.accuracy = found.accuracy if standing.seeds is None else {}
    return counted, found.wrong


def _alike(one: CountedLabel, other: CountedLabel) -> bool:
    names = ("gold_id" if name == "gold" else name for name in _STORED)
    return all(getattr(one, name) == getattr(other, name) for name in names)


def _effort(label: Annotation) -> Effort:
    is_review = label.task.kind == TaskKind.REVIEW
    kept = label.keystrokes_saved + label.keystrokes
    return Effort(label.author_id, label.submitted_at.date(), is_review, label.active_ms, label.keystrokes, kept)


def _count_skips(skips: QuerySet[TaskSkip], changes: Changes) -> int:
    found = list(skips.select_related("task", "counted").annotate(is_blind=blind("task__document")).order_by("pk"))
    for skip in found:
        before: CountedSkip | None = getattr(skip, "counted", None)
        held: bool = getattr(skip, "is_blind")  # noqa: B009 - an annotation that the model class does not declare
        for sign, was_held in ((-1, before.held), (1, held)) if before is not None else ((1, held),):
            changes.skip(skip.user_id, skip.created_at.date(), skip.reason, sign, held=was_held)
        CountedSkip.objects.update_or_create(skip=skip, defaults={"held": held})
    return len(found)
