"""Batch verification: one field across many documents, said of each value whether it is right."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record_many
from invoices.models import Document, Prediction, User
from labeling.errors import RequestInvalid
from labeling.models import FieldVerification, LabelingTask, TaskState
from labeling.review.apart import in_nobodys_hands
from labeling.review.opening import open_reviews
from mlcore.errors import RecordError
from mlcore.normalize import parse_date, parse_decimal
from mlcore.record_json import record_from_json, value_from_json, value_to_json
from mlcore.schema import HEADER_FIELDS, Value, ValueKind, spec_for, value_at

Verdict = FieldVerification.Verdict

FIELDS = tuple(spec.name for spec in HEADER_FIELDS)
"""What can be verified across documents: the fields of which a document has one."""

MOST = 48
"""Values in one batch."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said about one value: of which ``prediction``; ``value`` is what was typed for ``corrected``."""

    document_id: int
    prediction_id: int
    verdict: str
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Verified:
    """What became of a batch. ``skipped`` maps documents to the reason why nothing was kept of them."""

    batch: uuid.UUID
    confirmed: int
    corrected: int
    marked: int
    skipped: Mapping[int, str]


def verifiable(path: str) -> QuerySet[Document]:
    """Documents of which a value may be shown and confirmed in a batch, in no order: read, open, in nobody's hands.

    Never one of a blind pair, never a test, never one whose value was verified before.
    """
    known = FieldVerification.objects.filter(document=OuterRef("pk"), path=path)
    return in_nobodys_hands().filter(~Exists(known))


def verify(*, user: User, path: str, said: Sequence[Said]) -> Verified:
    """Keep what was said about one field of many documents, in one transaction; documents marked as wrong go to a review, and so do
    those with a corrected value that a model had accepted.

    What has changed since it was shown (other work began, another pre-fill, drawn for a blind pair) is skipped and named. Raises
    ``RequestInvalid`` for a field that is none of ``FIELDS``, more than ``MOST`` values, or a typed value that does not fit.
    """
    if path not in FIELDS:
        raise RequestInvalid("field_unknown", f"{path[:40]!r} cannot be verified across documents; choose one of {', '.join(FIELDS)}.")
    if not said or len(said) > MOST:
        raise RequestInvalid("too_many_values", f"{len(said)} values; send 1 to {MOST} at once.")
    typed = {one.document_id: _checked(path, one.value) for one in said if one.verdict == Verdict.CORRECTED}
    batch = uuid.uuid4()
    with transaction.atomic():
        current = _current(path, [one.document_id for one in said])
        taken = {one.document_id: one for one in said if _is_current(one, current)}
        rows = [_row(path, one, typed, current, batch, user) for one in taken.values()]
        FieldVerification.objects.bulk_create(rows)
        looked_at = _to_review(rows)
        if looked_at:
            open_reviews(looked_at, drawn_for="marked")
        _record(user, path, rows)
    skipped = {one.document_id: _why(one, current) for one in said if one.document_id not in taken}
    counted = {verdict: sum(row.verdict == verdict for row in rows) for verdict in Verdict}
    return Verified(batch, counted[Verdict.CONFIRMED], counted[Verdict.CORRECTED], counted[Verdict.WRONG], skipped)


def _to_review(rows: Sequence[FieldVerification]) -> list[int]:
    """Documents with a wrong value, and those with a corrected one for which nobody would be asked: the machine was not right on them."""
    corrected = [row.document_id for row in rows if row.verdict == Verdict.CORRECTED]
    waiting = LabelingTask.objects.filter(document__in=corrected, state=TaskState.OPEN) if corrected else LabelingTask.objects.none()
    asked = set(waiting.values_list("document", flat=True))
    return [row.document_id for row in rows if row.verdict == Verdict.WRONG] + [pk for pk in corrected if pk not in asked]


def _record(user: User, path: str, rows: Sequence[FieldVerification]) -> None:
    for verdict in Verdict:
        decided = [Target("document", row.document_id) for row in rows if row.verdict == verdict]
        record_many(Action.REVIEW_DECIDED, actor=user, objects=decided, after={"field": path, "verdict": verdict.value})


def _current(path: str, document_ids: Sequence[int]) -> dict[int, Prediction]:
    """The newest prediction of each document that may be verified still; the documents are locked."""
    open_ids = list(
        verifiable(path).select_for_update(of=("self",)).filter(pk__in=document_ids).order_by("pk").values_list("pk", flat=True)
    )
    newest: dict[int, Prediction] = {}
    for prediction in Prediction.objects.filter(document__in=open_ids).order_by("pk").defer("checks", "fields"):
        newest[prediction.document_id] = prediction
    return newest


def _is_current(one: Said, current: Mapping[int, Prediction]) -> bool:
    prediction = current.get(one.document_id)
    return prediction is not None and prediction.pk == one.prediction_id


def _why(one: Said, current: Mapping[int, Prediction]) -> str:
    return "filled in anew meanwhile" if one.document_id in current else "in somebody’s work, done, or verified meanwhile"


def _row(
    path: str, one: Said, typed: Mapping[int, str | None], current: Mapping[int, Prediction], batch: uuid.UUID, user: User
) -> FieldVerification:
    prediction = current[one.document_id]
    value = typed[one.document_id] if one.document_id in typed else predicted_value(prediction, path)
    return FieldVerification(
        document_id=one.document_id, prediction=prediction, path=path, value=value, verdict=one.verdict, batch=batch, by=user
    )


def predicted_value(prediction: Prediction, path: str) -> str | None:
    """The text form of a predicted value; ``None`` when it has none or was stored in another form."""
    try:
        return value_to_json(value_at(record_from_json(prediction.record, ignore_unknown=True), path))
    except RecordError:
        return None


def _checked(path: str, typed: str | None) -> str | None:
    """The text form of what was typed, read by the normaliser as everything that is printed. Raises ``value_invalid``."""
    text = (typed or "").strip()
    if not text:
        return None
    kind = spec_for(path).kind
    read: Value = text
    if kind is ValueKind.MONEY:
        read = parse_decimal(text)
    elif kind is ValueKind.DATE:
        read = parse_date(text)
    try:
        stored = value_to_json(value_from_json(path, value_to_json(read)))
    except RecordError:
        stored = None
    if stored is None:
        raise RequestInvalid(
            "value_invalid", f"{text[:60]!r} is no {spec_for(path).label.lower()}. Correct it; nothing of the batch was kept."
        )
    return stored
