"""The doubts about a stored prediction, and how they stand in the review queue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress

from django.db import transaction
from django.db.models import Exists, OuterRef

from invoices.models import Prediction
from labeling.models import FieldDoubt, FieldVerification, LabelingTask, TaskKind, TaskState
from mlcore.confidence.doubts import Cause, Doubt, amount_of, at_risk, doubts
from mlcore.documents import Check, Evidence, FieldPrediction, Severity, evidence_from_json
from mlcore.errors import DocumentError, RecordError
from mlcore.record_json import record_from_json
from mlcore.schema import InvoiceRecord, value_at

MARKED = "Somebody who saw this value among those of other documents says that it is wrong."
AT_ONCE = 200


def marked(paths: Iterable[str]) -> tuple[Doubt, ...]:
    """The doubts about fields that were marked as wrong in a batch."""
    return tuple(Doubt(path, Cause.MARKED, MARKED, 1.0) for path in paths)


def doubts_about(prediction: Prediction | None, wrong: Iterable[str] = ()) -> tuple[Doubt, ...]:
    """Why the values of a prediction are doubted; ``wrong`` are paths that were marked as wrong in a batch. No statement.

    A prediction that is stored under another schema is doubted as a whole.
    """
    own = marked(wrong)
    if prediction is None:
        return (*own, Doubt("", Cause.LOW, "There is no pre-fill.", 1.0))
    try:
        record = record_from_json(prediction.record, ignore_unknown=True)
    except RecordError:
        return (*own, Doubt("", Cause.LOW, "The pre-fill was stored in an older form.", 1.0))
    return (*own, *doubts(record, _fields(prediction, record), _checks(prediction)))


def describe(task: LabelingTask) -> None:
    """Write what is doubted on an open review task, and give it its priority: dollars at risk. The same again changes nothing."""
    prediction = task.prediction
    wrong = FieldVerification.objects.filter(document=task.document_id, verdict=FieldVerification.Verdict.WRONG)
    found = doubts_about(prediction, list(wrong.values_list("path", flat=True)))
    named = dict.fromkeys((doubt.name, doubt.cause.value) for doubt in found) or {("", Cause.LOW.value): None}
    every = FieldDoubt.ANY
    wanted = dict.fromkeys(row for name, cause in named for row in ((name, cause), (name, every), (every, cause), (every, every)))
    with transaction.atomic():
        FieldDoubt.objects.filter(task=task).delete()
        FieldDoubt.objects.bulk_create(FieldDoubt(task=task, name=name, cause=cause) for name, cause in wanted)
        LabelingTask.objects.filter(pk=task.pk).update(priority=at_risk(amount_of(_record(prediction)), found))


def describe_open(limit: int = AT_ONCE) -> int:
    """Describe open review tasks that nobody described, the oldest first; answers how many, ``limit`` at most."""
    known = FieldDoubt.objects.filter(task=OuterRef("pk"))
    bare = LabelingTask.objects.filter(~Exists(known), kind=TaskKind.REVIEW, state=TaskState.OPEN)
    tasks = list(bare.order_by("pk").select_related("prediction")[:limit])
    for task in tasks:
        describe(task)
    return len(tasks)


def _record(prediction: Prediction | None) -> InvoiceRecord:
    with suppress(RecordError):
        return record_from_json(prediction.record, ignore_unknown=True) if prediction else InvoiceRecord()
    return InvoiceRecord()


def _fields(prediction: Prediction, record: InvoiceRecord) -> list[FieldPrediction]:
    fields = []
    for stored in prediction.fields:
        path = str(stored["path"])
        with suppress(ValueError, IndexError, KeyError):
            value = value_at(record, path)
            fields.append(FieldPrediction(path, value, float(stored["confidence"]), tuple(_places(stored.get("evidence")))))
    return fields


def _checks(prediction: Prediction) -> list[Check]:
    return [
        Check(
            str(one["code"]),
            Severity(one["severity"]),
            str(one["message"]),
            tuple(one.get("paths") or ()),
            tuple(_places(one.get("places"))),
        )
        for one in prediction.checks
    ]


def _places(stored: Sequence[object] | None) -> Iterable[Evidence]:
    for place in stored or ():
        with suppress(DocumentError):
            yield evidence_from_json(place if isinstance(place, dict) else {})
