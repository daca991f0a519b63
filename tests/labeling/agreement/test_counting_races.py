"""Many processes count at once, pairs arrive meanwhile, some processes die: every pair is in the sums once."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import connection, transaction

from labeling.agreement.counting import count_pairs, waiting
from labeling.agreement.recounting import recount
from labeling.models import Agreement, AgreementTally
from tests.conftest import Cast
from tests.labeling.agreement.frozen_pairs import freeze, some
from tests.labeling.test_pair_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

COUNTERS = 4


class Killed(BaseException):
    """The process is gone before its transaction is committed."""


def count_until_nothing_waits(size: int) -> None:
    while waiting():
        count_pairs(size)


def die_in_the_middle() -> None:
    try:
        with transaction.atomic():
            count_pairs(3)
            raise Killed
    except Killed:
        pass


def test_counting_at_once_counts_every_pair_once(cast: Cast) -> None:
    people = [cast.biller1, cast.biller2, cast.senior]
    freeze(some(people, 40, seed=1))
    at_once(
        [
            *(partial(count_until_nothing_waits, size) for size in (3, 5, 7, 4)[:COUNTERS]),
            die_in_the_middle,
            partial(freeze, some(people, 12, seed=2)),
        ]
    )
    count_until_nothing_waits(50)
    assert AgreementTally.objects.get(kind="all").documents == 52
    assert Agreement.objects.filter(counted_in__gt=0).count() == 52
    found = recount(repair=False)
    assert (found.equal, found.pairs) == (True, 52)


@pytest.mark.thorough
def test_a_recount_while_others_count_finds_nothing_wrong(cast: Cast) -> None:
    people = [cast.biller1, cast.biller2, cast.senior]
    freeze(some(people, 30, seed=1))
    count_pairs(30)
    freeze(some(people, 20, seed=3))
    faults: list[tuple[str, str]] = []
    at_once([partial(count_until_nothing_waits, 2), lambda: faults.extend(recount(repair=False).unequal)])
    assert faults == []
    assert recount(repair=False).equal


def test_a_page_leaves_it_to_whoever_is_counting(cast: Cast) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite there is one writer, and the transaction itself waits for it")
    freeze(some([cast.biller1, cast.biller2], 3))
    count_pairs(1)
    counted: list[int] = []
    with transaction.atomic():
        count_pairs(1)
        at_once([lambda: counted.append(count_pairs(wait=False))])
    assert counted == [0]
    assert count_pairs(wait=False) == 1
