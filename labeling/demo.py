"""The demo set: synthetic documents through the real intake, and its confirmed records through the real submit.

Generating takes many seconds of CPU, so what is needed later (the records that a person would have confirmed) is
written beside the data as ``demo-records.json``; loading again, and confirming, start from there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import Exists, OuterRef

from invoices import intake
from invoices.models import Document, DocumentStatus, User, VendorStatus
from invoices.vendor_master.editing import change_vendor, confirm_vendor
from labeling.annotation import submit
from labeling.assignment.claims import claim_task
from labeling.errors import LabelingError
from labeling.models import LabelingTask, TaskKind, TaskState
from labeling.submission import read_submission
from labeling.task_view import is_for
from mlcore.dataset.synthetic.demo import DemoDocument, demo_set
from mlcore.record_json import record_to_json

RECORDS = "demo-records.json"
SOURCE = "demo"


@dataclass(frozen=True, slots=True)
class DemoRecord:
    """What a person would confirm for one demo document."""

    document_id: int
    record: dict[str, Any]
    evidence: dict[str, list[dict[str, Any]]]


def is_loaded(folder: Path) -> bool:
    """Whether every document of the last loading is still in the database."""
    stored = _read(folder)
    return bool(stored) and Document.objects.filter(sha256__in=stored).count() == len(stored)


def load(folder: Path, *, progress: Callable[[int, int], None], limit: int | None = None, seed: int = 2026) -> int:
    """Generate the set and take every file in; answers how many. Files that are known already stay as they are.

    ``limit`` takes that many confirmed and that many open documents only.
    """
    documents = _some(demo_set(seed), limit)
    records: dict[str, dict[str, Any]] = {}
    for count, document in enumerate(documents, start=1):
        received = intake.receive(name=document.filename, data=document.data, media_type=document.media_type, source=SOURCE)
        records[received.document.sha256] = _to_json(document)
        progress(count, len(documents))
    (folder / RECORDS).write_text(json.dumps(records), encoding="utf-8")
    return len(documents)


def waiting(folder: Path) -> list[DemoRecord]:
    """The records still to be confirmed: those of documents that are neither gold nor failed nor in a person's hands."""
    confirmed = {sha256: entry for sha256, entry in _read(folder).items() if entry["confirmed"]}
    settled = (DocumentStatus.GOLD, DocumentStatus.LABELED, DocumentStatus.FAILED)
    taken = LabelingTask.objects.filter(document=OuterRef("pk"), state=TaskState.OPEN, assignee__isnull=False)
    rows = (
        Document.objects.filter(~Exists(taken), sha256__in=confirmed).exclude(status__in=settled).order_by("id").values_list("id", "sha256")
    )
    return [DemoRecord(pk, confirmed[sha256]["record"], confirmed[sha256]["evidence"]) for pk, sha256 in rows]


def confirm_ready(records: Sequence[DemoRecord], people: Sequence[User]) -> Iterator[int]:
    """Confirm those whose pre-fill has arrived, by turns, and their vendors; yields the ids of the documents that became gold.

    Those that are labeled twice are confirmed by two people. A task that a person has claimed meanwhile is left to that person.
    """
    wanted = {entry.document_id: entry for entry in records}
    kinds = (TaskKind.LABEL, TaskKind.SECOND_LABEL)
    tasks = LabelingTask.objects.filter(document__in=wanted, kind__in=kinds, state=TaskState.OPEN, assignee=None, reserved_for=None)
    tried: set[int] = set()
    while found := list(tasks.exclude(pk__in=tried).order_by("id")):  # a submit may open a second label
        tried.update(task.pk for task in found)
        for task in found:
            entry = wanted[task.document_id]
            if _confirm(task, entry, people):
                _confirm_vendor(entry)
                yield task.document_id


def _confirm(task: LabelingTask, entry: DemoRecord, people: Sequence[User]) -> bool:
    """Whether the document is gold now; the first person by turn whose task it may be labels it."""
    turn = task.document_id % len(people)
    for user in (*people[turn:], *people[:turn]):
        if not is_for(task, user):
            continue
        with suppress(LabelingError):
            claim_task(user=user, task_id=task.pk)
            submission = read_submission(record=entry.record, version=0, marks={}, unsure=[], evidence=entry.evidence)
            return submit(user=user, task_id=task.pk, submission=submission).gold_id is not None
    return False


def _confirm_vendor(entry: DemoRecord) -> None:
    """As a senior does it: the name and address that were read give way to those of the confirmed record."""
    vendor = Document.objects.select_related("vendor").get(pk=entry.document_id).vendor
    if vendor is None or vendor.status == VendorStatus.CONFIRMED:
        return
    printed = entry.record["vendor"]
    name, address = printed["name"] or vendor.name, printed["address"] or vendor.address
    change_vendor(vendor_id=vendor.pk, name=name, address=address, identifiers=vendor.identifiers)
    confirm_vendor(vendor_id=vendor.pk)


def _some(documents: Sequence[DemoDocument], limit: int | None) -> list[DemoDocument]:
    if limit is None:
        return list(documents)
    return [d for d in documents if d.confirmed][:limit] + [d for d in documents if not d.confirmed][:limit]


def _to_json(document: DemoDocument) -> dict[str, Any]:
    evidence = {path: [place.to_json() for place in places] for path, places in document.evidence.items()}
    return {"confirmed": document.confirmed, "record": record_to_json(document.record), "evidence": evidence}


def _read(folder: Path) -> dict[str, dict[str, Any]]:
    try:
        stored: dict[str, dict[str, Any]] = json.loads((folder / RECORDS).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return stored
