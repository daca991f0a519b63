"""The trail over HTTP: who may see it, what it answers, what a page costs, and that the export is a stream."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from invoices.audit.actions import Action
from invoices.audit.entries import AuditEntry
from invoices.audit.recording import Target, record
from invoices.audit.sealing import seal_waiting
from invoices.people import User
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
URL = "/api/v1/audit/"


@pytest.fixture
def some(cast: Cast) -> None:
    """Reads of two billers, a merge of the senior; all of it sealed."""
    for document in (12, 120):
        for person in (cast.biller1, cast.biller2):
            record(Action.PAGE_READ, actor=person, object=Target("page", f"{document}/1", document=document))
    record(Action.LABEL_SUBMITTED, actor=cast.biller1, object=Target("annotation", 5, document=12), after={"gold": 3})
    record(Action.VENDOR_MERGED, actor=cast.senior, object=Target("vendor", 12), after={"into": 9})
    seal_waiting()


def objects(api: APIClient, **asked: Any) -> list[str]:
    answer = api.get(URL, asked)
    assert answer.status_code == 200, answer.content
    return [f"{row['name']} {row['kind']} {row['object']}" for row in answer.json()["results"] if row["action"] != "token.used"]


def test_only_admins_see_it(some: None, cast: Cast, api_of: Callable[[User], APIClient]) -> None:
    for person in (cast.biller1, cast.senior):
        for address in (URL, f"{URL}export/"):
            assert api_of(person).get(address).json()["code"] == "permission_denied"


def test_it_is_searched_by_person_action_object_and_day(some: None, cast: Cast, api_of: Callable[[User], APIClient]) -> None:
    api = api_of(cast.admin)
    assert objects(api, person=cast.senior.pk) == ["senior vendor 12"]
    assert objects(api, person=cast.biller1.pk, action="page.read") == ["biller1 page 120/1", "biller1 page 12/1"]
    assert objects(api, action="label.submitted") == ["biller1 annotation 5"]
    assert objects(api, object="12") == ["senior vendor 12"]
    assert objects(api, object="vendor 12") == ["senior vendor 12"]
    assert objects(api, object="document 12") == ["biller1 annotation 5", "biller2 page 12/1", "biller1 page 12/1"]
    assert objects(api, object="page 120/1") == ["biller2 page 120/1", "biller1 page 120/1"]
    assert objects(api, object="no such thing at all") == []
    assert objects(api, since="2100-01-01") == []
    assert objects(api, until="2020-01-01") == []
    assert len(objects(api, since="2020-01-01", until="2100-01-01", action="page.read")) == 4
    refused: tuple[dict[str, str], ...] = ({"action": "x"}, {"person": "x"}, {"since": "yesterday"}, {"page_size": "1000"})
    for wrong in refused:
        assert api.get(URL, wrong).status_code == 400


def test_pages_are_walked_by_cursor(some: None, cast: Cast, api_of: Callable[[User], APIClient]) -> None:
    api = api_of(cast.admin)
    seen, cursor = [], ""
    while True:
        page = api.get(URL, {"action": "page.read", "page_size": "3", "cursor": cursor}).json()
        seen += [row["position"] for row in page["results"]]
        if page["next"] is None:
            break
        cursor = page["next"]
    assert seen == [4, 3, 2, 1]


def test_it_says_how_the_chain_is(some: None, cast: Cast, api_of: Callable[[User], APIClient]) -> None:
    chain = api_of(cast.admin).get(URL).json()["chain"]
    last = AuditEntry.objects.get(position=6)
    assert (chain["state"], chain["sealed_up_to"], chain["hash"], chain["verified_at"]) == ("unverified", 6, last.hash, None)
    assert chain["waiting"] == 2, "the use of the token, and this look at the trail"


def text(api: APIClient, **asked: Any) -> str:
    answer: Any = api.get(f"{URL}export/", asked)
    assert answer.streaming
    return b"".join(answer.streaming_content).decode()


def test_exports_hold_what_was_asked_for_and_are_recorded(some: None, cast: Cast, api_of: Callable[[User], APIClient]) -> None:
    api = api_of(cast.admin)
    lines = [json.loads(line) for line in text(api, action="page.read").splitlines()]
    assert [line["position"] for line in lines] == [1, 2, 3, 4]
    rows = list(csv.DictReader(io.StringIO(text(api, format="csv", object="document 12"))))
    assert [row["object"] for row in rows] == ["12/1", "12/1", "5"]
    assert rows[-1]["after"] == '{"gold":3}'
    exported = AuditEntry.objects.filter(action=Action.AUDIT_EXPORTED).order_by("pk").values_list("after", flat=True)
    assert list(exported) == [{"format": "jsonl", "action": "page.read"}, {"format": "csv", "object": "document 12"}]
    assert api.get(f"{URL}export/", {"format": "xlsx"}).json()["code"] == "format_unknown"


def test_a_page_and_an_export_cost_the_same_statements_for_many(some: None, cast: Cast, api_of: Callable[[User], APIClient]) -> None:
    api = api_of(cast.admin)

    def statements() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as page:
            api.get(URL)
        with CaptureQueriesContext(connection) as export:
            text(api)
        control = ("SAVEPOINT", "RELEASE")
        page_cost, export_cost = (sum(not q["sql"].startswith(control) for q in asked.captured_queries) for asked in (page, export))
        return page_cost, export_cost

    few = statements()
    for task in range(60):
        record(Action.TASK_RELEASED, actor=cast.biller1, object=Target("task", task))
    assert statements() == few
    assert few == (7, 4), "sign-in and its entry, the entry of the look (of the export), one page (one stream), three for the chain"
