"""Two last submissions at once, and many workers drawing at once: one comparison for each pair, the exact share for each stratum."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pytest
from django.db import connections

from invoices.models import Document, Role, User
from labeling.annotation import submit
from labeling.assignment.claims import claim_task
from labeling.models import Adjudication, Agreement, Annotation, Draw, DrawStratum, GoldRecord, LabelingPolicy, LabelingTask
from labeling.sampling import open_task
from labeling.submission import read_submission
from labeling.task_view import is_for

pytestmark = pytest.mark.django_db(transaction=True)

PAIRS = 12
WORKERS = 4


def at_once(works: Sequence[Callable[[], object]]) -> None:
    """Do all of these at the same moment, each in a thread with its own connection."""
    errors: list[BaseException] = []
    start = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        try:
            start.wait()
            work()
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def _open_all(documents: Sequence[Document]) -> None:
    for document in documents:
        open_task(document.pk)


def two_signatures(**values: Any) -> None:
    LabelingPolicy.objects.create(**{"double_share": 1, "new_vendor_share": 0, "new_biller_share": 0, "hidden_share": 0, **values})


def test_of_two_last_submissions_at_once_one_settles_the_pair(make_document: Any, record: Any) -> None:
    people = [User.objects.create_user(f"person{n}", role=Role.BILLER) for n in range(2)]
    two_signatures()
    for number in range(PAIRS):
        document = make_document()
        open_task(document.pk)
        works: list[Callable[[], object]] = []
        for at, task in enumerate(LabelingTask.objects.filter(document=document).order_by("pk")):
            user = next(user for user in people if is_for(task, user))
            claim_task(user=user, task_id=task.pk)
            label = {**record, "total": "9.00"} if number % 2 and at else record
            submission = read_submission(record=label, version=0, marks={}, unsure=[], evidence={})
            works.append(partial(submit, user=user, task_id=task.pk, submission=submission))
        at_once(works)
    assert Annotation.objects.count() == 2 * PAIRS
    assert Agreement.objects.count() == PAIRS
    assert GoldRecord.objects.count() == Adjudication.objects.count() == PAIRS // 2
    assert LabelingTask.objects.filter(kind="adjudicate", state="open").count() == PAIRS // 2


def test_workers_at_once_keep_the_share_of_a_stratum(make_document: Any) -> None:
    for n in range(2):
        User.objects.create_user(f"person{n}", role=Role.BILLER)
    two_signatures(double_share=0.1)
    documents: list[Document] = [make_document() for _ in range(40)]
    shares = [documents[n::WORKERS] for n in range(WORKERS)]
    at_once([partial(_open_all, share) for share in shares])
    assert sorted(Draw.objects.values_list("position", flat=True)) == list(range(1, 41))
    assert LabelingTask.objects.filter(kind="second_label").count() == 4


def test_one_document_opened_by_many_is_drawn_once(make_document: Any) -> None:
    for n in range(2):
        User.objects.create_user(f"person{n}", role=Role.BILLER)
    two_signatures()
    document = make_document()
    at_once([lambda: open_task(document.pk)] * WORKERS)
    assert LabelingTask.objects.count() == 2
    assert list(DrawStratum.objects.values_list("count", flat=True)) == [1]
