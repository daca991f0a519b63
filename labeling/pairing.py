"""From two submissions to an agreement or an adjudication.

Everything here runs in the transaction of a submit, which has the document locked: of two last submissions at once one waits for the
other and then finds it done. Each step looks first whether it was taken already, so a repetition changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from django.utils import timezone

from invoices.models import Document, DocumentStatus
from invoices.parsing import document_text
from labeling.draws import chance
from labeling.gold_writing import write_gold
from labeling.halves import EITHER
from labeling.machine_values import MachineValues, alias_names, vendor_ids
from labeling.models import (
    Adjudication,
    Agreement,
    Annotation,
    Choice,
    Difference,
    DifferenceCause,
    GoldRecord,
    LabelingPolicy,
    LabelingTask,
    TaskKind,
    TaskState,
)
from labeling.prefill_shown import shown_record
from labeling.provenance import CONFIRMED, gold_evidence, origins
from labeling.second_labels import SEED_MISSED, has_third_person, open_third
from labeling.vendor_choice import confirmed_vendor
from mlcore.agreement import prefill
from mlcore.agreement.causes import causes_of
from mlcore.agreement.pair import PairOutcome, compare_pair
from mlcore.errors import RecordError
from mlcore.record_json import record_from_json
from mlcore.schema import InvoiceRecord

AGREED = "agreed"


class Left(Enum):
    """``OPEN``: a label is not in. ``ALONE``: there is only one."""

    OPEN = auto()
    ALONE = auto()
    BOTH_IN = auto()


@dataclass(frozen=True, slots=True)
class Pair:
    """Both labels of a document in the order of their tasks, with the comparison and what caused each difference."""

    agreement: Agreement
    first: Annotation
    second: Annotation
    outcome: PairOutcome
    causes: tuple[DifferenceCause, ...]
    machine: MachineValues

    @property
    def agrees(self) -> bool:
        """Whether there is nothing for a person to settle: nothing differs, or the form alone."""
        return all(cause is DifferenceCause.FORMAT for cause in self.causes)


def left_of_pair(document_id: int) -> Left:
    """What a pair waits for. One whose other label was withdrawn because nobody is left to do it is no pair any more."""
    states = list(LabelingTask.objects.filter(document=document_id, side__isnull=False).values_list("state", flat=True))
    if TaskState.OPEN in states:
        return Left.OPEN
    return Left.BOTH_IN if states.count(TaskState.DONE) > 1 else Left.ALONE


def pair_submitted(document: Document, policy: LabelingPolicy) -> GoldRecord | None:
    """The last label of a pair is in: the pair is compared, agreement makes gold, a disagreement an adjudication.

    The answer is ``None`` unless there is a gold record now.
    """
    tasks = LabelingTask.objects.filter(document=document, side__isnull=False)
    labels = list(Annotation.objects.filter(task__in=tasks).select_related("task__prediction").order_by("task__ordinal", "task__kind"))
    waiting = Adjudication.objects.filter(document=document, state=Adjudication.State.WAITING).first()
    if waiting is not None:
        put_before_a_senior(waiting, third=labels[-1])
        return None
    pair = compare(document, labels[0], labels[1])
    if pair.agrees:
        return _agree(document, pair)
    open_adjudication(document, pair, policy)
    return None


def compare(document: Document, first: Annotation, second: Annotation) -> Pair:
    """Compare two labels and freeze the result; the pair of a document is compared once."""
    records = _record(first), _record(second)
    one, other = vendor_ids(records[0].vendor.name, records[1].vendor.name)
    outcome = compare_pair(*records, marks_first=first.marks, marks_second=second.marks, vendor_first=one, vendor_second=other)
    machine = MachineValues.of(first.task.prediction or second.task.prediction, *records)
    causes = causes_of(
        outcome.differences,
        document_text(document) if outcome.differences else None,
        machine=[machine.value(difference) for difference in outcome.differences],
        aliases=alias_names({one, other}),
    )
    values = {
        "vendor_id": document.vendor_id,
        "first": first,
        "second": second,
        "first_author_id": first.author_id,
        "second_author_id": second.author_id,
        "first_prefill": prefill_class(first),
        "second_prefill": prefill_class(second),
        "exact": outcome.exact,
        "critical": outcome.critical,
        **_fairness(first.task, second.task),
        "outcome": outcome.to_json(),
    }
    agreement, _ = Agreement.objects.get_or_create(document=document, defaults=values)
    return Pair(agreement, first, second, outcome, tuple(DifferenceCause(cause.value) for cause in causes), machine)


def _fairness(first: LabelingTask, second: LabelingTask) -> dict[str, Any]:
    chance, seeded = second.drawn_for != SEED_MISSED, bool(first.seeded or second.seeded)
    return {"chance": chance, "seeded": seeded, "counted_in": None if chance and not seeded else Agreement.LEFT_OUT}


def prefill_class(annotation: Annotation) -> str:
    """What the person was shown and what became of it."""
    shown = shown_record(annotation.task)
    try:
        before = None if shown is None else record_from_json(shown, ignore_unknown=True)
    except RecordError:
        return Agreement.Prefill.CHANGED.value
    return prefill.prefill_class(_record(annotation), before).value


def open_adjudication(document: Document, pair: Pair, policy: LabelingPolicy) -> Adjudication:
    """Put what differs before a senior, or first before a third labeler where the policy asks for it; once for a pair.

    Differences in form alone are settled with the first label's form.
    """
    a_is_first = chance(policy.seed, "letters", document.pk) < 0.5
    state = Adjudication.State.WAITING if _asks_for_third(pair, policy) else Adjudication.State.OPEN
    adjudication, created = Adjudication.objects.get_or_create(
        agreement=pair.agreement, defaults={"document": document, "a_is_first": a_is_first, "state": state}
    )
    if not created:
        return adjudication
    Difference.objects.bulk_create(_differences(adjudication, pair))
    if state == Adjudication.State.WAITING:
        open_third(pair.first.task, EITHER, policy)
    else:
        put_before_a_senior(adjudication)
    return adjudication


def _agree(document: Document, pair: Pair) -> GoldRecord:
    record, prediction = _record(pair.first), pair.machine.prediction
    found = origins(record, pair.machine.record, None)
    provenance = {
        path: {
            "source": AGREED,
            "by": pair.first.author_id,
            "also_by": pair.second.author_id,
            "model_id": prediction.model_id if prediction and source == CONFIRMED else None,
        }
        for path, source in found.source.items()
    }
    return write_gold(
        pair.first,
        document_id=document.pk,
        record=pair.first.record,
        vendor_id=confirmed_vendor(document, record),
        evidence=gold_evidence(found, pair.first.evidence, prediction.fields if prediction else []),
        provenance=provenance,
        supersedes=GoldRecord.objects.filter(document=document, is_current=True).values_list("pk", flat=True).first(),
    )


def _asks_for_third(pair: Pair, policy: LabelingPolicy) -> bool:
    differing = sum(difference.critical for difference in pair.outcome.differences)
    wanted = 0 < policy.third_label_from <= differing
    return wanted and has_third_person((pair.first.author_id, pair.second.author_id))


def _differences(adjudication: Adjudication, pair: Pair) -> list[Difference]:
    first_letter = Choice.A if adjudication.a_is_first else Choice.B
    rows = []
    for found, cause in zip(pair.outcome.differences, pair.causes, strict=True):
        row = Difference(
            adjudication=adjudication,
            name=found.name,
            path_first=found.path_first,
            path_second=found.path_second,
            value_first=found.value_first,
            value_second=found.value_second,
            value_machine=pair.machine.value(found),
            cause=cause,
            cause_typed=cause,
            critical=found.critical,
        )
        if cause is DifferenceCause.FORMAT:
            row.choice, row.value, row.settled_at = first_letter, found.value_first, timezone.now()
        rows.append(row)
    return rows


def put_before_a_senior(adjudication: Adjudication, *, third: Annotation | None = None) -> None:
    """The labels are in: the adjudication is open. ``third`` is the label that it waited for."""
    before = (third or adjudication.agreement.first).task
    values = {"priority": before.priority, "due_at": before.due_at}
    task, _ = LabelingTask.objects.get_or_create(document_id=adjudication.document_id, kind=TaskKind.ADJUDICATE, ordinal=1, defaults=values)
    Adjudication.objects.filter(pk=adjudication.pk).update(task=task, third=third, state=Adjudication.State.OPEN)
    Document.objects.filter(pk=adjudication.document_id).update(status=DocumentStatus.LABELED)


def _record(annotation: Annotation) -> InvoiceRecord:
    return record_from_json(annotation.record, ignore_unknown=True)
