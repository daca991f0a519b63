"""What each person may see and do to a task of somebody else."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from rest_framework.test import APIClient

from labeling.models import LabelingTask, TaskState

pytestmark = pytest.mark.django_db


def ids(answer: Any) -> list[int]:
    assert answer.status_code == 200, answer.json()
    return [row["id"] for row in answer.json()["results"]]


def test_filters_and_orders(cast: Any, client_of: Any, make_task: Any) -> None:
    first = make_task(name="alpha.pdf", vendor="Apex Infusion")
    second = make_task(name="beta.pdf", vendor="Meridian Rx")
    LabelingTask.objects.filter(pk=second.pk).update(priority=50)
    api = client_of(cast.biller1)
    api.post("/api/v1/tasks/claim/", {"task": first.pk}, format="json")
    assert ids(api.get("/api/v1/tasks/")) == [second.pk, first.pk]
    assert ids(api.get("/api/v1/tasks/?ordering=-priority")) == [second.pk, first.pk]
    assert ids(api.get("/api/v1/tasks/?ordering=name")) == [first.pk, second.pk]
    assert ids(api.get("/api/v1/tasks/?mine=true")) == [first.pk]
    assert ids(api.get("/api/v1/tasks/?mine=false")) == [second.pk]
    assert ids(api.get("/api/v1/tasks/?search=MERIDIAN")) == [second.pk]
    assert ids(api.get("/api/v1/tasks/?search=alp")) == [first.pk]
    assert ids(api.get(f"/api/v1/tasks/?vendor={first.document.vendor_id}")) == [first.pk]
    assert ids(api.get("/api/v1/tasks/?state=done")) == []
    assert ids(api.get("/api/v1/tasks/?assignee__password__startswith=a")) == [second.pk, first.pk], "only named filters filter"


@pytest.mark.parametrize(
    "query",
    ["state=gone", "kind=x", "vendor=-1", "vendor=999999999999999999999", "mine=perhaps", "ordering=assignee__password", "page_size=0"],
)
def test_bad_filters_are_refused(cast: Any, client_of: Any, query: str) -> None:
    assert client_of(cast.biller1).get(f"/api/v1/tasks/?{query}").status_code == 400


@pytest.mark.parametrize("ordering", ["id", "-id", "priority", "-priority", "name", "-name"])
def test_pages_show_every_task_once(cast: Any, client_of: Any, make_task: Any, ordering: str) -> None:
    made = [make_task(name="same.pdf").pk for _ in range(7)]
    api, cursor, seen = client_of(cast.biller1), "", []
    while True:
        answer = api.get("/api/v1/tasks/", {"ordering": ordering, "page_size": 3, **({"cursor": cursor} if cursor else {})})
        seen += ids(answer)
        cursor = answer.json()["next"]
        if not cursor:
            break
    assert sorted(seen) == made


def test_billers_see_open_tasks_and_their_own_seniors_see_all(cast: Any, client_of: Any, make_task: Any) -> None:
    done, open_one = make_task(), make_task()
    LabelingTask.objects.filter(pk=done.pk).update(state=TaskState.WITHDRAWN, assignee=cast.biller2)
    assert ids(client_of(cast.biller1).get("/api/v1/tasks/")) == [open_one.pk]
    assert ids(client_of(cast.biller2).get("/api/v1/tasks/")) == [open_one.pk, done.pk]
    assert ids(client_of(cast.senior).get("/api/v1/tasks/")) == [open_one.pk, done.pk]
    assert client_of(cast.biller1).get(f"/api/v1/tasks/{done.pk}/").status_code == 404


def test_nobody_reads_or_ends_the_work_of_somebody_else(cast: Any, client_of: Any, make_task: Any, edit: Any, record: Any) -> None:
    task = make_task()
    mine, theirs = client_of(cast.biller1), client_of(cast.biller2)
    mine.post("/api/v1/tasks/claim/", {}, format="json")
    mine.patch(f"/api/v1/tasks/{task.pk}/draft/", {"version": 0, "edits": [edit("total", "12.34")]}, format="json")
    held = theirs.post("/api/v1/tasks/claim/", {"task": task.pk}, format="json")
    assert (held.status_code, held.json()["code"]) == (409, "task_held")
    assert "12.34" not in theirs.get(f"/api/v1/tasks/{task.pk}/").content.decode()
    assert theirs.patch(f"/api/v1/tasks/{task.pk}/draft/", {"version": 0}, format="json").status_code == 410
    assert theirs.post(f"/api/v1/tasks/{task.pk}/submit/", {"record": record, "version": 0}, format="json").status_code == 410
    assert theirs.post(f"/api/v1/tasks/{task.pk}/skip/", {"reason": "illegible"}, format="json").status_code == 410
    assert theirs.post(f"/api/v1/tasks/{task.pk}/postpone/", {"minutes": 60}, format="json").status_code == 410
    assert theirs.post(f"/api/v1/tasks/{task.pk}/release/").status_code == 204
    task.refresh_from_db()
    assert (task.assignee_id, task.state) == (cast.biller1.pk, "open")


ROUTES = [
    ("get", "/api/v1/me/"),
    ("get", "/api/v1/tasks/"),
    ("get", "/api/v1/tasks/counters/"),
    ("get", "/api/v1/tasks/1/"),
    ("post", "/api/v1/tasks/claim/"),
    ("patch", "/api/v1/tasks/1/draft/"),
    ("post", "/api/v1/tasks/1/submit/"),
    ("post", "/api/v1/tasks/1/release/"),
    ("post", "/api/v1/tasks/1/skip/"),
    ("post", "/api/v1/tasks/1/postpone/"),
    ("get", "/api/v1/documents/1/gold/"),
    ("get", "/api/v1/gold/export/"),
]


@pytest.mark.parametrize(("method", "address"), ROUTES)
def test_strangers_and_closed_accounts_get_nothing(cast: Any, client_of: Any, method: str, address: str) -> None:
    from rest_framework.test import APIClient

    for api in (APIClient(), client_of(cast.outsider)):
        assert getattr(api, method)(address, {}, format="json").status_code == 401


def test_counters_are_exact(cast: Any, client_of: Any, make_task: Any, record: Any) -> None:
    make_task()
    make_task()
    api = client_of(cast.biller1)
    task = api.post("/api/v1/tasks/claim/", {}, format="json").json()["id"]
    api.post(f"/api/v1/tasks/{task}/submit/", {"record": record, "version": 0, "active_seconds": 41.7}, format="json")
    assert api.get("/api/v1/tasks/counters/").json() == {"today": 1, "left": 1, "active_seconds_today": 41}
    assert client_of(cast.biller2).get("/api/v1/tasks/counters/").json()["today"] == 0


def test_a_bad_draft_is_refused_with_its_place(cast: Any, client_of: Any, make_task: Any, edit: Any) -> None:
    task = make_task()
    api = client_of(cast.biller1)
    api.post("/api/v1/tasks/claim/", {}, format="json")
    bad = [edit("total", "1"), {**edit("total", "1"), "cell": {"value": "1", "mark": "smudged"}}]
    answer = api.patch(f"/api/v1/tasks/{task.pk}/draft/", {"version": 0, "edits": bad}, format="json")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert [problem["path"] for problem in answer.json()["problems"]] == ["edits.1"]


def test_a_whole_task_is_sent_compressed_to_who_takes_it_so(cast: Any, client_of: Any, make_task: Any) -> None:
    task = make_task()
    api = client_of(cast.biller1)
    plain = api.post("/api/v1/tasks/claim/", {"task": task.pk}, format="json")
    assert "Content-Encoding" not in plain
    claim = api.post("/api/v1/tasks/claim/", {"task": task.pk}, format="json", HTTP_ACCEPT_ENCODING="gzip, br")
    seen = api.get(f"/api/v1/tasks/{task.pk}/", HTTP_ACCEPT_ENCODING="gzip")
    for answer in (claim, seen):
        assert (answer["Content-Encoding"], "Accept-Encoding" in answer["Vary"]) == ("gzip", True)
        assert json.loads(gzip.decompress(answer.content))["prediction"] == plain.json()["prediction"]
        assert len(answer.content) < len(plain.content) / 2
    none_left = client_of(cast.biller2).post("/api/v1/tasks/claim/", {}, format="json", HTTP_ACCEPT_ENCODING="gzip")
    assert (none_left.status_code, none_left.content) == (204, b"")


def test_a_compressed_answer_holds_no_token(cast: Any, client_of: Any, make_task: Any) -> None:
    task = make_task()
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(cast.biller1)
    browser.get("/label/")
    token = browser.cookies["csrftoken"].value
    answer = browser.post("/api/v1/tasks/claim/", {"task": task.pk}, format="json", HTTP_X_CSRFTOKEN=token)
    assert answer.status_code == 200
    assert not [secret for secret in (token, browser.cookies["sessionid"].value) if secret in answer.content.decode()]
    assert browser.post("/api/v1/tasks/claim/", {"task": task.pk}, format="json").status_code == 403
