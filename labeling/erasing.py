"""Erasing what people said about a document. Who did what and when stays; what they typed, and what was compared, goes."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from labeling.models import (
    Agreement,
    Annotation,
    Difference,
    FieldEdit,
    FieldVerification,
    GoldRecord,
    KnownDocument,
    LabelingTask,
    MeasuredReading,
    Ruling,
    SuspectGold,
    TaskDraft,
    TaskSkip,
    TaskState,
)
from mlcore.record_json import record_to_json
from mlcore.schema import InvoiceRecord

_EMPTY = record_to_json(InvoiceRecord())


def erase_labels(document_id: int) -> None:
    """Erase every value of a document's labels, inside the caller's transaction; open tasks are withdrawn, its gold counts no more.

    Records that referred to its values as others of the same vendor lose that reason. About 20 statements.
    """
    tasks = LabelingTask.objects.filter(document=document_id)
    open_tasks = tasks.filter(state=TaskState.OPEN)
    open_tasks.update(state=TaskState.WITHDRAWN, finished_at=timezone.now(), assignee=None, lease_expires_at=None, prefetched=False)
    tasks.update(seeded={})
    drafts = TaskDraft.objects.filter(task__document=document_id)
    FieldEdit.objects.filter(draft__in=drafts.values("pk")).update(before="", after="")
    drafts.update(cells={}, rows=None)
    TaskSkip.objects.filter(task__document=document_id).update(comment="")
    labels = Annotation.objects.filter(document=document_id)
    labels.update(record=_EMPTY, marks={}, unsure=[], evidence={})
    golds = GoldRecord.objects.filter(document=document_id)
    golds.update(record=_EMPTY, evidence={}, provenance={}, is_current=False)
    FieldVerification.objects.filter(document=document_id).update(value=None)
    SuspectGold.objects.filter(gold__document=document_id).update(reasons=[], note="", state=SuspectGold.State.CLEAR)
    KnownDocument.objects.filter(document=document_id).delete()
    MeasuredReading.objects.filter(document=document_id).delete()
    _erase_differences(document_id)
    _forget_as_other(document_id)


def _erase_differences(document_id: int) -> None:
    """What differed stays countable (which field, which outcome); the values go."""
    settled = Difference.objects.filter(adjudication__document=document_id)
    rulings = list(settled.exclude(ruling=None).values_list("ruling", flat=True))
    Ruling.objects.filter(pk__in=rulings).update(value="", reason="")
    Ruling.objects.filter(place__document=document_id).update(place={})
    settled.update(value_first=None, value_second=None, value_machine=None, value=None)
    for agreement in Agreement.objects.filter(document=document_id):
        outcome = {**agreement.outcome}
        outcome["differences"] = [{**one, "values": [None, None]} for one in outcome.get("differences", [])]
        Agreement.objects.filter(pk=agreement.pk).update(outcome=outcome)


def _forget_as_other(document_id: int) -> None:
    """Of other records: that this one's value was another."""
    vendors = GoldRecord.objects.filter(document=document_id).exclude(vendor=None).values("vendor")
    for suspect in SuspectGold.objects.filter(gold__vendor__in=vendors).exclude(reasons=[]).order_by("pk"):
        reasons = [_without(reason, document_id) for reason in suspect.reasons]
        if reasons != suspect.reasons:
            SuspectGold.objects.filter(pk=suspect.pk).update(reasons=reasons)


def _without(reason: dict[str, Any], document_id: int) -> dict[str, Any]:
    others = reason.get("others")
    if not others:
        return reason
    return {**reason, "others": [one for one in others if one.get("document") != document_id]}
