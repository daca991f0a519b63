"""Several workers count at once on PostgreSQL: every label is in the sums exactly once, and nothing waits for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connections

from invoices.models import Role, User
from labeling.models import Annotation, CountedLabel, QualityPeriod
from labeling.quality.counting import count, judge_document
from tests.labeling.conftest import RECORD
from tests.labeling.quality.test_counting import months, raw, stored
from tests.labeling.settled_pairs import Bench, pair_policy, unfiled_document

pytestmark = pytest.mark.django_db(transaction=True)
PAIRS = 6


def test_many_counters_count_each_label_once() -> None:
    one, two = (User.objects.create_user(f"person{n}", role=Role.BILLER) for n in range(2))
    senior = User.objects.create_user("chief", role=Role.SENIOR)
    pair_policy()
    bench = Bench(lambda: unfiled_document(RECORD), senior, RECORD)
    documents = [bench.pair({one: {"total": "95.00"} if number % 2 else {}, two: {}}).pk for number in range(PAIRS)]
    errors: list[BaseException] = []
    start = threading.Barrier(4)

    def run(work: Callable[[], object]) -> None:
        try:
            start.wait()
            work()
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    def drain() -> None:
        while count(limit=2):
            pass

    def judge() -> None:
        for pk in documents:
            judge_document(pk)

    threads = [threading.Thread(target=run, args=(work,)) for work in (drain, drain, judge, judge)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert CountedLabel.objects.count() == Annotation.objects.count() == 2 * PAIRS
    for person in (one, two):
        assert stored(person, "pair") == raw(person)
        assert (months(person)["documents"], months(person)["judged"]) == (PAIRS, PAIRS)
    assert QualityPeriod.objects.count() == 4, "a month and a week for each"
