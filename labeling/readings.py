"""How right documents were read before anybody labeled them: the samples that thresholds are simulated with."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from invoices.models import Prediction
from labeling.models import Annotation, GoldRecord, LabelingTask, MeasuredReading, TaskKind, TaskState
from labeling.review.doubted import doubts_about
from mlcore.compare import Outcome, compare_records
from mlcore.confidence.doubts import Cause, amount_of
from mlcore.confidence.simulate import Sample
from mlcore.errors import RecordError
from mlcore.inference.model_names import authors_of
from mlcore.record_json import record_from_json
from mlcore.schema import InvoiceRecord, spec_for

AT_ONCE = 300
RECENT = 10_000
"""Newest documents that a simulation looks at: thresholds are for the documents that come in now."""

_FINE = (Outcome.CORRECT, Outcome.BOTH_ABSENT)


def measure(limit: int = AT_ONCE) -> int:
    """Measure documents that became gold and were not measured against that record, the newest first; answers how many, ``limit`` at most.

    What counts is the first reading by a model, else the first reading at all, out of those made before the document's first label: one
    that was made after a template had learned from people's labels of this very document would flatter. Looks at the newest ``RECENT``
    records alone, and forgets what was measured against a record that was taken back. Idempotent; seven statements.
    """
    MeasuredReading.objects.filter(gold__is_current=False).delete()
    golds = list(_measurable().select_related("document").order_by("-pk")[:limit])
    if not golds:
        return 0
    ids = [gold.document_id for gold in golds]
    readings = first_readings(ids)
    audits = LabelingTask.objects.filter(document__in=ids, kind=TaskKind.AUDIT, state=TaskState.DONE)
    audited = set(audits.values_list("document_id", flat=True))
    measured = [
        _measured(gold, readings[gold.document_id], audited=gold.document_id in audited) for gold in golds if gold.document_id in readings
    ]
    values = ["gold", "prediction", "score", "right", "wrong", "amount", "audited"]
    MeasuredReading.objects.bulk_create(measured, update_conflicts=True, unique_fields=["document"], update_fields=values)
    return len(measured)


def samples(limit: int = RECENT) -> list[Sample]:
    """The newest measured documents whose record still counts: one statement."""
    rows = (
        MeasuredReading.objects.filter(gold__is_current=True).order_by("-gold").values_list("score", "right", "wrong", "amount", "audited")
    )
    return [Sample(*row) for row in rows.values_list("score", "right", "wrong", "amount", "audited")[:limit]]


def to_measure() -> int:
    """How many documents wait to be measured; two statements."""
    return _measurable().count()


def _measurable() -> QuerySet[GoldRecord]:
    """Current gold records, of the newest ``RECENT``, that no reading was measured against, of documents read before their first label."""
    current = GoldRecord.objects.filter(is_current=True)
    oldest = current.order_by("-pk").values_list("pk", flat=True)[RECENT - 1 : RECENT].first() or 0
    first = Annotation.objects.filter(document=OuterRef("document")).order_by("pk").values("submitted_at")[:1]
    earlier = Prediction.objects.filter(document=OuterRef("document"), created_at__lte=OuterRef("labeled_at"))
    measured = MeasuredReading.objects.filter(gold=OuterRef("pk"))
    return current.annotate(labeled_at=Subquery(first)).filter(~Exists(measured), Exists(earlier), pk__gte=oldest)


def first_readings(ids: Iterable[int]) -> dict[int, Prediction]:
    """By document the reading that had learned nothing from it: made before its first label, a model's if there is one. One statement."""
    first = Annotation.objects.filter(document=OuterRef("document")).order_by("pk").values("submitted_at")[:1]
    before = Prediction.objects.filter(document__in=ids).annotate(labeled_at=Subquery(first)).filter(created_at__lte=F("labeled_at"))
    found: dict[int, Prediction] = {}
    for prediction in before.order_by("pk"):
        known = found.get(prediction.document_id)
        if known is None or (authors_of(prediction.model_id).model and not authors_of(known.model_id).model):
            found[prediction.document_id] = prediction
    return found


def _measured(gold: GoldRecord, prediction: Prediction, *, audited: bool) -> MeasuredReading:
    truth = InvoiceRecord()
    try:
        truth = record_from_json(gold.record, ignore_unknown=True)
        compared = compare_records(truth, record_from_json(prediction.record, ignore_unknown=True))
        wrong, score = sum(field.outcome not in _FINE for field in compared.fields), score_of(prediction)
    except RecordError:
        wrong, score = 1, 0.0
    return MeasuredReading(
        document=gold.document,
        gold=gold,
        prediction=prediction,
        score=score,
        right=not wrong,
        wrong=wrong,
        amount=amount_of(truth),
        audited=audited,
    )


def score_of(prediction: Prediction) -> float:
    """The lowest confidence of a present value that decides about a payment, 0..1; 0 for a record that contradicts itself or has none."""
    if any(doubt.cause is Cause.CONTRADICTION for doubt in doubts_about(prediction)):
        return 0.0
    values = [field for field in prediction.fields if field.get("value") is not None and _is_critical(str(field["path"]))]
    return min((float(field["confidence"]) for field in values), default=0.0)


def _is_critical(path: str) -> bool:
    try:
        return spec_for(path).critical
    except KeyError:
        return False
