"""Adjudications over HTTP: who may, who is named when, how many statements, and that hostile text stays text."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from labeling.assignment.claims import claim_task
from labeling.halves import other_side, side_of
from labeling.models import Adjudication, Difference, GoldRecord, Guideline, GuidelineRead, LabelingTask, Ruling
from labeling.sampling import open_task

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/"
ROLES = ("biller1", "biller2", "senior", "admin")


@pytest.fixture
def pair(make_pair: Any) -> Any:
    return make_pair({"total": "95.00", "vendor.name": "Apex Infusion LLC"}, a_is_first=False, vendor__name="alias")


@pytest.fixture
def senior(cast: Any, client_of: Any, pair: Any) -> Any:
    """The senior with the pair in hand."""
    api = client_of(cast.senior)
    assert api.post(f"{ROOT}tasks/claim/", {"kind": "adjudicate"}, format="json").json()["adjudication"] == pair.adjudication.pk
    return api


def settle(api: Any, difference: Difference, **decision: Any) -> Any:
    return api.post(f"{ROOT}differences/{difference.pk}/settle/", decision, format="json")


@pytest.mark.parametrize("role", ROLES)
def test_every_address_is_for_seniors_and_admins(cast: Any, client_of: Any, pair: Any, role: str) -> None:
    api = client_of(getattr(cast, role))
    difference = pair.difference("total")
    ruling = Ruling.objects.create(field="total", cause="guideline", choice="a", author=cast.admin)
    allowed = role in ("senior", "admin")
    gets = ["adjudications/", f"adjudications/{pair.adjudication.pk}/", "rulings/"]
    assert {api.get(ROOT + path).status_code for path in gets} == {200 if allowed else 403}
    decision = {"choice": "a"}
    posts: list[tuple[str, dict[str, Any]]] = [
        (f"adjudications/{pair.adjudication.pk}/resolve/", {}),
        (f"differences/{difference.pk}/settle/", decision),
        (f"differences/{difference.pk}/undo/", {}),
        ("rulings/preview/", {**decision, "difference": difference.pk}),
        ("rulings/", {**decision, "difference": difference.pk, "others": []}),
    ]
    answers = [api.post(ROOT + path, body, format="json").status_code for path, body in posts]
    answers.append(api.patch(f"{ROOT}differences/{difference.pk}/", {"cause": "place"}, format="json").status_code)
    assert set(answers) == {410 if allowed else 403}
    harmless = [f"adjudications/{pair.adjudication.pk}/reopen/", f"rulings/{ruling.pk}/undo/"]
    assert {api.post(ROOT + path, {}, format="json").status_code for path in harmless} <= ({200, 204} if allowed else {403})
    assert not Difference.objects.exclude(choice="").exists()


def test_an_outsider_and_a_stranger_get_nothing(cast: Any, client_of: Any, pair: Any, client: Any) -> None:
    for path in ("adjudications/", f"adjudications/{pair.adjudication.pk}/", "rulings/", "guidelines/", f"tasks/{pair.task.pk}/guidance/"):
        assert client_of(cast.outsider).get(ROOT + path).status_code == 401
        assert client.get(ROOT + path).status_code == 401


def test_nobody_is_named_until_it_is_resolved(cast: Any, senior: Any, pair: Any) -> None:
    address = f"{ROOT}adjudications/{pair.adjudication.pk}/"
    answers = [senior.get(address), senior.get(f"{ROOT}adjudications/"), settle(senior, pair.difference("total"), choice="a")]
    preview = {"difference": pair.difference("vendor.name").pk, "choice": "b"}
    answers.append(senior.post(f"{ROOT}rulings/preview/", preview, format="json"))
    for answer in answers:
        assert answer.status_code == 200
        assert "biller" not in answer.content.decode()
    assert answers[0].json()["authors"] is None
    settle(senior, pair.difference("vendor.name"), choice="b")
    assert senior.post(f"{ROOT}adjudications/{pair.adjudication.pk}/resolve/", {}, format="json").status_code == 200
    resolved = senior.get(address).json()
    assert resolved["authors"] == {"a": "biller2", "b": "biller1", "senior": "senior"}
    assert resolved["gold"] == GoldRecord.objects.get().pk


def test_one_adjudication_in_full(senior: Any, pair: Any) -> None:
    found = senior.get(f"{ROOT}adjudications/{pair.adjudication.pk}/").json()
    vendor, total = found["differences"]
    assert (vendor["name"], total["name"]) == ("vendor.name", "total")
    assert (total["a"]["value"], total["b"]["value"], total["machine"]["value"]) == ("95.00", "90.00", "90.00")
    assert total["b"]["places"] == total["machine"]["places"] == [{"page": 1, "box": [0.1, 0.1, 0.2, 0.12]}]
    assert total["a"]["places"] == []
    assert found["task"]["mine"] is True
    rows = {(field["name"], field["row"]): field for field in found["record"]}
    assert len(found["record"]) == 7 + 2 * 7
    assert rows["total", None]["difference"] == total["id"]
    assert rows["line_items.quantity", 1] | {"label": ""} == {
        "name": "line_items.quantity", "row": 1, "a": "1", "b": "1", "machine": "1", "difference": None, "label": "",
    }  # fmt: skip


def test_decisions_may_come_with_the_resolution(senior: Any, pair: Any) -> None:
    address = f"{ROOT}adjudications/{pair.adjudication.pk}/resolve/"
    left = senior.post(address, {}, format="json")
    assert (left.status_code, left.json()["code"], len(left.json()["left"])) == (409, "not_settled", 2)
    decisions = [
        {"difference": pair.difference("total").pk, "choice": "other", "value": "$1,095.00", "reason": "Paid amount", "cause": "place"},
        {"difference": pair.difference("vendor.name").pk, "choice": "absent"},
    ]
    done = senior.post(address, {"decisions": decisions}, format="json")
    assert done.status_code == 200
    gold = GoldRecord.objects.get(pk=done.json()["gold"])
    assert (gold.record["total"], gold.record["vendor"]["name"]) == ("1095.00", None)
    assert gold.provenance["vendor.name"]["choice"] == "absent"
    foreign = senior.post(address, {"decisions": [{"difference": 999_999, "choice": "a"}]}, format="json")
    assert foreign.status_code == 200
    assert foreign.json()["gold"] == gold.pk


def test_a_person_who_labeled_it_sees_nothing_and_settles_nothing(cast: Any, client_of: Any, make_pair: Any) -> None:
    pair = make_pair(authors=(cast.senior, cast.biller1))
    api = client_of(cast.senior)
    assert api.post(f"{ROOT}tasks/claim/", {"kind": "adjudicate"}, format="json").status_code == 204
    refused = api.post(f"{ROOT}tasks/claim/", {"task": pair.task.pk}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (403, "own_label")
    assert api.get(f"{ROOT}adjudications/{pair.adjudication.pk}/").json()["code"] == "own_label"
    assert settle(api, pair.difference("total"), choice="a").json()["code"] == "own_label"
    [row] = api.get(f"{ROOT}adjudications/").json()["results"]
    assert row["standing"] == "own"


def test_nobody_sees_a_pair_that_waits_for_a_third_label(senior: Any, pair: Any) -> None:
    Adjudication.objects.update(state=Adjudication.State.WAITING)
    assert senior.get(f"{ROOT}adjudications/").json()["results"] == []
    assert senior.get(f"{ROOT}adjudications/{pair.adjudication.pk}/").json()["code"] == "already_resolved"
    assert settle(senior, pair.difference("total"), choice="a").json()["code"] == "already_resolved"


def test_the_list_is_filtered_and_paged_in_a_bounded_number_of_statements(cast: Any, client_of: Any, make_pair: Any) -> None:
    api = client_of(cast.senior)
    made = [make_pair(total="misread" if n % 2 else "place").adjudication.pk for n in range(4)]
    with CaptureQueriesContext(
        connection,
    ) as few:
        api.get(f"{ROOT}adjudications/")
    made += [make_pair(total="misread" if n % 2 else "place").adjudication.pk for n in range(4, 12)]
    with CaptureQueriesContext(connection) as many:
        everything = api.get(f"{ROOT}adjudications/").json()["results"]
    assert [row["id"] for row in everything] == made
    assert len(many) == len(few) <= 8
    first = api.get(f"{ROOT}adjudications/?page_size=5").json()
    second = api.get(f"{ROOT}adjudications/?page_size=5&cursor={first['next']}").json()
    assert [row["id"] for row in (*first["results"], *second["results"])] == made[:10]
    misread = api.get(f"{ROOT}adjudications/?cause=misread").json()["results"]
    assert [row["id"] for row in misread] == made[1::2]
    assert misread[0]["causes"] == [{"label": "OCR misread", "count": 1}]
    assert api.get(f"{ROOT}adjudications/?field=date").json()["results"] == []
    assert api.get(f"{ROOT}adjudications/?cause=magic").status_code == 400


def test_one_adjudication_costs_the_same_however_much_differs(cast: Any, client_of: Any, make_pair: Any, settings: Any) -> None:
    api = client_of(cast.senior)
    one = make_pair()
    many = make_pair({"total": "1.00", "date": "2026-01-01", "tax": "1.00", "invoice_number": "X", "line_items[0].quantity": "9"})
    counts = []
    for pair in (one, many):
        with CaptureQueriesContext(connection) as found:
            assert api.get(f"{ROOT}adjudications/{pair.adjudication.pk}/").status_code == 200
        counts.append(len(found))
    assert counts[0] == counts[1] <= 16


def test_a_group_over_http(cast: Any, senior: Any, pair: Any, make_pair: Any) -> None:
    other = make_pair({"vendor.name": "Apex Infusion LLC"}, vendor__name="alias")
    request = {"difference": pair.difference("vendor.name").pk, "choice": "a", "reason": "As printed"}
    found = senior.get(f"{ROOT}adjudications/{pair.adjudication.pk}/").json()
    assert found["differences"][0]["alike"] == 1
    preview = senior.post(f"{ROOT}rulings/preview/", request, format="json").json()
    [item] = preview["items"]
    assert (item["choice"], item["value"], item["why"]) == ("b", "Apex Infusion LLC", "the same value")
    assert item["document"]["pages"][0]["image"].startswith("/api/v1/documents/")
    others = [{"difference": item["id"], "value": item["value"]}]
    ruled = senior.post(f"{ROOT}rulings/", {**request, "others": others}, format="json").json()
    assert ruled["resolved"] == [other.adjudication.pk]
    refused = senior.post(f"{ROOT}differences/{request['difference']}/undo/", {}, format="json")
    assert (refused.status_code, refused.json()["ruling"]) == (409, ruled["ruling"])
    undone = senior.post(f"{ROOT}rulings/{ruled['ruling']}/undo/", {}, format="json").json()
    assert sorted(undone["differences"]) == sorted(ruled["settled"])
    assert senior.get(f"{ROOT}rulings/").json()["results"] == []
    assert len(senior.get(f"{ROOT}rulings/?undone=true").json()["results"]) == 1


def test_precedents_stand_beside_the_next_document_of_the_vendor_but_not_beside_its_own(
    cast: Any, client_of: Any, senior: Any, pair: Any, make_pair: Any, make_document: Any
) -> None:
    assert settle(senior, pair.difference("vendor.name"), choice="a", reason="As above the address").status_code == 200
    own = senior.get(f"{ROOT}adjudications/{pair.adjudication.pk}/").json()
    assert own["precedents"] == {}
    nxt = make_pair({"vendor.name": "Apex Infusion LLC"}, vendor__name="alias")
    found = senior.get(f"{ROOT}adjudications/{nxt.adjudication.pk}/").json()["precedents"]["vendor.name"]
    assert [(one["value"], one["reason"], one["author"]) for one in found] == [("Apex Infusion LLC", "As above the address", "senior")]
    task = open_task(make_document().pk)
    biller = client_of(cast.biller1)
    beside = biller.get(f"{ROOT}tasks/{task}/guidance/").json()
    assert [one["value"] for one in beside["precedents"]["vendor.name"]] == ["Apex Infusion LLC"]
    elsewhere = open_task(make_document(vendor="Other Pharmacy").pk)
    assert biller.get(f"{ROOT}tasks/{elsewhere}/guidance/").json()["precedents"] == {}
    side = side_of(cast.biller1.pk, 0)
    LabelingTask.objects.filter(pk=task).update(side=side)
    LabelingTask.objects.create(document=LabelingTask.objects.get(pk=task).document, kind="second_label", side=other_side(side))
    assert biller.get(f"{ROOT}tasks/{task}/guidance/").json()["precedents"] == {}


def test_what_is_new_in_the_guidelines_is_told_until_it_is_seen(cast: Any, client_of: Any, make_task: Any) -> None:
    task = make_task()
    senior, biller = client_of(cast.senior), client_of(cast.biller1)
    text = "Above the **address** <script>alert(1)</script> [x](javascript:alert(1)) ![p](https://example.com/p.png)"
    written = senior.post(f"{ROOT}guidelines/", {"field": "vendor.name", "text": text, "version": 0}, format="json")
    assert (written.status_code, written.json()["version"]) == (201, 1)
    beside = biller.get(f"{ROOT}tasks/{task.pk}/guidance/").json()
    html = beside["guidelines"]["vendor.name"]["html"]
    assert "<strong>address</strong>" in html
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    [news] = beside["unread"]
    assert biller.post(f"{ROOT}guidelines/read/", {"last": news["id"]}, format="json").status_code == 204
    assert biller.get(f"{ROOT}tasks/{task.pk}/guidance/").json()["unread"] == []
    senior.post(f"{ROOT}guidelines/", {"field": "vendor.name", "text": "Above the remit-to address", "version": 1}, format="json")
    assert [one["version"] for one in biller.get(f"{ROOT}tasks/{task.pk}/guidance/").json()["unread"]] == [2]
    biller.post(f"{ROOT}guidelines/read/", {"last": 1}, format="json")
    assert GuidelineRead.objects.get().last_id == news["id"]


@pytest.mark.parametrize("role", ROLES)
def test_guidelines_are_read_by_all_and_written_by_seniors(cast: Any, client_of: Any, role: str) -> None:
    api = client_of(getattr(cast, role))
    body = {"field": "total", "text": "The amount due", "version": 0}
    assert api.post(f"{ROOT}guidelines/", body, format="json").status_code == (201 if role in ("senior", "admin") else 403)
    assert api.get(f"{ROOT}guidelines/").status_code == 200
    assert api.post(f"{ROOT}guidelines/read/", {"last": 1}, format="json").status_code == 204


def test_a_guideline_is_never_overwritten_and_knows_the_rulings_it_came_from(cast: Any, client_of: Any, senior: Any, pair: Any) -> None:
    settle(senior, pair.difference("total"), choice="a", reason="Amount due")
    ruling = Ruling.objects.get()
    body = {"field": "total", "text": "The amount due", "version": 0, "rulings": [ruling.pk]}
    assert senior.post(f"{ROOT}guidelines/", body, format="json").status_code == 201
    ruling.refresh_from_db()
    assert ruling.guideline == Guideline.objects.get()
    stale = senior.post(f"{ROOT}guidelines/", {**body, "text": "Other"}, format="json")
    assert (stale.status_code, stale.json()["current"]) == (409, {"version": 1, "text": "The amount due\n"})
    assert senior.post(f"{ROOT}guidelines/", {**body, "field": "colour"}, format="json").json()["code"] == "field_unknown"
    wrong = {**body, "field": "date", "text": "x"}
    assert senior.post(f"{ROOT}guidelines/", wrong, format="json").json()["code"] == "ruling_not_found"
    senior.post(f"{ROOT}guidelines/", {**body, "text": "Second", "version": 1, "rulings": []}, format="json")
    assert [one["version"] for one in senior.get(f"{ROOT}guidelines/?field=total").json()] == [2, 1]


def test_a_row_is_settled_with_its_cells(cast: Any, client_of: Any, make_pair: Any) -> None:
    pair = make_pair({}, missing_row=1)
    api = client_of(cast.senior)
    claim_task(user=cast.senior, task_id=pair.task.pk)
    difference = pair.difference("line_items")
    bad = settle(api, difference, choice="other", value=json.dumps({"quantity": "two"}))
    assert (bad.status_code, bad.json()["code"]) == (400, "record_invalid")
    assert settle(api, difference, choice="other", value=json.dumps({"description": "Tubing", "total": "45"})).status_code == 200
    done = api.post(f"{ROOT}adjudications/{pair.adjudication.pk}/resolve/", {}, format="json")
    assert done.status_code == 200
    rows = GoldRecord.objects.get().record["line_items"]
    assert [row["description"] for row in rows] == ["Ondansetron 4 mg", "Tubing"]
