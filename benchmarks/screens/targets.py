"""Which documents, tasks and records the measured addresses name: as JSON, so that another process can ask for them."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Q, QuerySet

from benchmarks.screens.fates import SIGNED_IN
from invoices.models import AuditEntry, Document, User, Vendor
from labeling.corrections.offers import offers_for
from labeling.halves import sides_of
from labeling.models import Adjudication, Annotation, Correction, GoldRecord, Guideline, LabelingTask, Ruling, TaskKind, TaskState
from labeling.review.verification import FIELDS
from labeling.selectors.adjudications import AdjudicationFilter, adjudication_list
from labeling.selectors.review_queue import ReviewFilter, review_list
from labeling.selectors.verification_grid import GridFilter, verification_grid

MOST: Final = 40
"""Targets of one kind; a row that is measured more often begins again with the first."""


def targets() -> dict[str, list[Any]]:
    """For each name in an address of ``addresses.ROWS`` what it stands for, one after the other."""
    biller, senior = (User.objects.get(username=SIGNED_IN[role]) for role in ("biller", "senior"))
    listed = adjudication_list(senior, AdjudicationFilter(), MOST)
    large = Vendor.objects.order_by("pk").values_list("pk", flat=True)[0]
    cases = [row.adjudication for row in listed.rows if row.standing == "free"]
    cases.sort(key=lambda case: case.document.vendor_id != large)  # of the large vendor there are alike ones
    reviews = review_list(senior, ReviewFilter())
    grid = [(field, verification_grid(GridFilter(field=field))) for field in FIELDS if field != "total"]
    return {
        "vendor": [large],
        "rare_vendor": [_rare_vendor()],
        "adjudication": [case.pk for case in cases],
        "adjudication_task": [case.task_id for case in cases],
        "difference": [case.differences.filter(choice="").order_by("pk").values_list("pk", flat=True)[0] for case in cases],
        "adjudications_cursor": [listed.next],
        "resolved": _ids(Adjudication.objects.filter(state=Adjudication.State.RESOLVED)),
        "ruling": _ids(Ruling.objects.all()),
        "document": _ids(Document.objects.filter(status="gold")),
        "entry": _ids(AuditEntry.objects.order_by("-pk")),
        "person": [User.objects.get(username="biller3").pk],
        "guideline_newest": _ids(Guideline.objects.order_by("-pk")),
        "correction": _ids(Correction.objects.all()),
        "review_cursor": [reviews.next],
        "grid_cursor": [verification_grid(GridFilter()).next],
        "label": _ids(_free(LabelingTask.objects.filter(kind=TaskKind.LABEL, side=None, escalated=False))),
        "batch_field": [field for field, _ in grid],
        "batch": [[_said(card) for card in page.cards] for _, page in grid],
        **_reviews(),
        **_corrected(senior),
        **_seconds(biller),
    }


def _rare_vendor() -> int:
    """The last vendor that has a review to be done: few documents are its."""
    reviews = LabelingTask.objects.filter(kind=TaskKind.REVIEW, state=TaskState.OPEN)
    return int(Vendor.objects.filter(documents__tasks__in=reviews).order_by("-pk").values_list("pk", flat=True)[0])


def _free(tasks: QuerySet[LabelingTask]) -> QuerySet[LabelingTask]:
    return tasks.filter(state=TaskState.OPEN, assignee=None, postponed_by=None)


def _ids(rows: QuerySet[Any]) -> list[int]:
    return list((rows if rows.query.order_by else rows.order_by("pk")).values_list("pk", flat=True)[:MOST])


def _said(card: Any) -> dict[str, Any]:
    return {"document": card.document.pk, "prediction": card.prediction_id, "verdict": "confirmed"}


def _reviews() -> dict[str, list[Any]]:
    """Reviews that nobody holds, with the record as it was predicted."""
    rows = _free(LabelingTask.objects.filter(kind=TaskKind.REVIEW)).order_by("pk").values_list("pk", "prediction__record")[:MOST]
    return {"review": [task for task, _ in rows], "reviewed": [record for _, record in rows]}


def _corrected(senior: User) -> dict[str, list[Any]]:
    """Gold records of which the vendor's name was corrected and there is something to offer."""
    golds = GoldRecord.objects.filter(document__measured_reading__wrong__gt=0, annotation__isnull=False, is_current=True)
    found = [gold for gold in golds.order_by("pk").values_list("pk", flat=True)[:MOST] if offers_for(user=senior, gold_id=gold)]
    return {"corrected": found}


def _seconds(biller: User) -> dict[str, list[Any]]:
    """Second labels that this person may do, the first being in, with what would agree with it and what would not."""
    half = Q(document__tasks__kind=TaskKind.LABEL, document__tasks__state=TaskState.DONE)
    tasks = _free(LabelingTask.objects.filter(half, kind=TaskKind.SECOND_LABEL, side__in=sides_of(biller.pk)))
    ids = list(tasks.order_by("pk").values_list("pk", "document")[:MOST])
    first = dict(Annotation.objects.filter(document__in=[document for _, document in ids]).values_list("document", "record"))
    mine, more = ids[: len(ids) // 2], ids[len(ids) // 2 :]
    return {
        "second": [task for task, _ in mine],
        "agreeing": [first[document] for _, document in mine],
        "other_second": [task for task, _ in more],
        "differing": [{**first[document], "total": "1.00"} for _, document in more],
    }
