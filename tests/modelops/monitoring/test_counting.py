"""A day's numbers: what they are counted from, what changes them, and that counting again changes nothing."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from invoices.models import Document, Vendor
from labeling.models import GoldRecord, LabelingTask, TaskKind, TaskState
from modelops.errors import RequestInvalid
from modelops.models import CountedDay, CountedDocument, CountedReading, DailyMetric
from modelops.monitoring.counting import WRITTEN, count_day, count_days, count_newer, differing, refresh
from tests.conftest import Cast
from tests.modelops.monitoring.days import MODEL, TEMPLATE, at, come_in, label_and_settle, passes, plain_count, read, settle, submit, wait

pytestmark = pytest.mark.django_db

NOW = at("2026-03-06", "09:00")
DAYS = [dt.date(2026, 3, day) for day in (2, 3, 4, 5)]


def numbers(day: dt.date, vendor: Vendor | None = None) -> DailyMetric:
    return DailyMetric.objects.get(day=day, vendor=vendor)


def stored() -> list[dict[str, Any]]:
    return [dict(row) for row in DailyMetric.objects.order_by("day", "vendor").values()]


def some_days(cast: Cast, count: int, seed: int = 1) -> list[Vendor]:
    """Documents of every kind over four days, from a vendor, one that went into it, another, and nobody known."""
    chance = random.Random(seed)
    apex, best = Vendor.objects.create(name="Apex"), Vendor.objects.create(name="Best")
    gone = Vendor.objects.create(name="Apex Inc", merged_into=apex)
    for _ in range(count):
        came = at(f"2026-03-0{chance.randint(2, 4)}", f"{chance.randint(0, 23):02d}:{chance.randint(0, 59):02d}")
        document = come_in(came, chance.choice([apex, best, gone, None]), scanned=chance.choice([None, 0.8, 0.6543]))
        if chance.random() < 0.1:
            continue
        route, model = chance.choice(["accepted", "review", "flagged"]), chance.choice([MODEL, TEMPLATE])
        total = "91.00" if chance.random() < 0.3 else "90.00"
        read(document, came + dt.timedelta(minutes=5), route="review", model_id="zero:early", sure=0.4)
        read(document, came + dt.timedelta(minutes=9), route=route, model_id=model, sure=chance.choice([0.5, 0.9, 0.93, 0.99]), total=total)
        if route == "accepted" and model == MODEL and chance.random() < 0.7:
            passes(document, came + dt.timedelta(minutes=10), drawn=(drawn := chance.random() < 0.6))
            kind = TaskKind.AUDIT if drawn else TaskKind.REVIEW
        else:
            kind = TaskKind.REVIEW if route == "review" else TaskKind.LABEL
            wait(document, came + dt.timedelta(minutes=10), kind)
        done = came + dt.timedelta(hours=chance.randint(1, 30))
        if chance.random() < 0.7:
            truth = {"invoice_number": "INV-9"} if chance.random() < 0.2 else {}
            label_and_settle(document, done, cast.biller1, kind=kind, seconds=chance.randint(20, 200), **truth)
            if chance.random() < 0.2:
                read(document, done + dt.timedelta(minutes=1), model_id=MODEL, sure=1.0)
            if chance.random() < 0.2:
                settle(document, done + dt.timedelta(days=1), tax="1.00")
    return [apex, best]


@pytest.mark.thorough
@pytest.mark.parametrize("seed", [1, 2])
def test_the_numbers_are_those_of_a_plain_slow_count(cast: Cast, seed: int) -> None:
    vendors = some_days(cast, 60, seed)
    count_newer(now=NOW)
    for day in DAYS:
        for vendor in (None, *vendors):
            row = DailyMetric.objects.filter(day=day, vendor=vendor).first() or DailyMetric()
            plain = plain_count(day, vendor)
            of_row = {name: getattr(row, name) for name in plain}
            assert of_row == {**plain, "confidence": plain["confidence"] if row.pk else []}, (day, vendor)
    assert DailyMetric.objects.filter(vendor__name="Apex Inc").count() == 0
    assert sum(row.judged_documents for row in DailyMetric.objects.filter(vendor=None)) > 20


def test_counting_again_changes_no_row(cast: Cast) -> None:
    some_days(cast, 30)
    count_newer(now=NOW)
    before = stored()
    assert len(before) > 6
    count_days(DAYS[0], DAYS[-1], now=NOW)
    assert stored() == before
    assert [line for day in DAYS for line in differing(day, now=NOW)] == []


def test_a_back_fill_comes_to_what_was_counted_day_by_day(cast: Cast) -> None:
    some_days(cast, 30)
    for day in DAYS:
        count_newer(now=at(day.isoformat(), "23:59"))
    count_newer(now=NOW)
    wanted = ("id", "counted_at")
    by_day = [{name: value for name, value in row.items() if name not in wanted} for row in stored()]
    for model in (DailyMetric, CountedDay, CountedDocument, CountedReading):
        model._default_manager.all().delete()
    count_days(DAYS[0], NOW.date(), now=NOW)
    assert [{name: value for name, value in row.items() if name not in wanted} for row in stored()] == by_day


def test_a_superseded_record_changes_the_day_on_which_its_document_was_settled(cast: Cast) -> None:
    document = come_in(at("2026-03-02"))
    read(document, at("2026-03-02", "12:05"))
    label_and_settle(document, at("2026-03-03"), cast.biller1)
    count_newer(now=NOW)
    assert (numbers(DAYS[1]).judged_values, numbers(DAYS[1]).right_documents) == (20, 1)
    settle(document, at("2026-03-05"), total="91.00")
    assert differing(DAYS[1], now=NOW) == []  # nothing was looked at yet
    assert count_newer(now=NOW) == [NOW.date(), DAYS[1]]
    row = numbers(DAYS[1])
    assert (row.settled, row.right_values, row.right_documents, row.fields["total"]) == (1, 19, 0, [1, 0, 0])
    assert not DailyMetric.objects.filter(day=DAYS[3], settled__gt=0).exists()


def test_a_record_that_was_taken_back_counts_no_more(cast: Cast) -> None:
    document = come_in(at("2026-03-02"))
    read(document, at("2026-03-02", "12:05"))
    label_and_settle(document, at("2026-03-03"), cast.biller1)
    count_newer(now=NOW)
    GoldRecord.objects.update(is_current=False)
    count_newer(now=NOW)
    assert numbers(DAYS[1]).settled == 0
    settle(document, at("2026-03-05"))
    count_newer(now=NOW)
    assert (numbers(DAYS[1]).settled, numbers(DAYS[1]).right_documents) == (1, 1)


def test_days_end_at_midnight_utc_wherever_anybody_sits(cast: Cast) -> None:
    late, early = come_in(at("2026-03-02", "23:59:59.999999")), come_in(at("2026-03-03", "00:00"))
    for document in (late, early):
        read(document, at("2026-03-03", "00:01"))
    label_and_settle(late, at("2026-03-03", "23:59:59.999999"), cast.biller1)
    label_and_settle(early, at("2026-03-04", "00:00"), cast.biller1)
    with timezone.override("America/New_York"):
        count_newer(now=NOW)
    assert [(numbers(day).received, numbers(day).settled) for day in DAYS[:3]] == [(1, 0), (1, 1), (0, 1)]


def test_a_pair_in_progress_shows_nowhere_until_both_labels_are_in(cast: Cast) -> None:
    document = come_in(at("2026-03-02"))
    read(document, at("2026-03-02", "12:05"))
    first = wait(document, at("2026-03-02", "12:06"), side=0)
    second = wait(document, at("2026-03-02", "12:06"), TaskKind.SECOND_LABEL, side=1)
    count_newer(now=at("2026-03-03", "09:00"))
    alone = stored()
    submit(first, at("2026-03-02", "13:00"), cast.biller1)
    settle(document, at("2026-03-02", "13:00"))  # even if it had a record already
    count_days(DAYS[0], DAYS[0], now=at("2026-03-03", "09:00"))
    assert stored() == alone
    assert CountedDocument.objects.count() == 0
    submit(second, at("2026-03-02", "14:00"), cast.biller2)
    count_newer(now=at("2026-03-03", "09:00"))
    assert (numbers(DAYS[0]).settled, numbers(DAYS[0]).labels, numbers(DAYS[0]).waiting_label) == (1, 2, 0)


def test_what_went_through_is_judged_by_the_audits_alone(cast: Cast) -> None:
    for number, drawn in enumerate((True, True, False, False)):
        document = come_in(at("2026-03-02", f"1{number}:00"))
        read(document, at("2026-03-02", f"1{number}:05"), route="accepted", total="91.00" if number in (1, 2) else "90.00")
        passes(document, at("2026-03-02", f"1{number}:06"), drawn=drawn)
        if drawn:
            label_and_settle(document, at("2026-03-03"), cast.biller1, kind=TaskKind.AUDIT)
    reported = Document.objects.order_by("pk")[2]
    label_and_settle(reported, at("2026-03-03"), cast.biller1, kind=TaskKind.REVIEW)
    count_newer(now=NOW)
    came, done = numbers(DAYS[0]), numbers(DAYS[1])
    assert (came.passed, came.read_accepted) == (4, 4)
    assert (done.settled, done.judged_documents, done.accepted_judged, done.accepted_right) == (3, 2, 2, 1)
    assert done.strata["audit"]["documents"] == [2, 1]
    assert done.strata["seen"]["documents"] == [0, 0]


def test_what_passes_while_no_audits_are_drawn_is_known_to_have_passed(cast: Cast) -> None:
    document = come_in(at("2026-03-02"))
    read(document, at("2026-03-02", "12:05"), route="accepted")
    task = wait(document, at("2026-03-02", "12:05"))
    count_newer(now=NOW)
    assert (numbers(DAYS[0]).passed, numbers(DAYS[0]).waiting_label) == (0, 1)
    LabelingTask.objects.filter(pk=task.pk).update(state=TaskState.WITHDRAWN, finished_at=at("2026-03-02", "12:10"))
    count_newer(now=NOW)
    assert (numbers(DAYS[0]).passed, numbers(DAYS[0]).waiting_label) == (1, 0)


def test_a_document_waits_from_the_day_it_was_opened_to_the_day_it_was_done(cast: Cast) -> None:
    document = come_in(at("2026-03-02"))
    read(document, at("2026-03-02", "12:05"))
    review = wait(document, at("2026-03-02", "12:06"), TaskKind.REVIEW)
    submit(review, at("2026-03-04", "08:00"), cast.senior)
    count_newer(now=NOW)
    assert [numbers(day).waiting_review for day in DAYS] == [1, 1, 0, 0]
    assert numbers(DAYS[1]).waiting_oldest == (24 + 11) * 3600 + 54 * 60


def test_a_vendor_that_went_into_another_takes_its_days_along(cast: Cast) -> None:
    apex, small = Vendor.objects.create(name="Apex"), Vendor.objects.create(name="Apex Inc")
    document = come_in(at("2026-03-02"), small)
    read(document, at("2026-03-02", "12:05"))
    count_newer(now=NOW)
    assert numbers(DAYS[0], small).received == 1
    small.merged_into = apex
    small.save()
    count_newer(now=NOW)
    assert numbers(DAYS[0], apex).received == 1
    assert not DailyMetric.objects.filter(vendor=small).exists()


def test_a_day_costs_as_many_statements_whatever_happened_on_it(cast: Cast) -> None:
    spent = []
    for count in (5, 60):
        some_days(cast, count, seed=count)
        refresh()
        with CaptureQueriesContext(
            connection,
        ) as captured:
            count_day(DAYS[1], now=NOW)
        spent.append(len(captured))
    assert spent[1] <= spent[0] + 1 <= 16, spent


def test_what_has_not_changed_is_not_looked_at_again(cast: Cast) -> None:
    some_days(cast, 20)
    assert refresh() > 20
    with CaptureQueriesContext(connection) as captured:
        assert refresh() == 0
    assert len(captured) <= 8
    assert count_newer(now=NOW)
    assert count_newer(now=NOW) == [NOW.date()]


def test_a_change_that_comes_while_a_day_is_counted_is_not_lost(cast: Cast) -> None:
    day = DAYS[0]
    CountedDay.objects.create(day=day, stale=True, marks=3)

    def meanwhile() -> None:
        CountedDay.objects.filter(day=day).update(stale=True, marks=4)

    count_day(day, now=NOW)
    assert not CountedDay.objects.get(day=day).stale
    meanwhile()
    assert day in count_newer(now=NOW)


def test_a_day_that_is_refused_leaves_nothing_behind(cast: Cast) -> None:
    class Late(Exception):
        pass

    def late() -> None:
        raise Late

    some_days(cast, 5)
    with pytest.raises(Late):
        count_newer(now=NOW, fence=late)
    assert [model._default_manager.count() for model in (DailyMetric, CountedReading, CountedDocument, CountedDay)] == [0, 0, 0, 0]


def test_days_that_cannot_be_are_refused() -> None:
    with pytest.raises(RequestInvalid, match="give the earlier day first"):
        count_days(DAYS[1], DAYS[0], now=NOW)
    with pytest.raises(RequestInvalid, match="ask for 3660 at most"):
        count_days(dt.date(1990, 1, 1), DAYS[0], now=NOW)
    assert "counted_at" not in WRITTEN
