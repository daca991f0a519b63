"""Which documents a person can be tested with: their truth is settled, the person has never seen them, and they look like open ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from invoices.models import AuditEntry, Document, DocumentStatus, Prediction, User, VendorAlias
from invoices.vendor_master.editing import alias_key
from labeling.draws import chance
from labeling.models import (
    Agreement,
    Annotation,
    GoldRecord,
    KnownDocument,
    LabelingTask,
    TaskDraft,
    TaskPurpose,
    TaskSkip,
    TaskState,
    Trial,
)
from labeling.readings import first_readings
from labeling.suspects.disputed import disputed_gold

LOOKED_AT = 500
"""Newest gold records that are looked at, beside the documents that a senior marked: what is in work now is about as old."""

POOL = 50
"""Documents that one is drawn from."""


@dataclass(frozen=True, slots=True)
class Material:
    """A document with its truth, and the pre-fill that people were shown before anybody had labeled it."""

    document: Document
    gold: GoldRecord
    prediction: Prediction


def material_for(person: User) -> list[Material]:
    """What this person can be tested with, marked documents first, then the newest; ``POOL`` at most. Five statements."""
    fitting = _settled(unseen_by(person))
    marked = fitting.filter(document__in=_marked(TaskPurpose.GOLD_TEST)).order_by("-pk")[:POOL]
    newest = GoldRecord.objects.filter(is_current=True).order_by("-pk").values("pk")[:LOOKED_AT]
    others = fitting.filter(Exists(Agreement.objects.filter(document=OuterRef("document"))), pk__in=newest).order_by("-pk")[:POOL]
    return with_prefill({gold.pk: gold for gold in (*marked, *others)}.values())[:POOL]


def choose(person: User, found: Iterable[Material], seed: int) -> Material | None:
    """One of them: of the vendors that the person was tested with least, by chance that can be repeated."""
    had: Counter[int | None] = Counter(Trial.objects.filter(person=person).values_list("document__vendor", flat=True))
    ranked = sorted(found, key=lambda one: (had[one.document.vendor_id], chance(seed, "which test", person.pk, one.document.pk)))
    return ranked[0] if ranked else None


def unseen_by(person: User) -> Q:
    """Documents (as the outer query's ``document``) that this person never had in hand, opened or sent in."""
    seen = (
        Exists(Trial.objects.filter(document=OuterRef("document"), person=person)),
        Exists(Annotation.objects.filter(document=OuterRef("document"), author=person)),
        Exists(LabelingTask.objects.filter(document=OuterRef("document"), assignee=person)),
        Exists(TaskDraft.objects.filter(task__document=OuterRef("document"), author=person)),
        Exists(TaskSkip.objects.filter(task__document=OuterRef("document"), user=person)),
        Exists(AuditEntry.objects.filter(document_id=OuterRef("document"), person_id=person.pk)),
    )
    unseen = Q(document__uploaded_by__isnull=True) | ~Q(document__uploaded_by=person)
    for one in seen:
        unseen &= ~Q(one)
    return unseen


def with_prefill(golds: Iterable[GoldRecord]) -> list[Material]:
    """Those that were read before anybody labeled them, and whose vendor the station recognised by itself: the vendor that stands on
    the screen must tell nothing. Two statements."""
    listed = list(golds)
    readings = first_readings(gold.document_id for gold in listed)
    owners = _owners(readings.values())
    found = []
    for gold in listed:
        prediction = readings.get(gold.document_id)
        if prediction is not None and owners.get(_vendor_key(prediction)) == gold.document.vendor_id:
            found.append(Material(gold.document, gold, prediction))
    return found


def _settled(condition: Q) -> QuerySet[GoldRecord]:
    busy = LabelingTask.objects.filter(document=OuterRef("document"), state=TaskState.OPEN, reserved_for=None)
    golds = GoldRecord.objects.filter(condition, ~Exists(busy), is_current=True, document__status=DocumentStatus.GOLD)
    return golds.exclude(pk__in=disputed_gold().values("pk")).select_related("document").defer("document__text_signature")


def _marked(purpose: TaskPurpose) -> QuerySet[KnownDocument, int]:
    return KnownDocument.objects.filter(purpose=purpose).values_list("document", flat=True)


def _owners(predictions: Iterable[Prediction]) -> Mapping[str, int | None]:
    keys = {_vendor_key(prediction) for prediction in predictions} - {""}
    aliases = VendorAlias.objects.filter(key__in=keys).select_related("vendor")
    return {alias.key: alias.vendor.merged_into_id or alias.vendor_id for alias in aliases} | {"": None}


def _vendor_key(prediction: Prediction) -> str:
    name = (prediction.record.get("vendor") or {}).get("name")
    return alias_key(name) if name else ""
