"""Which documents, tasks and records the measured addresses name: as JSON, so that another process can ask for them."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils import timezone

from benchmarks.screens.fates import SIGNED_IN
from invoices.models import AuditEntry, Document, User, Vendor
from labeling.agreement.slices import Kind
from labeling.corrections.offers import offers_for
from labeling.halves import sides_of
from labeling.models import (
    Adjudication,
    AgreementTally,
    Annotation,
    Correction,
    GoldRecord,
    Guideline,
    LabelingTask,
    Ruling,
    SuspectGold,
    TaskKind,
    TaskState,
)
from labeling.review.verification import FIELDS
from labeling.selectors.adjudications import AdjudicationFilter, adjudication_list
from labeling.selectors.agreement_documents import PairFilter, pair_page
from labeling.selectors.agreement_lists import listed as slices
from labeling.selectors.quality_mistakes import mistakes_of
from labeling.selectors.review_queue import ReviewFilter, review_list
from labeling.selectors.suspects import SuspectFilter, suspect_list
from labeling.selectors.trials import tests_of
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
        **_agreement(),
        **_people(biller),
        **_suspects(),
    }


def _agreement() -> dict[str, list[Any]]:
    """Two people and a month with many pairs, and places in the lists."""
    tallies = AgreementTally.objects.order_by("-documents", "pk")
    return {
        "pair": list(tallies.filter(kind=Kind.PAIR).values_list("key", flat=True)[:1]),
        "month": list(tallies.filter(kind=Kind.MONTH).values_list("key", flat=True)[:1]),
        "agreement_vendors_cursor": [slices(Kind.VENDOR).next],
        "agreement_pairs_cursor": [slices(Kind.PAIR).next],
        "agreement_cursor": [pair_page(PairFilter()).next],
    }


def _people(biller: User) -> dict[str, list[Any]]:
    """Whose queue goes on, places in lists of one person, and documents that may be chosen or fall due."""
    others = User.objects.filter(role=biller.role, pauses=None).exclude(pk=biller.pk)
    fit = GoldRecord.objects.filter(document__measured_reading__wrong=0, is_current=True, suspicion__state="clear", document__known=None)
    free = _free(LabelingTask.objects.filter(kind=TaskKind.LABEL, side=None, escalated=False))
    return {
        "other_person": _ids(others),
        "mistakes_cursor": [mistakes_of(biller, "", "").next],
        "tests_cursor": [tests_of({}).next],
        "fit": list(fit.order_by("pk").values_list("document", flat=True)[:MOST]),
        "open_document": list(free.order_by("pk").values_list("document", flat=True)[:MOST]),
        "due_day": [str(timezone.localdate() + dt.timedelta(days=10 + n)) for n in range(MOST)],
    }


def _suspects() -> dict[str, list[Any]]:
    """Records that something speaks against, one half for each decision."""
    rows = SuspectGold.objects.filter(state=SuspectGold.State.OPEN).order_by("pk").values_list("gold", flat=True)[:MOST]
    golds = list(rows)
    half = len(golds) // 2
    return {"suspect": golds[:half], "other_suspect": golds[half:], "suspects_cursor": [suspect_list(SuspectFilter()).next]}


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
