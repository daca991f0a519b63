"""A second labeler learns nothing: everything that this person can fetch is the same, whatever the first labeler has done.

Addresses come from the URL configuration, so a new one is covered at once, with every id that there is. Compared are status, headers
and body, byte for byte. ``CLOCKS`` names what may differ, and why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver
from rest_framework.authtoken.models import Token

from invoices.intake import receive
from invoices.models import Document, Vendor
from invoices.parsing import parse_document
from invoices.people import User
from invoices.prefill import prefill_document
from labeling.assignment.leaving import release, skip
from labeling.draws import chance
from labeling.halves import Labeler, side_of, split
from labeling.models import Agreement, Annotation, GoldRecord, LabelingPolicy, LabelingTask, SkipReason, TaskKind
from labeling.quality.counting import count_all
from labeling.sampling import open_task
from tests.addresses import routes
from tests.conftest import Cast
from tests.invoices.paper import invoice_pdf

pytestmark = pytest.mark.django_db

CLOCKS = {
    "numbers for Prometheus, told to programs of the machine and to who has the token alone": rb"countersign_[^\n]*",
    "the database's clock in a task": rb'"now":"[^"]*"',
    "the mask of the CSRF token, new in each page": rb'(?:data-csrf="|csrfmiddlewaretoken" value=")[^"]*"',
    "how long the oldest job has waited, for admins": rb'"oldest_seconds": ?[0-9]+',
    "how many bytes the disk has left, for admins": rb'"disk_free": ?[0-9]+',
}
HEADERS_OF_THE_CLOCK = {"Date", "Expires", "Set-Cookie", "X-Request-ID"}
WRONG = {"invoice_number": "FIRST-LABELER-777", "total": "98765.43"}
SEARCHES = ("FIRST-LABELER", "98765", "Zenith", "invoice", "INV")


ROUTES = sorted(set(routes(get_resolver())) - {"sign-out/", "api/schema/"})
QUERIES = {
    "api/v1/tasks/": [
        *(f"?ordering={sign}{name}" for sign in ("", "-") for name in ("id", "priority", "name")),
        *(f"?state={state}" for state in ("open", "done", "withdrawn")),
        *(f"?kind={kind}" for kind in TaskKind.values),
        *("?mine=true", "?mine=false", "?page_size=1"),
        *(f"?search={text}" for text in SEARCHES),
    ],
    "queue/": [f"?tab={tab}&kind={kind}" for tab in ("open", "mine", "held", "postponed", "escalated", "done") for kind in ("", "label")],
    "documents/": [*(f"?status={status}" for status in ("prefilled", "labeled", "gold")), *(f"?q={text}" for text in SEARCHES)],
    "api/v1/documents/": [*(f"?status={status}" for status in ("prefilled", "labeled", "gold")), *(f"?search={text}" for text in SEARCHES)],
    "vendors/": [f"?q={text}" for text in SEARCHES],
    "api/v1/vendors/": [f"?search={text}" for text in SEARCHES],
    "agreement/documents/": ["?vendor=1", "?differing=1", "?field=total", "?pair=1-2"],
    "agreement/": ["?vendor=1", "?pair=1-2", "?prefill=both_typed", "?since=2026-01"],
    "api/v1/agreement/": [f"?by={by}" for by in ("field", "vendor", "pair", "month", "prefill")],
    "api/v1/agreement/export/": [f"?table={table}" for table in ("fields", "vendors", "pairs", "months", "weeks", "prefill", "documents")],
    "quality/people/": [f"?window={name}" for name in ("3", "all")],
    "api/v1/quality/": [f"?window={name}" for name in ("3", "all")],
    "api/v1/quality/export/": ["?window=all"],
    "api/v1/gold/export/": ["?format=jsonl", "?format=csv", "?format=examples"],
}


@dataclass(frozen=True)
class Station:
    """A document that is labeled twice: ``first`` has done what is done so far, ``viewer`` is on the other side."""

    document: Document
    first: User
    viewer: User
    firsts: LabelingTask
    viewers: LabelingTask
    screens: Client

    def everything(self) -> dict[str, Any]:
        """Every answer to a GET that the viewer gets, by address."""
        found: dict[str, Any] = {}
        token, _ = Token.objects.get_or_create(user=self.viewer)
        count_all()
        for route in ROUTES:
            client = Client(headers={"Authorization": f"Token {token.key}"}) if route.startswith("api/") else self.screens
            for address in self._addresses(route):
                found[address] = told(client.get(address))
        return found

    def answers(self) -> dict[str, Any]:
        """What the viewer is told by requests that would change something; nothing of it stays."""
        found: dict[str, Any] = {}
        token, _ = Token.objects.get_or_create(user=self.viewer)
        client = Client(headers={"Authorization": f"Token {token.key}"})
        theirs, own = f"/api/v1/tasks/{self.firsts.pk}", f"/api/v1/tasks/{self.viewers.pk}"
        record = record_of(self.viewers)
        wanted: list[tuple[str, str, dict[str, Any]]] = [
            ("POST", "/api/v1/tasks/claim/", {}),
            ("POST", "/api/v1/tasks/claim/", {"prefetch": True, "task": self.viewers.pk}),
            ("POST", "/api/v1/tasks/claim/", {"kind": "label"}),
            ("POST", "/api/v1/tasks/claim/", {"kind": "second_label"}),
            ("POST", "/api/v1/tasks/claim/", {"task": self.firsts.pk}),
            ("PATCH", f"{theirs}/draft/", {"version": 0, "edits": []}),
            ("POST", f"{theirs}/submit/", {"record": record, "version": 0}),
            ("POST", f"{theirs}/release/", {}),
            ("POST", f"{theirs}/skip/", {"reason": "illegible"}),
            ("POST", f"{theirs}/postpone/", {"minutes": 10}),
            ("PATCH", f"{own}/draft/", {"version": 0, "edits": []}),
            ("POST", f"{own}/skip/", {"reason": "needs_senior"}),
        ]
        for number, (method, address, body) in enumerate(wanted):
            with transaction.atomic():
                answer = client.generic(method, address, data=_json(body), content_type="application/json")
                found[f"{number} {method} {address}"] = re.sub(rb'"(?:lease_expires_at|saved_at)":"[^"]*"', b"", told(answer)[2])
                transaction.set_rollback(True)
        return found

    def _addresses(self, route: str) -> Iterator[str]:
        ids: dict[str, Sequence[int]] = {
            "task_id": (self.firsts.pk, self.viewers.pk, 999_999),
            "document_id": (self.document.pk,),
            "user_id": (self.first.pk, self.viewer.pk),
            "person_id": (self.first.pk, self.viewer.pk),
            "vendor_id": tuple(Vendor.objects.order_by("pk").values_list("pk", flat=True)[:2]),
        }
        names = re.findall(r"<id:(\w+)>", route)
        for values in product(*(ids.get(name, (1, 2)) for name in names)):
            address = "/" + route
            for name, value in zip(names, values, strict=True):
                address = address.replace(f"<id:{name}>", str(value))
            yield from (address + query for query in ("", *QUERIES.get(route, ())))
            if route == "documents/rows/":
                yield f"{address}?ids={self.document.pk}"


def _json(body: dict[str, Any]) -> str:
    import json

    return json.dumps(body)


def told(answer: Any) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body without what ``CLOCKS`` names."""
    body = answer.getvalue()
    for pattern in CLOCKS.values():
        body = re.sub(pattern, b"", body)
    headers = {name: value for name, value in answer.headers.items() if name not in HEADERS_OF_THE_CLOCK and name != "Content-Length"}
    return answer.status_code, headers, body


