"""Looking gold records over for what speaks against them: those never looked at first, then the ones looked at longest ago.

What speaks is decided in ``mlcore.agreement.suspects``. The reader whose confidence counts must not have learned from the document: it is
the stored reading from before its first label (``labeling.readings.first_readings``). No template had seen a label of this document then
and no model was trained with it, so that nothing has to be read again, and every record has its reader on the day that it is made. A
value that the reader read otherwise with confidence c is right with 1 - c at most. Where two people have settled a value, or one has
reviewed it, the word of a machine does not count against them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, QuerySet
from django.utils import timezone

from invoices.models import Prediction
from labeling.blindness import blind
from labeling.models import GoldRecord, SuspectGold, TaskState
from labeling.readings import first_readings
from mlcore.agreement.reasons import Ground, Reason
from mlcore.agreement.suspects import suspicion_of
from mlcore.checks import check_record
from mlcore.compare import match_rows, same
from mlcore.errors import RecordError
from mlcore.record_json import record_from_json, value_to_json
from mlcore.schema import InvoiceRecord, item_path, iter_values, spec_for, split_item_path, value_at

State = SuspectGold.State

LISTED_FROM = 300
"""Score, in thousandths, from which a record is put before a senior: one warning alone (150) does not do it, one thing unlike the vendor's
other records does."""

NEW_AT_ONCE = 50
AGAIN_AT_ONCE = 10
LOOK_AGAIN_AFTER = dt.timedelta(days=7)
"""What the vendor's other records say changes with them."""

OTHERS = 30
"""Newest other records of the vendor that a record is held against."""

_EXAMPLES = 3
_LEFT_BEHIND = 5_000
"""Records before the newest one looked at among which one may have been passed over, as long as its document was blind."""

_SETTLED = ("agreed", "adjudicated", "reviewed")


@dataclass(frozen=True, slots=True)
class _Other:
    """Another record of the same vendor."""

    document_id: int
    record: InvoiceRecord


def look_over(new: int = NEW_AT_ONCE, again: int = AGAIN_AT_ONCE) -> int:
    """Look at so many records, and close those whose review is done; answers how many were looked at. Idempotent.

    Records of documents that are being labeled blind are left alone.
    """
    reviews = SuspectGold.objects.filter(state=State.IN_REVIEW)
    reviews.filter(review__state=TaskState.DONE).update(state=State.SETTLED)
    reviews.filter(review__state=TaskState.WITHDRAWN).update(state=State.OPEN, review=None)
    current = GoldRecord.objects.filter(~blind(), is_current=True)
    last = SuspectGold.objects.aggregate(last=Max("gold"))["last"] or 0
    fresh = list(current.filter(suspicion=None, pk__gt=last - _LEFT_BEHIND).order_by("pk")[:new])
    due = SuspectGold.objects.filter(looked_at__lt=timezone.now() - LOOK_AGAIN_AFTER).order_by("looked_at").values_list("gold", flat=True)
    known = list(current.filter(pk__in=list(due[:again])).select_related("suspicion"))
    SuspectGold.objects.filter(gold__in=list(due[:again])).exclude(gold__in=known).update(looked_at=timezone.now())
    golds = [*fresh, *known]
    readings = first_readings([gold.document_id for gold in golds])
    families = _families(golds)
    for gold in golds:
        _look_at(gold, readings.get(gold.document_id), families.get(gold.vendor_id, []))
    return len(golds)


def reason_key(reason: Mapping[str, Any]) -> str:
    """What a reason is about, whatever its sentence says: the same evidence has the same key."""
    return ":".join((str(reason["code"]), *map(str, reason["paths"])))


