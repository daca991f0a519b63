"""What is known of some labels: whether they are blind still, what they are held to, and what their authors were shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from labeling.models import Adjudication, Agreement, Annotation, CountedLabel, GoldRecord, LabelingTask, TaskKind, TaskPurpose, TaskState
from labeling.prefill_shown import shown_record
from labeling.quality.judging import Prefill

_UNREAD = (
    *("outcome", "first__record", "first__evidence", "first__marks", "first__unsure"),
    *("first__task__prediction__fields", "first__task__prediction__checks"),
)
_TESTS = {
    TaskPurpose.GOLD_TEST.value: CountedLabel.Source.GOLD_TEST,
    TaskPurpose.ONBOARDING.value: CountedLabel.Source.ONBOARDING,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """``source`` and ``gold`` are empty where a label is not judged, or not yet; ``arm`` as in ``CountedLabel``.
    ``seeds`` is the pre-fill as it was before a value was made wrong on purpose: what catching that value is held to."""

    held: bool
    source: str = ""
    gold: GoldRecord | None = None
    arm: str = ""
    prefill: Prefill | None = None
    seeds: dict[str, Any] | None = None


@dataclass(frozen=True)
class Truths:
    """Of the documents of some labels: four statements, however many."""

    blind: frozenset[int]
    golds: dict[int, GoldRecord]
    pairs: dict[int, Agreement]
    thirds: frozenset[int]

    @classmethod
    def of(cls, labels: Iterable[Annotation]) -> Truths:
        """Look them up."""
        documents = {label.document_id for label in labels}
        open_tasks = LabelingTask.objects.filter(document__in=documents, side__isnull=False, state=TaskState.OPEN)
        golds = GoldRecord.objects.filter(document__in=documents, is_current=True).defer("evidence", "provenance")
        pairs = Agreement.objects.filter(document__in=documents).select_related("first__task__prediction").defer(*_UNREAD)
        thirds = Adjudication.objects.filter(document__in=documents, third__isnull=False)
        return cls(
            frozenset(open_tasks.values_list("document_id", flat=True)),
            {gold.document_id: gold for gold in golds},
            {pair.document_id: pair for pair in pairs},
            frozenset(pk for pk in thirds.values_list("third_id", flat=True) if pk),
        )

    def standing(self, label: Annotation) -> Standing:
        """What is known of one of them. A label of a pair is not judged before all of them are in and the document is settled."""
        if label.document_id in self.blind:
            return Standing(held=True)
        gold, pair = self.golds.get(label.document_id), self.pairs.get(label.document_id)
        test = _TESTS.get(label.task.purpose)
        if gold is None:
            return Standing(held=False)
        if test is not None:
            return Standing(held=False) if gold.annotation_id == label.pk else Standing(False, test, gold, "", _shown(label.task))
        unseeded = _unseeded(label.task)
        if unseeded is not None:
            return Standing(False, CountedLabel.Source.SEED, gold, "", _shown(label.task), unseeded)
        if pair is None or not pair.chance or label.pk not in {pair.first_id, pair.second_id} | self.thirds:
            return Standing(held=False)
        return Standing(False, CountedLabel.Source.PAIR, gold, _arm(label.task, pair.first.task), _prefill(label.task, pair.first.task))


def _unseeded(task: LabelingTask) -> dict[str, Any] | None:
    """The pre-fill of a label that was shown a wrong value on purpose, as it was before."""
    return task.prediction.record if task.seeded and task.prediction and not task.hides_prefill else None


def _shown(task: LabelingTask) -> Prefill | None:
    record = _stored(task)
    return Prefill(record, tuple(task.seeded), shown=True) if record is not None else None


def _stored(task: LabelingTask) -> dict[str, Any] | None:
    """The pre-fill as it was shown; ``None`` also for one that is not stored as this version stores them: it suggests nothing."""
    try:
        return shown_record(task)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        return None


def _prefill(task: LabelingTask, first: LabelingTask) -> Prefill | None:
    """What the person was shown; where it was hidden, what the other one was shown, which is what would have been suggested."""
    if not task.hides_prefill:
        return _shown(task)
    other = _stored(first)
    return Prefill(other, tuple(first.seeded), shown=False) if other is not None else None


def _arm(task: LabelingTask, first: LabelingTask) -> str:
    """Whether chance showed the pre-fill to a second labeler or hid it; empty for others, and where a value was made wrong on purpose."""
    if task.kind != TaskKind.SECOND_LABEL or task.ordinal != 1 or first.prediction is None:
        return ""
    if task.hides_prefill:
        return CountedLabel.Sight.HIDDEN
    return CountedLabel.Sight.SHOWN if task.prediction is not None and not task.seeded else ""
