"""Which open documents have the fault that a person just corrected, and what the correction would change on each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from invoices.models import Document, Prediction, Role, User, Vendor, VendorAlias
from invoices.vendor_master.editing import alias_key
from labeling.corrections.rules import ORDER_WORDS, Change, date_order, printed_date, redated, renamed
from labeling.errors import GoldNotFound
from labeling.models import Correction, GoldRecord, LabelingTask, TaskKind, TaskState
from labeling.review.apart import in_nobodys_hands
from mlcore.compare import same
from mlcore.errors import RecordError
from mlcore.normalize import DateOrder
from mlcore.record_json import record_from_json
from mlcore.schema import InvoiceRecord, ValueKind

Kind = Correction.Kind

LOOKED_AT = 400
"""Open documents that are looked at for one offer, the newest first."""

MOST = 200
"""Documents that one correction is carried over to at most."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One open document with what would change on it."""

    document: Document
    prediction: Prediction
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """A correction that other documents may take over. ``before`` and ``after`` say it in short."""

    kind: Kind
    gold: GoldRecord
    vendor: Vendor
    before: str
    after: str
    candidates: list[Candidate]


def offers_for(*, user: User, gold_id: int, vendor_before: int | None = None) -> list[Offer]:
    """What the confirmed record ``gold_id`` offers to others; offers without documents are left out. Twelve statements at most.

    ``vendor_before`` is the vendor that the document was taken for when it was opened. For whoever confirmed the record and for seniors.
    Raises ``GoldNotFound``.
    """
    gold = _gold(user, gold_id)
    prediction = gold.annotation.prediction if gold.annotation else None
    if prediction is None or gold.vendor is None:
        return []
    try:
        read = record_from_json(prediction.record, ignore_unknown=True)
        confirmed = record_from_json(gold.record, ignore_unknown=True)
    except RecordError:
        return []
    found = [_of_vendor(gold, gold.vendor, read, confirmed, vendor_before), _of_dates(gold, gold.vendor, prediction, read, confirmed)]
    done = set(Correction.objects.filter(gold=gold, undone_at=None).values_list("kind", flat=True))
    return [offer for offer in found if offer and offer.candidates and offer.kind not in done]


def correctable() -> QuerySet[Document]:
    """Those of ``in_nobodys_hands`` that wait for a person."""
    tasks = LabelingTask.objects.filter(document=OuterRef("pk"))
    waiting = tasks.filter(state=TaskState.OPEN, kind__in=[TaskKind.LABEL, TaskKind.REVIEW])
    return in_nobodys_hands().filter(Exists(waiting))


def _gold(user: User, gold_id: int) -> GoldRecord:
    golds = GoldRecord.objects.select_related("annotation__prediction", "vendor", "document").defer("document__text_signature")
    gold = golds.filter(pk=gold_id, is_current=True).first()
    mine = gold is not None and gold.annotation is not None and gold.annotation.author_id == user.pk
    if gold is None or not (mine or user.has_role(Role.SENIOR)):
        raise GoldNotFound(f"There is no record {gold_id} of yours to carry over. Open the document and see who confirmed it.")
    return gold


def _of_vendor(gold: GoldRecord, vendor: Vendor, read: InvoiceRecord, confirmed: InvoiceRecord, before: int | None) -> Offer | None:
    name = read.vendor.name
    if not name:
        return None
    change = renamed(read, confirmed)
    owner = VendorAlias.objects.filter(key=alias_key(name)).values_list("vendor", flat=True).first()
    sources = {pk for pk in (before, owner) if pk is not None and pk != vendor.pk}
    if change is None and not sources:
        return None
    theirs = Q(vendor__in=sources) | Q(vendor=None) | (Q(vendor=vendor) if change else Q(pk=None))
    candidates = []
    for document, prediction, record in _open(theirs):
        if not same(ValueKind.TEXT, record.vendor.name, name):
            continue
        changes = []
        if document.vendor_id != vendor.pk:
            changes.append(Change("vendor", document.vendor.name if document.vendor else "", vendor.name))
        if change:
            changes.append(Change("vendor.name", record.vendor.name or "", change[1]))
        candidates.append(Candidate(document, prediction, tuple(changes)))
    kind = Kind.ALIAS if change else Kind.VENDOR
    return Offer(kind, gold, vendor, name, change[1] if change else vendor.name, candidates[:MOST])


def _of_dates(gold: GoldRecord, vendor: Vendor, prediction: Prediction, read: InvoiceRecord, confirmed: InvoiceRecord) -> Offer | None:
    order = date_order(printed_date(prediction.fields), read.date, confirmed.date)
    if order is None:
        return None
    candidates = []
    for document, theirs, record in _open(Q(vendor=vendor)):
        new = redated(printed_date(theirs.fields), record.date, order)
        if new is not None:
            before = record.date.isoformat() if record.date else ""
            candidates.append(Candidate(document, theirs, (Change("date", before, new.isoformat()),)))
    other = next(word for other, word in ORDER_WORDS.items() if other is not order)
    return Offer(Kind.DATE_ORDER, gold, vendor, other, _words(order), candidates[:MOST])


def _words(order: DateOrder) -> str:
    return ORDER_WORDS[order]


def _open(condition: Q) -> Iterator[tuple[Document, Prediction, InvoiceRecord]]:
    """Correctable documents with their newest prediction and its record: two statements, ``LOOKED_AT`` documents at most."""
    documents = correctable().filter(condition).order_by("-pk").select_related("vendor").defer("text_signature")[:LOOKED_AT]
    known = {document.pk: document for document in documents}
    newest = Prediction.objects.filter(document__in=known).values("document").annotate(newest=Max("pk")).values("newest")
    for prediction in Prediction.objects.filter(pk__in=newest).order_by(F("document").desc()):
        try:
            yield known[prediction.document_id], prediction, record_from_json(prediction.record, ignore_unknown=True)
        except RecordError:
            continue
