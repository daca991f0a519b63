"""What a senior says to a suspect record: it is right, or look at the page again. A review stands beside the record until it is done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from invoices.models import Document, Prediction, Role, User
from labeling.blindness import is_blind
from labeling.corrections.names import STANDING
from labeling.errors import RequestInvalid, RoleNeeded, SuspectDecided, SuspectNotFound
from labeling.models import GoldRecord, LabelingTask, SuspectGold, TaskKind
from labeling.review.doubted import describe
from labeling.suspects.finding import reason_key
from mlcore.checks import check_record
from mlcore.documents import Check, Severity
from mlcore.errors import RecordError
from mlcore.record_json import record_from_json, value_to_json
from mlcore.schema import iter_values

State = SuspectGold.State

SUSPECT = "suspect"
"""``drawn_for`` of the reviews that come from here."""

MAX_NOTE = 500


def say_right(*, user: User, gold_id: int, note: str) -> SuspectGold:
    """The record is right: it is not suggested again for the same evidence. The same again changes nothing.

    Raises ``RoleNeeded``, ``SuspectNotFound``, ``SuspectDecided``, and ``RequestInvalid`` (``note_missing``, ``note_too_long``).
    """
    text = note.strip()
    if not text:
        raise RequestInvalid("note_missing", "Say in a few words why the record is right; it is kept with it.")
    if len(text) > MAX_NOTE:
        raise RequestInvalid("note_too_long", f"The reason has {len(text)} characters; the limit is {MAX_NOTE}. Shorten it.")
    with transaction.atomic():
        suspect = _locked(user, gold_id, State.RIGHT)
        if suspect.state == State.RIGHT:
            return suspect
        _decide(suspect, user, State.RIGHT, note=text)
        _record(user, suspect, "right")
    return suspect


def send_to_review(*, user: User, gold_id: int) -> LabelingTask:
    """Have a person look at the document again, with the record filled in and what speaks against it named.

    The record stands until the review is submitted; then a new one supersedes it. Asked again, the review that is open. Raises
    ``RoleNeeded``, ``SuspectNotFound`` and ``SuspectDecided``.
    """
    with transaction.atomic():
        suspect = _locked(user, gold_id, State.IN_REVIEW)
        if suspect.review is not None and suspect.state == State.IN_REVIEW:
            return suspect.review
        document = suspect.gold.document_id
        last = LabelingTask.objects.filter(document=document, kind=TaskKind.REVIEW).aggregate(last=Max("ordinal"))["last"]
        task = LabelingTask.objects.create(
            document_id=document,
            kind=TaskKind.REVIEW,
            ordinal=max(last or 0, 1) + 1,
            prediction=_standing(suspect),
            drawn_for=SUSPECT,
        )
        describe(task)
        suspect.review = task
        _decide(suspect, user, State.IN_REVIEW)
        _record(user, suspect, "review", task=task.pk)
    return task


def _locked(user: User, gold_id: int, wanted: str) -> SuspectGold:
    if not user.has_role(Role.SENIOR):
        raise RoleNeeded("Deciding about suspect records needs the role of a senior biller.")
    suspects = SuspectGold.objects.select_for_update(of=("self",)).select_related("gold", "review")
    suspect = suspects.filter(gold=gold_id, gold__is_current=True).exclude(state=State.CLEAR).first()
    if suspect is None:
        raise SuspectNotFound(f"Record {gold_id} is not suspect, or a newer one has taken its place. Reload the list.")
    Document.objects.select_for_update().only("pk").get(pk=suspect.gold.document_id)
    if suspect.state not in (State.OPEN, wanted) or is_blind(suspect.gold.document_id):
        who = suspect.decided_by.username if suspect.decided_by else "somebody"
        raise SuspectDecided(f"{who} has decided about record {gold_id} already: {suspect.get_state_display().lower()}. Reload the list.")
    return suspect


def _decide(suspect: SuspectGold, user: User, state: str, note: str = "") -> None:
    suspect.heard = sorted({*suspect.heard, *(reason_key(reason) for reason in suspect.reasons)})
    suspect.state, suspect.note, suspect.decided_by, suspect.decided_at = state, note, user, timezone.now()
    suspect.save()


def _record(user: User, suspect: SuspectGold, decision: str, **more: Any) -> None:
    after = {"decision": decision, "score": suspect.score, "reasons": [reason_key(one) for one in suspect.reasons], **more}
    record(Action.SUSPECT_DECIDED, actor=user, object=Target("gold", suspect.gold_id, document=suspect.gold.document_id), after=after)


def _standing(suspect: SuspectGold) -> Prediction:
    """The record as a pre-fill: certain but for what something speaks against, which is named among its checks."""
    gold = suspect.gold
    against: dict[str, float] = {}
    for reason in suspect.reasons:
        for path in reason["paths"]:
            against[path] = max(against.get(path, 0.0), float(reason["weight"]))
    newest = Prediction.objects.filter(document=gold.document_id).order_by("-pk").values("parse_revision", "route").first()
    standing, _ = Prediction.objects.get_or_create(
        document_id=gold.document_id,
        model_id=f"{STANDING}{gold.pk}",
        parse_revision=newest["parse_revision"] if newest else 1,
        defaults={
            "record": gold.record,
            "fields": _fields(gold, against),
            "checks": _checks(gold, suspect.reasons),
            "route": newest["route"] if newest else "review",
        },
    )
    return standing


def _fields(gold: GoldRecord, against: Mapping[str, float]) -> list[dict[str, Any]]:
    return [
        {
            "path": path,
            "value": value_to_json(value),
            "confidence": round(1 - against.get(path, 0.0), 4),
            "evidence": gold.evidence.get(path) or [],
            "raw": value_to_json(value),
            "note": "",
        }
        for path, value in iter_values(record_from_json(gold.record, ignore_unknown=True))
        if value is not None
    ]


def _checks(gold: GoldRecord, reasons: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the record itself says, and each other reason as something to look at."""
    try:
        own = [check.to_json() for check in check_record(record_from_json(gold.record, ignore_unknown=True))]
    except RecordError:
        own = []
    said = {check["message"] for check in own}
    extra = [Check(str(one["code"]), Severity.WARNING, str(one["message"]), tuple(one["paths"])) for one in reasons]
    return [*own, *(check.to_json() for check in extra if check.message not in said)]
