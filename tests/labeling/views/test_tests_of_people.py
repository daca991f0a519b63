"""The screens of gold tests, onboarding, queues and suspects: what they say, what they cost, and what bad input does."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from invoices.models import AuditEntry, Role, User, Veil
from labeling.models import Agreement, Annotation, KnownDocument, LabelingTask, Standing, SuspectGold, Trial
from labeling.trials.handing_out import hand_out, prepare_tests
from labeling.trials.onboarding import start_onboarding, welcome_new
from tests.conftest import Cast
from tests.labeling.conftest import RECORD
from tests.labeling.trials.conftest import Settle, settle, tests_on
from tests.labeling.trials.test_handing_out import work

pytestmark = pytest.mark.django_db
__all__ = ["settle", "tests_on"]


@pytest.fixture
def senior(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.senior)
    return client


def statements(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as run:
        assert client.get(address).status_code == 200
    return len(run)


@pytest.mark.parametrize("address", ["/gold-tests/", "/onboarding/", "/pauses/", "/suspects/", "/suspects/?tab=right&cursor=x"])
def test_a_page_costs_the_same_with_much_as_with_little(senior: Client, settle: Settle, cast: Cast, address: str) -> None:
    def fill(count: int, name: str) -> None:
        for number in range(count):
            gold = settle()
            person = User.objects.create_user(f"{name}{number}", role=Role.BILLER)
            SuspectGold.objects.create(
                gold=gold, state="open" if number % 2 else "right", score=700, looked_at=gold.created_at,
                decided_by=cast.senior, decided_at=gold.created_at,
                reasons=[{"ground": "vendor", "code": "unlike_name", "paths": ["total"], "message": "m", "weight": 0.4}],
            )  # fmt: skip
            task = LabelingTask.objects.create(document=gold.document, purpose="gold_test", reserved_for=person, state="done", ordinal=100)
            Annotation.objects.create(task=task, document=gold.document, author=person, record=RECORD, request_hash="")
            Trial.objects.create(
                person=person, document=gold.document, purpose="gold_test", task=task, state="judged", judged_at=gold.created_at
            )
            KnownDocument.objects.create(document=gold.document, purpose="onboarding" if number % 2 else "gold_test", by=cast.senior)
            Standing.objects.create(person=person, judged=30, value=0.5, low=0.4, high=0.6)

    fill(2, "few")
    little = statements(senior, address)
    fill(12, "many")
    assert statements(senior, address) == little
    assert little <= 12


def test_a_recommendation_stands_where_seniors_work(senior: Client, cast: Cast) -> None:
    assert "pause is recommended" not in senior.get("/review/").content.decode()
    Standing.objects.create(person=cast.biller1, judged=140, value=0.81, low=0.77, high=0.85)
    assert "A pause is recommended for 1 person" in senior.get("/review/").content.decode()
    page = senior.get("/pauses/").content.decode()
    assert "77.0 % to 85.0 %" in page
    senior.post(f"/pauses/{cast.biller1.pk}/pause/", {"reason": "Let us talk"})
    assert "pause is recommended" not in senior.get("/review/").content.decode()
    assert "Let us talk" in senior.get("/pauses/").content.decode()


def test_a_document_is_chosen_and_left_from_its_page(senior: Client, settle: Settle) -> None:
    gold = settle()
    address = f"/documents/{gold.document_id}/"
    assert "Use as a test document" in senior.get(address).content.decode()
    for change, used in (("add", 1), ("add", 1), ("remove", 0), ("remove", 0)):
        answer = senior.post(f"{address}known/", {"purpose": "gold_test", "change": change, "next": address})
        assert answer["Location"] == address
        assert KnownDocument.objects.count() == used
    assert AuditEntry.objects.filter(action="test.material_changed").count() == 2
    for data in ({"purpose": "work", "change": "add"}, {"purpose": "gold_test", "change": "nothing"}, {}):
        assert senior.post(f"{address}known/", {**data, "next": "https://elsewhere.example/"})["Location"] == "/gold-tests/"
    assert not KnownDocument.objects.exists()


def test_what_cannot_be_shown_as_open_is_refused(senior: Client, settle: Settle, make_document: Any, client_of: Any, cast: Cast) -> None:
    open_one, unread, disputed = make_document(), settle(make_document(prefill=False)), settle()
    SuspectGold.objects.create(gold=disputed, state="open", score=900, looked_at=disputed.created_at)
    assert senior.post(f"/documents/{open_one.pk}/known/", {"purpose": "gold_test", "change": "add"}).status_code == 404
    api = client_of(cast.senior)
    for gold in (unread, disputed):
        answer = api.post(f"/api/v1/documents/{gold.document_id}/known/", {"purpose": "onboarding"}, format="json")
        assert (answer.status_code, answer.json()["code"]) == (400, "document_not_fit")
    assert api.post(f"/api/v1/documents/{unread.document_id}/known/", {"purpose": "work"}, format="json").status_code == 400


def test_the_set_keeps_its_order_and_new_people_get_it_in_that_order(senior: Client, settle: Settle, cast: Cast, client_of: Any) -> None:
    golds = [settle() for _ in range(3)]
    assert welcome_new() == 0, "without a set nothing happens"
    api = client_of(cast.senior)
    for gold in golds:
        api.post(f"/api/v1/documents/{gold.document_id}/known/", {"purpose": "onboarding"}, format="json")
    senior.post(f"/documents/{golds[2].document_id}/known/", {"purpose": "onboarding", "change": "up"})
    wanted = [golds[0].document_id, golds[2].document_id, golds[1].document_id]
    assert welcome_new() == 1, "the second biller has labeled already"
    assert welcome_new() == 0
    order = []
    mine = client_of(cast.biller1)
    for number in range(3):
        claimed = mine.post("/api/v1/tasks/claim/", {}, format="json").json()
        assert claimed["onboarding"] == {"step": number + 1, "of": 3, "page": "/onboarding/"}
        assert mine.get(f"/api/v1/documents/{claimed['document']['id']}/").json()["status"] == "prefilled"
        sent = {"record": {**RECORD, "total": "1.00"}, "version": 0}
        done = mine.post(f"/api/v1/tasks/{claimed['id']}/submit/", sent, format="json").json()
        assert (done["gold"], done["document_status"]) == (None, "gold")
        assert mine.get(f"/api/v1/documents/{claimed['document']['id']}/").json()["status"] == "gold"
        order.append(claimed["document"]["id"])
    assert order == wanted
    steps = mine.get("/api/v1/onboarding/").json()["steps"]
    assert [step["slips"] for step in steps] == [[{"field": "Total", "mine": "1.00", "truth": "90.00"}]] * 3
    assert "3 of 3" in senior.get("/onboarding/").content.decode()


def test_a_set_that_grew_is_handed_out_from_where_it_was(settle: Settle, cast: Cast) -> None:
    KnownDocument.objects.create(document=settle().document, purpose="onboarding", position=1, by=cast.senior)
    assert start_onboarding(user=cast.senior, person_id=cast.biller1.pk) == 1
    KnownDocument.objects.create(document=settle().document, purpose="onboarding", position=2, by=cast.senior)
    assert start_onboarding(user=cast.senior, person_id=cast.biller1.pk) == 1
    assert start_onboarding(user=cast.senior, person_id=cast.biller1.pk) == 0
    assert list(Trial.objects.order_by("pk").values_list("position", flat=True)) == [1, 2]


def test_a_person_is_told_about_tests_only_when_a_senior_says_so(senior: Client, settle: Settle, tests_on: Any, cast: Cast) -> None:
    for _ in range(3):
        settle()
    prepare_tests()
    hand_out(Trial.objects.filter(person=cast.biller1).order_by("pk")[0])
    done = work(cast.biller1)
    assert done is not None
    biller = Client()
    biller.force_login(cast.biller1)
    address = f"/documents/{done[0].document_id}/"
    assert "Became gold" not in biller.get(address).content.decode()
    assert "Show them" in senior.get("/gold-tests/").content.decode()
    senior.post(f"/gold-tests/{cast.biller1.pk}/tell/", {})
    assert "Became gold" in biller.get(address).content.decode()
    assert Veil.objects.filter(person=cast.biller1).count() == Trial.objects.filter(person=cast.biller1, state="reserved").count() > 0
    assert AuditEntry.objects.get(action="test.told").object_id == str(cast.biller1.pk)


def test_other_billers_are_not_told_of_a_colleagues_test(settle: Settle, tests_on: Any, cast: Cast) -> None:
    gold = settle(authors=(cast.senior, cast.admin))
    Agreement.objects.update(first_author=cast.senior, second_author=cast.admin)
    prepare_tests()
    hand_out(Trial.objects.get(person=cast.biller1))
    assert work(cast.biller1) is not None
    Veil.objects.filter(person=cast.biller2).delete()
    Trial.objects.filter(person=cast.biller2).delete()
    pages = {}
    for name in ("biller2", "senior"):
        client = Client()
        client.force_login(getattr(cast, name))
        pages[name] = client.get(f"/documents/{gold.document_id}/").content.decode()
    assert "biller1" not in pages["biller2"]
    assert "Gold test submitted" in pages["senior"]
