"""What follows from a label of a document whose truth is known: a judgement. It never becomes gold and never moves the document."""

from __future__ import annotations

from django.utils import timezone

from invoices.models import DocumentStatus, Veil
from invoices.veils import SHOWN_AS
from labeling.models import Annotation, GoldRecord, LabelingTask, TaskPurpose, Trial
from mlcore.compare import Outcome, compare_records
from mlcore.errors import RecordError
from mlcore.record_json import record_from_json

_FINE = (Outcome.CORRECT, Outcome.BOTH_ABSENT)


def trial_submitted(task: LabelingTask, annotation: Annotation) -> str:
    """Hold the label to the gold record that counts, if there still is one; answers the status that the person is told.

    Of a gold test they are told what they would be told of the first label of a pair, and go on seeing the document as open. A step of
    the onboarding is open about what it is, so the truth shows at once.
    """
    truth = GoldRecord.objects.filter(document=task.document_id, is_current=True).first()
    if truth is None:
        Trial.objects.filter(task=task).update(state=Trial.State.VOID)
    else:
        wrong = wrong_fields(annotation, truth)
        judged = {"state": Trial.State.JUDGED, "truth": truth, "exact": not wrong, "wrong": wrong, "judged_at": timezone.now()}
        Trial.objects.filter(task=task).update(**judged)
    if task.purpose == TaskPurpose.ONBOARDING:
        Veil.objects.filter(person=annotation.author_id, document=task.document_id).delete()
        return (DocumentStatus.GOLD if truth else SHOWN_AS).value
    return SHOWN_AS.value


def wrong_fields(annotation: Annotation, truth: GoldRecord) -> list[str]:
    """The fields (without index, each once) in which a label is not the truth, in the order of the schema."""
    try:
        expected = record_from_json(truth.record, ignore_unknown=True)
        found = record_from_json(annotation.record, ignore_unknown=True)
    except RecordError:
        return ["line_items"]
    compared = compare_records(expected, found).fields
    return list(dict.fromkeys(field.name for field in compared if field.outcome not in _FINE))