def confidences_of(record: InvoiceRecord, reading: Prediction | None) -> dict[str, float]:
    """By path of the record how sure the reader is of its value, 0..1; values of which it says nothing are left out."""
    if reading is None:
        return {}
    try:
        read = record_from_json(reading.record, ignore_unknown=True)
    except RecordError:
        return {}
    sure = {str(field["path"]): float(field["confidence"]) for field in reading.fields}
    rows = dict(match_rows(record.line_items, read.line_items))
    found = {}
    for path, value in iter_values(record):
        cell = split_item_path(path)
        theirs = path if cell is None else item_path(rows[cell[0]], cell[1]) if cell[0] in rows else None
        if theirs is None or theirs not in sure:
            continue
        agrees = same(spec_for(path).kind, value, value_at(read, theirs))
        found[path] = sure[theirs] if agrees else 1 - sure[theirs]
    return found


def _families(golds: Iterable[GoldRecord]) -> dict[int | None, list[_Other]]:
    """The newest records of each vendor; one statement each."""
    families: dict[int | None, list[_Other]] = {}
    for vendor_id in {gold.vendor_id for gold in golds if gold.vendor_id is not None}:
        rows: QuerySet[GoldRecord, Any] = GoldRecord.objects.filter(vendor=vendor_id, is_current=True).order_by("-pk")
        listed = rows.values_list("document_id", "record")[: OTHERS + 1]
        families[vendor_id] = [_Other(pk, record) for pk, stored in listed if (record := _read(stored)) is not None]
    return families


def _look_at(gold: GoldRecord, reading: Prediction | None, family: Sequence[_Other]) -> None:
    record = _read(gold.record)
    others = [other for other in family if other.document_id != gold.document_id][:OTHERS]
    score, reasons = 0, []
    if record is not None:
        settled = {path for path, entry in gold.provenance.items() if entry.get("source") in _SETTLED}
        sure = {path: value for path, value in confidences_of(record, reading).items() if path not in settled}
        checks = check_record(record)
        found = suspicion_of(record, confidences=sure, checks=checks, others=[other.record for other in others])
        score, reasons = round(1000 * found.score), [_evidence(reason, record, reading, others) for reason in found.reasons]
    _store(gold, score, reasons)


def _store(gold: GoldRecord, score: int, reasons: list[dict[str, Any]]) -> None:
    """What a senior has decided stays decided until there is evidence that nobody has heard."""
    kept = SuspectGold.objects.filter(gold=gold).first() or SuspectGold(gold=gold)
    unheard = {reason_key(reason) for reason in reasons} - set(kept.heard)
    if kept.state in (State.CLEAR, State.OPEN, State.RIGHT):
        listed = score >= LISTED_FROM
        decided = kept.state == State.RIGHT and (not unheard or not listed)
        kept.state = State.RIGHT if decided else State.OPEN if listed else State.CLEAR
    kept.score, kept.reasons, kept.looked_at = score, reasons, timezone.now()
    kept.save()


def _evidence(reason: Reason, record: InvoiceRecord, reading: Prediction | None, others: Sequence[_Other]) -> dict[str, Any]:
    """A reason with what a person compares: the record's value, what the reader read, and what other records of the vendor have."""
    path = reason.paths[0] if reason.paths else ""
    shown = reason.to_json() | {"value": _text(record, path)}
    if reason.ground is Ground.CONFIDENCE and reading is not None:
        fields = {str(field["path"]): field.get("value") for field in reading.fields}
        shown["read"] = fields.get(path)
    if reason.ground is Ground.VENDOR and path and split_item_path(path) is None:
        same_value = [other for other in others if _text(other.record, path)]
        shown["others"] = [{"document": other.document_id, "value": _text(other.record, path)} for other in same_value[:_EXAMPLES]]
    return shown


def _text(record: InvoiceRecord, path: str) -> str | None:
    try:
        return value_to_json(value_at(record, path)) if path else None
    except (KeyError, IndexError, ValueError):
        return None


def _read(stored: Any) -> InvoiceRecord | None:
    try:
        return record_from_json(stored, ignore_unknown=True)
    except RecordError:
        return None
