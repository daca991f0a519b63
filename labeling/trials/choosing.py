"""Which documents a person can be tested with: their truth is settled, the person has never seen them, and they look like open ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

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
    """What this person can be tested with, marked documents first, then the newest; ``POOL`` at most. A dozen statements, each by ids
    that are in hand: whatever the station has, a fixed number of rows is looked at."""
    current = GoldRecord.objects.filter(is_current=True).order_by("-pk").values_list("pk", "document")
    chosen = _marked()
    marked = list(current.filter(document__in=chosen)[:LOOKED_AT]) if chosen else []
    newest = list(current[:LOOKED_AT])
    documents = {document for _, document in (*marked, *newest)}
    paired = set(Agreement.objects.filter(document__in=documents).values_list("document", flat=True))
    unfit = seen_by(person, documents) | _in_work(documents)
    wanted = [pk for pk, document in marked if document not in unfit]
    wanted += [pk for pk, document in newest if document in paired and document not in unfit]
    golds = GoldRecord.objects.filter(pk__in=wanted[: 2 * POOL]).exclude(pk__in=disputed_gold().values("pk"))
    found = {gold.pk: gold for gold in golds.select_related("document").defer("document__text_signature")}
    settled = (found[pk] for pk in dict.fromkeys(wanted) if pk in found and found[pk].document.status == DocumentStatus.GOLD)
    return with_prefill(settled)[:POOL]


def choose(person: User, found: Iterable[Material], seed: int) -> Material | None:
    """One of them: of the vendors that the person was tested with least, by chance that can be repeated."""
    had: Counter[int | None] = Counter(Trial.objects.filter(person=person).values_list("document__vendor", flat=True))
    ranked = sorted(found, key=lambda one: (had[one.document.vendor_id], chance(seed, "which test", person.pk, one.document.pk)))
    return ranked[0] if ranked else None


def seen_by(person: User, documents: Collection[int]) -> set[int]:
    """Which of these documents this person had in hand, labeled, began, skipped, opened or sent in, or was given before. Seven statements.

    Whose each row is, is looked at here: a database that looks for the person's rows first goes through all their work.
    """
    tasks = dict(LabelingTask.objects.filter(document__in=documents).values_list("pk", "document"))
    rows: list[tuple[int, int | None]] = [
        *LabelingTask.objects.filter(document__in=documents).values_list("document", "assignee"),
        *Annotation.objects.filter(document__in=documents).values_list("document", "author"),
        *Trial.objects.filter(document__in=documents).values_list("document", "person"),
        *Document.objects.filter(pk__in=documents).values_list("pk", "uploaded_by"),
        *((tasks[task], author) for task, author in TaskDraft.objects.filter(task__in=tasks).values_list("task", "author")),
        *((tasks[task], user) for task, user in TaskSkip.objects.filter(task__in=tasks).values_list("task", "user")),
    ]
    opened = AuditEntry.objects.filter(document_id__in=documents).order_by().values_list("document_id", "person_id").distinct()
    seen = {document for document, somebody in rows if somebody == person.pk}
    return seen | {document for document, somebody in opened if somebody == person.pk and document is not None}


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


def _in_work(documents: Collection[int]) -> set[int]:
    """Those with a task open that is nobody's test."""
    rows = LabelingTask.objects.filter(document__in=documents).values_list("document", "state", "reserved_for")
    return {document for document, state, reserved in rows if state == TaskState.OPEN and reserved is None}


def _marked() -> list[int]:
    known = KnownDocument.objects.filter(purpose=TaskPurpose.GOLD_TEST).order_by("-pk")
    return list(known.values_list("document", flat=True)[:LOOKED_AT])


def _owners(predictions: Iterable[Prediction]) -> Mapping[str, int | None]:
    keys = {_vendor_key(prediction) for prediction in predictions} - {""}
    aliases = VendorAlias.objects.filter(key__in=keys).select_related("vendor")
    return {alias.key: alias.vendor.merged_into_id or alias.vendor_id for alias in aliases} | {"": None}


def _vendor_key(prediction: Prediction) -> str:
    name = (prediction.record.get("vendor") or {}).get("name")
    return alias_key(name) if name else ""