def record_of(task: LabelingTask) -> dict[str, Any]:
    """What the machine read: a record that fits."""
    prediction = task.document.predictions.order_by("-pk").first()
    assert prediction is not None
    record: dict[str, Any] = prediction.record
    return record


def differing(before: dict[str, Any], after: dict[str, Any]) -> dict[str, str]:
    """Address to what stands there now from the first difference on."""
    return {address: _first_difference(before[address], after.get(address)) for address in before if before[address] != after.get(address)}


def _first_difference(before: Any, after: Any) -> str:
    old, new = repr(before), repr(after)
    at = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    return f"{old[at - 40 : at + 80]} | {new[at - 40 : at + 80]}"


CASES = [
    ("label", "biller2"),
    pytest.param(("label", "senior"), marks=pytest.mark.thorough),
    pytest.param(("second_label", "biller2"), marks=pytest.mark.thorough),
]
"""The task that is done first, and who is on the other side of it."""


@pytest.fixture(params=CASES, ids=lambda case: f"{case[0]} first, {case[1]} looks")
def station(request: Any, cast: Cast) -> Station:
    """A real document whose pair is split so that a biller and the viewer are on different sides."""
    kind, looks = request.param
    viewer: User = getattr(cast, looks)
    document = receive(name="invoice.pdf", data=invoice_pdf()).document
    parse_document(document.pk, document.parse_revision)
    prefill_document(document.pk)
    document.refresh_from_db()
    people = [Labeler(user.pk, user.role == "biller") for user in (cast.biller1, cast.biller2, cast.senior)]

    def parts(first: User, seed: int) -> bool:
        side = split(people, chance(seed, "halves", document.pk))
        assert side is not None
        ours, theirs = (side_of(user.pk, side // 2) for user in (first, viewer))
        return ours != theirs and (ours == side) == (kind == "label")

    billers = [user for user in (cast.biller1, cast.biller2) if user != viewer]
    first, seed = next((user, seed) for seed in range(200) for user in billers if parts(user, seed))
    LabelingPolicy.objects.create(double_share=1, hidden_share=0, new_biller_share=0, seed=seed)
    open_task(document.pk)
    tasks = {task.kind: task for task in LabelingTask.objects.filter(document=document)}
    assert set(tasks) == {"label", "second_label"}
    firsts = tasks.pop(kind)
    screens = Client()
    screens.force_login(viewer)  # once: the time of the last sign-in stands on an admin's screen
    return Station(document, first, viewer, firsts, next(iter(tasks.values())), screens)


def api_of(user: User) -> Client:
    return Client(headers={"Authorization": f"Token {Token.objects.get_or_create(user=user)[0].key}"})


def post(user: User, address: str, body: dict[str, Any], *, method: str = "POST") -> Any:
    return api_of(user).generic(method, f"/api/v1/tasks/{address}", data=_json(body), content_type="application/json")


def submit(station: Station, user: User, task: LabelingTask, **changes: Any) -> Any:
    record = {**record_of(task), **changes}
    return post(user, f"{task.pk}/submit/", {"record": record, "version": 0, "active_seconds": 61, "keystrokes": 99})


def test_nothing_that_the_first_labeler_does_reaches_the_second(station: Station, edit: Any) -> None:
    before, told_before = station.everything(), station.answers()
    assert any(station.document.name.encode() in body for _, _, body in before.values()), "the walk sees the document at all"
    assert post(station.first, "claim/", {"task": station.firsts.pk}).status_code == 200
    steps: list[tuple[str, dict[str, Any], dict[str, Any]]] = [("claimed", station.everything(), station.answers())]
    release(user=station.first, task_id=station.firsts.pk)
    steps.append(("released", station.everything(), station.answers()))
    assert post(station.first, "claim/", {"task": station.firsts.pk}).status_code == 200
    record = {**record_of(station.firsts), **WRONG, "vendor": {"name": "Zenith Unheard-of Pharmacy", "address": None}}
    edits = [edit("total", WRONG["total"]), edit("invoice_number", WRONG["invoice_number"])]
    assert post(station.first, f"{station.firsts.pk}/draft/", {"version": 0, "edits": edits}, method="PATCH").status_code == 200
    steps.append(("corrected", station.everything(), station.answers()))
    done = post(station.first, f"{station.firsts.pk}/submit/", {"record": record, "version": 1, "active_seconds": 61, "keystrokes": 99})
    assert done.status_code == 200, done.content
    assert done.json()["gold"] is None
    assert Annotation.objects.count() == 1
    assert not GoldRecord.objects.exists()
    steps.append(("submitted", station.everything(), station.answers()))
    for step, everything, answers in steps:
        assert differing(before, everything) == {}, step
        assert differing(told_before, answers) == {}, step


@pytest.mark.thorough
def test_whoever_holds_the_second_label_sees_no_difference_either(station: Station, edit: Any) -> None:
    assert post(station.viewer, "claim/", {"task": station.viewers.pk}).status_code == 200
    assert (
        post(station.viewer, f"{station.viewers.pk}/draft/", {"version": 0, "edits": [edit("total", "1.00")]}, method="PATCH").status_code
        == 200
    )
    before = station.everything()
    assert post(station.first, "claim/", {"task": station.firsts.pk}).status_code == 200
    skip(user=station.first, task_id=station.firsts.pk, reason=SkipReason.NEEDS_SENIOR)
    assert differing(before, station.everything()) == {}
    assert post(station.first, "claim/", {"task": station.firsts.pk}).status_code == 200
    assert submit(station, station.first, station.firsts, **WRONG).status_code == 200
    assert differing(before, station.everything()) == {}


def test_blindness_lifts_when_both_are_in(station: Station) -> None:
    for user, task, changes in ((station.first, station.firsts, WRONG), (station.viewer, station.viewers, {})):
        assert post(user, "claim/", {"task": task.pk}).status_code == 200
        assert submit(station, user, task, **changes).status_code == 200
    assert Agreement.objects.get().exact is False
    page = station.screens.get(f"/documents/{station.document.pk}/").content.decode()
    history = page[page.index('id="history-title"') :]
    assert "Label submitted" in history
    assert "Second label submitted" in history
    assert station.first.username in history
    station.document.refresh_from_db()
    assert station.document.status == "labeled"


@pytest.mark.thorough
def test_the_walk_would_notice_a_trace(station: Station) -> None:
    """What one person sees of the other's task when the pair is on nobody's side: the test above can fail."""
    LabelingTask.objects.update(side=None)
    before = station.everything()
    assert post(station.first, "claim/", {"task": station.firsts.pk}).status_code == 200
    traces = differing(before, station.everything())
    assert any(address.startswith("/api/v1/tasks/") for address in traces)
    assert any(address.startswith("/queue/") for address in traces)


def test_others_quality_counts_a_label_when_both_are_in(station: Station) -> None:
    """The numbers that the walk compares do move, as soon as they may; and one's own move at once, whether it was a pair or not."""
    senior = User.objects.create_user("onlooker", role="senior")
    for user, task in ((station.first, station.firsts), (station.viewer, station.viewers)):
        own, seen = documents_of(user, user), documents_of(user, senior)
        assert post(user, "claim/", {"task": task.pk}).status_code == 200
        assert submit(station, user, task).status_code == 200
        count_all()
        assert documents_of(user, user) == own + 1
        both = user == station.viewer
        assert documents_of(user, senior) == seen + both
    assert documents_of(station.first, senior) == 1


def documents_of(person: User, viewer: User) -> int:
    found: int = api_of(viewer).get(f"/api/v1/quality/{person.pk}/").json()["documents"]
    return found


def test_an_admin_who_reads_the_trail_is_handed_no_blind_label(station: Station, cast: Cast) -> None:
    assert post(cast.admin, "claim/", {}).status_code == 204
    for task in (station.firsts, station.viewers):
        assert post(cast.admin, "claim/", {"task": task.pk}).status_code == 404
    assert api_of(cast.admin).get("/api/v1/tasks/counters/").json()["left"] == 0
