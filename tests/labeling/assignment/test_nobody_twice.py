"""Eight people claim at the same moment, again and again; no task is handed to two of them."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

import pytest
from django.db import connection, connections

from invoices.models import Role, User
from labeling.annotation import submit
from labeling.assignment.claims import claim_next
from labeling.models import Annotation, GoldRecord, LabelingTask
from labeling.submission import read_submission

PEOPLE = 8
TASKS = 48


def _work(user: User, start: threading.Barrier, handed: list[tuple[int, int]], errors: list[BaseException], record: Any) -> None:
    try:
        start.wait()
        while (view := claim_next(user=user)) is not None:
            handed.append((view.task.pk, user.pk))
            submit(user=user, task_id=view.task.pk, submission=read_submission(record=record, version=0, marks={}, unsure=[], evidence={}))
    except BaseException as error:
        errors.append(error)
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_nobody_gets_a_task_twice(make_task: Any, record: Any) -> None:
    for _ in range(TASKS):
        make_task()
    users = [User.objects.create_user(f"person{n}", role=Role.BILLER) for n in range(PEOPLE)]
    handed: list[tuple[int, int]] = []
    errors: list[BaseException] = []
    start = threading.Barrier(PEOPLE)
    threads = [threading.Thread(target=_work, args=(user, start, handed, errors, record)) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(handed) == TASKS
    assert max(Counter(task for task, _ in handed).values()) == 1
    assert Annotation.objects.count() == GoldRecord.objects.count() == TASKS
    assert LabelingTask.objects.filter(state="done").count() == TASKS


@pytest.mark.django_db(transaction=True)
def test_held_tasks_are_handed_out_once(make_task: Any) -> None:
    """Claims without submits: 48 people, 48 tasks, six rounds of eight at once."""
    for _ in range(TASKS):
        make_task()
    users = [User.objects.create_user(f"person{n}", role=Role.BILLER) for n in range(TASKS)]
    handed: list[int] = []
    errors: list[BaseException] = []

    def claim(user: User) -> None:
        try:
            view = claim_next(user=user)
            handed.append(view.task.pk if view else -1)
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    for round_start in range(0, TASKS, PEOPLE):
        threads = [threading.Thread(target=claim, args=(user,)) for user in users[round_start : round_start + PEOPLE]]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert errors == []
    assert sorted(handed) == sorted(LabelingTask.objects.values_list("pk", flat=True)), connection.vendor
