"""The screens of people's quality: who sees whom, and what a page says with much, little and no data."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from invoices.audit.actions import Action
from invoices.audit.entries import AuditEntry
from invoices.models import User
from labeling.adjudication.grouping import reopen
from labeling.models import Adjudication, GoldRecord, LabelingTask
from labeling.quality.counting import count_all
from tests.conftest import Cast
from tests.labeling.settled_pairs import Bench, changed, label, pair_policy, settle

pytestmark = pytest.mark.django_db
PRIVATE = ["/quality/people/", "/quality/anchoring/"]


@pytest.fixture
def bench(cast: Cast, make_document: Any, record: dict[str, Any]) -> Bench:
    """Both billers label, the senior settles."""
    pair_policy()
    return Bench(make_document, cast.senior, record)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(user: User, address: str) -> str:
    answer = signed_in(user).get(address)
    assert answer.status_code == 200, address
    found: str = answer.content.decode()
    return found


def test_everybody_has_a_page_of_their_own_and_billers_no_other(bench: Bench, cast: Cast) -> None:
    for user in (cast.biller1, cast.senior, cast.admin):
        assert "Nothing to show" in text(user, "/quality/")
    for address in PRIVATE:
        assert signed_in(cast.biller1).get(address).status_code == 403
        assert text(cast.senior, address)
        assert text(cast.admin, address)
    own, other = (f"/quality/people/{user.pk}/" for user in (cast.biller1, cast.biller2))
    for ending, home in (("", "/quality/"), ("mistakes/", "/quality/mistakes/")):
        assert signed_in(cast.biller1).get(own + ending)["Location"] == home
        assert signed_in(cast.biller1).get(other + ending).status_code == 404
        assert signed_in(cast.senior).get(f"/quality/people/999999/{ending}").status_code == 404
        assert text(cast.senior, other + ending)


@pytest.mark.parametrize(
    "query", ["?window=%00&cursor=x&field=y", "?window=3", "?window=all&cursor=WyJiaWxsZXIxIiwxLDBd", "?field=total", "?cursor=WzEsMSwwXQ"]
)
def test_any_address_works(bench: Bench, cast: Cast, query: str) -> None:
    bench.pair({cast.biller1: {"total": "95.00"}, cast.biller2: {}})
    count_all()
    for address in (
        "/quality/",
        "/quality/mistakes/",
        *PRIVATE,
        f"/quality/people/{cast.biller1.pk}/",
        f"/quality/people/{cast.biller1.pk}/mistakes/",
    ):
        assert text(cast.senior, address + query)
        assert signed_in(cast.senior).post(address).status_code == 405


def test_little_data_is_said_to_be_little(bench: Bench, cast: Cast) -> None:
    bench.pair({cast.biller1: {"total": "95.00"}, cast.biller2: {}})
    count_all()
    page = text(cast.biller1, "/quality/")
    assert "not enough data (1 of 20)" in page
    assert "Worth a second look" not in page
    assert "bar__interval" not in page, "no bar where there is no number"


def test_fields_are_called_hard_beyond_chance_alone(bench: Bench, cast: Cast) -> None:
    for number in range(24):
        bench.pair({cast.biller1: {"total": "95.00"} if number < 20 else {}, cast.biller2: {}})
    count_all()
    page = text(cast.biller1, "/quality/")
    assert "Worth a second look:</strong> Total." in page
    other = text(cast.biller2, "/quality/")
    assert "Worth a second look" not in other
    people = text(cast.senior, "/quality/people/")
    assert people.index(">biller1<") < people.index(">biller2<")
    assert "16.7 %" in people


def test_what_was_wrong_is_shown_when_it_is_settled_and_not_before(bench: Bench, cast: Cast) -> None:
    document, tasks = bench.open()
    by_id = {user.pk: user for user in (cast.biller1, cast.biller2)}
    from labeling.task_view import is_for

    first = next(user for user in by_id.values() if is_for(tasks[0], user))
    second = next(user for user in by_id.values() if user != first)
    label(tasks[0], first, changed(bench.record, {"invoice_number": "INV-1010"}))
    for step in range(2):
        count_all()
        page = text(first, "/quality/mistakes/")
        assert "Nothing was wrong so far" in page, step
        if step == 0:
            label(tasks[1], second, bench.record)
    settle(document, cast.senior, bench.record, reason="The number in the header, not the order number")
    from labeling.quality.counting import judge_document

    judge_document(document.pk)
    page = text(first, "/quality/mistakes/")
    for word in ("INV-1010", "INV-1001", "The number in the header, not the order number", "/crop?box="):
        assert word in page
    assert "Nothing was wrong so far" in text(second, "/quality/mistakes/")
    assert "Nothing was wrong in this field" in text(first, "/quality/mistakes/?field=total")
    adjudication = Adjudication.objects.get()
    reopen(user=cast.senior, adjudication_id=adjudication.pk)
    assert "INV-1010" not in text(first, "/quality/mistakes/"), "open again: nothing is settled, whatever has been counted so far"


def test_a_row_that_is_missing_is_one_mistake(bench: Bench, cast: Cast) -> None:
    document, tasks = bench.open()
    from labeling.task_view import is_for

    for task in tasks:
        user = next(user for user in (cast.biller1, cast.biller2) if is_for(task, user))
        items = bench.record["line_items"]
        label(task, user, {**bench.record, "line_items": items[:1]} if user == cast.biller1 else bench.record)
    case = Adjudication.objects.get()
    from labeling.adjudication.decisions import Decision
    from labeling.adjudication.resolving import resolve
    from labeling.assignment.claims import claim_task
    from labeling.models import Choice

    assert case.task is not None
    claim_task(user=cast.senior, task_id=case.task.pk)
    difference = case.differences.get()
    letter = Choice.A if (difference.value_first is not None) == case.a_is_first else Choice.B
    resolve(user=cast.senior, adjudication_id=case.pk, decisions={difference.pk: Decision(letter, reason="It is on page 1")})
    count_all()
    page = text(cast.biller1, "/quality/mistakes/")
    assert page.count('class="mistake"') == 1
    assert "Row left out" in page
    assert "Infusion, first hour" in page
    assert document.name in page


def test_what_is_unreadable_is_no_fault_of_a_page(bench: Bench, cast: Cast) -> None:
    bench.pair({cast.biller1: {"total": "95.00"}, cast.biller2: {}})
    count_all()
    GoldRecord.objects.update(record={"total": "a lot"}, evidence={"total": [{"page": "one"}]})
    assert "This record cannot be shown by this version." in text(cast.biller1, "/quality/mistakes/")
    LabelingTask.objects.update(seeded={"line_items[9].total": {"right": "1", "wrong": "2"}})
    assert text(cast.senior, f"/quality/people/{cast.biller1.pk}/")


def test_looking_at_others_is_recorded(bench: Bench, cast: Cast) -> None:
    for _ in range(2):
        text(cast.senior, f"/quality/people/{cast.biller1.pk}/")
    text(cast.biller1, "/quality/")
    entry = AuditEntry.objects.get(action=Action.QUALITY_READ)
    assert (entry.person_id, entry.object_kind, entry.object_id) == (cast.senior.pk, "person", str(cast.biller1.pk))


def test_pages_cost_the_same_with_more_labels(bench: Bench, cast: Cast) -> None:
    client, counts = signed_in(cast.senior), []
    addresses = ["/quality/", "/quality/people/", "/quality/anchoring/", f"/quality/people/{cast.biller1.pk}/"]
    for pairs in (2, 10):
        for _ in range(pairs):
            bench.pair({cast.biller1: {"total": "95.00"}, cast.biller2: {}})
        count_all()
        for address in addresses:
            client.get(address)
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as seen:
                client.get(address)
            found.append(len(seen))
        counts.append(found)
    assert counts[1] == counts[0]
    assert max(counts[0]) <= 14, counts
