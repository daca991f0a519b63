"""Blind pairs as two people really label them, through the services, and settled by a senior who knows what is printed."""

from __future__ import annotations

import copy
import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from invoices.models import Document, Prediction, User
from labeling.adjudication.decisions import Decision
from labeling.adjudication.resolving import resolve
from labeling.annotation import submit
from labeling.assignment.claims import claim_task
from labeling.models import Adjudication, Annotation, Choice, Difference, LabelingPolicy, LabelingTask
from labeling.sampling import open_task
from labeling.submission import read_submission
from labeling.task_view import is_for
from mlcore.record_json import record_from_json, value_to_json
from mlcore.schema import value_at
from tests.labeling.blind_pairs import place_in

Changes = dict[str, str | None]


def pair_policy(**values: Any) -> LabelingPolicy:
    """A policy under which every document is labeled twice."""
    nothing = {"new_vendor_share": 0, "new_biller_share": 0, "audit_share": 0, "hidden_share": 0}
    return LabelingPolicy.objects.create(**{"double_share": 1, **nothing, **values})


def label(task: LabelingTask, user: User, record: dict[str, Any], *, active_ms: int = 60_000, keystrokes: int = 40) -> Annotation:
    """Claim a task and submit a record for it."""
    claim_task(user=user, task_id=task.pk)
    submission = read_submission(record=record, version=0, marks={}, unsure=[], evidence={}, active_ms=active_ms, keystrokes=keystrokes)
    return Annotation.objects.get(pk=submit(user=user, task_id=task.pk, submission=submission).annotation_id)


def changed(record: dict[str, Any], changes: Changes) -> dict[str, Any]:
    """A record with other values at some paths."""
    other = copy.deepcopy(record)
    for path, value in changes.items():
        place_in(other, path, value)
    return other


def settle(document: Document, senior: User, truth: dict[str, Any], *, reason: str = "As printed") -> None:
    """Settle an adjudication so that ``truth`` comes out; nothing to do where both agreed."""
    adjudication = Adjudication.objects.filter(document=document).select_related("task").first()
    if adjudication is None or adjudication.task is None:
        return
    claim_task(user=senior, task_id=adjudication.task.pk)
    differences = list(adjudication.differences.filter(choice=""))
    resolve(user=senior, adjudication_id=adjudication.pk, decisions={one.pk: _decision(one, truth, reason) for one in differences})


def _decision(difference: Difference, truth: dict[str, Any], reason: str) -> Decision:
    value = value_at(record_from_json(truth), difference.path_first)
    text = value_to_json(value)
    return Decision(Choice.ABSENT, reason=reason) if text is None else Decision(Choice.OTHER, text, reason)


def unfiled_document(record: dict[str, Any]) -> Document:
    """A document with a pre-fill and without pages: no picture is asked for that is not there."""
    document = Document.objects.create(sha256=hashlib.sha256(uuid.uuid4().bytes).hexdigest(), name="apex.pdf", size=1, status="prefilled")
    Prediction.objects.create(document=document, model_id="template:test", record=record, fields=[], checks=[], route="review")
    return document


@dataclass(frozen=True)
class Bench:
    """Makes pairs of two people, one settled document after the other."""

    make_document: Callable[..., Document]
    senior: User
    record: dict[str, Any]

    def open(self, **document: Any) -> tuple[Document, list[LabelingTask]]:
        """A document with both tasks open."""
        made = self.make_document(**document)
        open_task(made.pk)
        return made, list(LabelingTask.objects.filter(document=made).select_related("prediction").order_by("pk"))

    def pair(self, by: dict[User, Changes], **document: Any) -> Document:
        """Both people label a document, each with wrong values at some paths; it is settled by what ``record`` says."""
        made, tasks = self.open(**document)
        for task in tasks:
            user = next(user for user in by if is_for(task, user))
            label(task, user, changed(self.record, by[user]))
        settle(made, self.senior, self.record)
        return made
