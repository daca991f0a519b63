"""Answers of the labeling endpoints: the forms of docs/labeling-protocol.md."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from invoices.models import Document, Page
from invoices.prepared import Prepared, Slot
from labeling.blindness import shown_kind
from labeling.drafts import Saved, draft_json
from labeling.filled_in import filled_in, filled_in_briefly
from labeling.models import Adjudication, FieldVerification, LabelingTask, TaskKind, TaskPurpose
from labeling.prefill_shown import shown_checks, shown_fields, shown_record
from labeling.review.doubted import doubts_about, marked
from labeling.review.known import verifications_for
from labeling.selectors.trials import step_of
from labeling.task_list import told_kind
from labeling.task_view import TaskView

ROW_COLUMNS = (
    *("kind", "state", "priority", "escalated", "due_at", "lease_expires_at", "postponed_until", "created_at", "finished_at"),
    *("assignee__username", "document__name", "document__status", "document__vendor__name"),
)
"""What ``task_row_json`` reads of a task."""


def _pages() -> QuerySet[Page]:
    pages = Page.objects.filter(document=Slot("document")).order_by("number")
    return pages.only("number", "image_width", "image_height", "rotation", "image_sha256")


_PAGES = Prepared(_pages)


def claim_json(claim: TaskView) -> dict[str, Any]:
    """A task as the screen opens it; reads the pages in one statement."""
    task = claim.task
    return {
        "id": task.pk,
        "kind": shown_kind(task.kind, lifted=False),
        "state": task.state,
        "due_at": instant(task.due_at),
        "lease_expires_at": instant(task.lease_expires_at),
        "lease_seconds": settings.LEASE_SECONDS,
        "now": instant(claim.now),
        "document": document_json(task.document),
        "prediction": _prediction_json(task),
        "draft": draft_json(claim.draft),
        "adjudication": _adjudication_of(task),
        **_review_json(task),
        **_onboarding_json(task),
    }


def saved_json(saved: Saved) -> dict[str, Any]:
    """The answer to a stored draft."""
    return {
        "version": saved.version,
        "acknowledged": [str(edit) for edit in saved.acknowledged],
        "saved_at": instant(saved.saved_at),
        "lease_expires_at": instant(saved.lease_expires_at),
    }


def task_row_json(task: LabelingTask) -> dict[str, Any]:
    """One row of the task list."""
    document = task.document
    return {
        "id": task.pk,
        "kind": told_kind(task),
        "state": task.state,
        "priority": task.priority,
        "escalated": task.escalated,
        "due_at": instant(task.due_at),
        "holder": task.assignee.username if task.assignee else None,
        "lease_expires_at": instant(task.lease_expires_at),
        "postponed_until": instant(task.postponed_until),
        "created_at": instant(task.created_at),
        "finished_at": instant(task.finished_at),
        "document": {"id": document.pk, "name": document.name, "status": document.status, "vendor": _vendor_json(document)},
    }


def instant(value: dt.datetime | None) -> str | None:
    """A point in time as ISO 8601 in UTC."""
    return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z") if value else None


def document_json(document: Document) -> dict[str, Any]:
    """A document with its vendor and page images; reads the pages in one statement."""
    return {
        "id": document.pk,
        "name": document.name,
        "vendor": _vendor_json(document),
        "near_duplicate_of": document.near_duplicate_of_id,
        "pages": [
            {
                "number": page.number,
                "width": page.image_width,
                "height": page.image_height,
                "image": page_image(document.pk, page.number, page.image_sha256),
                "rotation": page.rotation,
            }
            for page in _PAGES.all(document=document.pk)
        ],
    }


def _review_json(task: LabelingTask) -> dict[str, Any]:
    """What was verified in a batch, and for a review what is doubted and why; to a label only what was marked. One statement."""
    known = verifications_for(task)
    wrong = [one.path for one in known if one.verdict == FieldVerification.Verdict.WRONG]
    shown: dict[str, Any] = {
        "verified": [
            {"path": one.path, "value": one.value, "by": one.by.get_full_name() or one.by.username, "at": instant(one.at)}
            for one in known
            if one.verdict != FieldVerification.Verdict.WRONG
        ]
    }
    if task.kind == TaskKind.REVIEW or wrong:
        found = doubts_about(task.prediction, wrong) if task.kind == TaskKind.REVIEW else marked(wrong)
        shown["doubts"] = [{"path": doubt.path, "cause": doubt.cause.value, "message": doubt.message} for doubt in found]
    return shown


def _onboarding_json(task: LabelingTask) -> dict[str, Any]:
    """The place in the onboarding, which is open about what it is; nothing of any other task, whatever it is for."""
    if task.purpose != TaskPurpose.ONBOARDING:
        return {}
    step, of = step_of(task.reserved_for_id or 0, task.pk)
    return {"onboarding": {"step": step, "of": of, "page": reverse("onboarding")}}


def _adjudication_of(task: LabelingTask) -> int | None:
    """The adjudication behind a task of that kind; one statement for those, none for others."""
    if task.kind != TaskKind.ADJUDICATE:
        return None
    return Adjudication.objects.filter(task=task).values_list("pk", flat=True).first()


def page_image(document_id: int, number: int, sha256: str) -> str:
    """The address of a page image, which changes when the image does."""
    return f"{reverse('document-page-image', args=[document_id, number])}?v={sha256[:16]}"


def _vendor_json(document: Document) -> dict[str, Any] | None:
    vendor = document.vendor
    return {"id": vendor.pk, "name": vendor.name} if vendor else None


def _prediction_json(task: LabelingTask) -> dict[str, Any] | None:
    prediction = task.prediction
    if prediction is None:
        return None
    return {
        "id": prediction.pk,
        "model_id": prediction.model_id,
        "filled_in": {"briefly": filled_in_briefly(prediction), "in_full": filled_in(prediction)},
        "record": shown_record(task),
        "fields": shown_fields(task),
        "checks": shown_checks(task),
    }
