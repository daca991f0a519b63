"""Whoever does a gold test cannot tell: everything that this person can fetch is what it would be with an ordinary label in hand.

Two worlds are built in one database, one after the other. In the first the document is one of a blind pair, whose label for this person's
side is theirs to do. In the second two others have settled it, a template has learned from it, and it is a gold test. In both the
person takes the task, saves, submits. Compared are all answers at all addresses, byte for byte, but for the ids of tasks and labels.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from rest_framework.authtoken.models import Token

from invoices.intake import receive
from invoices.models import Document, Prediction, Vendor, VendorAlias
from invoices.parsing import parse_document
from invoices.prefill import prefill_document
from invoices.vendor_master.editing import alias_key
from labeling.draws import chance
from labeling.halves import Labeler, side_of, split
from labeling.models import GoldRecord, LabelingPolicy, LabelingTask, Trial
from labeling.sampling import open_task
from labeling.trials.handing_out import hand_out, prepare_tests
from tests.conftest import Cast
from tests.invoices.paper import invoice_pdf
from tests.labeling.test_blindness import QUERIES, ROUTES, _json, differing, record_of, told

pytestmark = pytest.mark.django_db
SECRET = "SETTLED-TRUTH-777"

World = Callable[[], LabelingTask]


@pytest.fixture
def document(cast: Cast) -> Document:
    """A real document whose vendor is known already. Tasks have ids that nothing else has."""
    gone = Document.objects.create(sha256="0" * 64, name="gone", media_type="application/pdf", size=1)
    LabelingTask.objects.bulk_create(LabelingTask(document=gone, ordinal=number) for number in range(700, 776))
    gone.delete()
    found = receive(name="invoice.pdf", data=invoice_pdf()).document
    parse_document(found.pk, found.parse_revision)
    prefill_document(found.pk)
    found.refresh_from_db()
    name = record_of_document(found)["vendor"]["name"]
    vendor = found.vendor or Vendor.objects.create(name=name)
    Vendor.objects.filter(pk=vendor.pk).update(status="confirmed")
    VendorAlias.objects.get_or_create(key=alias_key(name), defaults={"vendor": vendor, "name": name})
    Document.objects.filter(pk=found.pk).update(vendor=vendor)
    found.refresh_from_db()
    return found


def record_of_document(document: Document) -> dict[str, Any]:
    record: dict[str, Any] = document.predictions.order_by("-pk")[0].record
    return record


def policy(seed: int, **values: Any) -> None:
    LabelingPolicy.objects.create(hidden_share=0, new_biller_share=0, seed=seed, **values)


@pytest.fixture
def ordinary(document: Document, cast: Cast) -> World:
    """One of two blind labels, in which the first biller's side is the first task."""

    def build() -> LabelingTask:
        people = [Labeler(user.pk, user.role == "biller") for user in (cast.biller1, cast.biller2, cast.senior)]
        for seed in range(200):
            side = split(people, chance(seed, "halves", document.pk))
            if side is not None and side_of(cast.biller1.pk, side // 2) == side:
                break
        policy(seed, double_share=1)
        open_task(document.pk)
        return LabelingTask.objects.get(document=document, kind="label")

    return build


@pytest.fixture
def tested(document: Document, cast: Cast, settle: Any) -> World:
    """A gold test of what two others have settled, after a template has learned from it."""

    def build() -> LabelingTask:
        policy(1, double_share=0, test_share=1)
        settle(document, **{**record_of_document(document), "invoice_number": SECRET})
        learned = {**record_of_document(document), "invoice_number": SECRET}
        Prediction.objects.create(document=document, model_id="template:learned", record=learned, fields=[], checks=[], route="review")
        prepare_tests()
        return hand_out(Trial.objects.get(person=cast.biller1))

    return build


class Person:
    """The first biller with a task, and everything that this person can fetch."""

    def __init__(self, cast: Cast, document: Document, task: LabelingTask) -> None:
        self.user, self.document, self.task = cast.biller1, document, task
        self.screens = Client()
        self.screens.force_login(cast.biller1)
        token, _ = Token.objects.get_or_create(user=cast.biller1)
        self.api = Client(headers={"Authorization": f"Token {token.key}"})

    def addresses(self, route: str) -> Iterator[str]:
        ids = {"task_id": (self.task.pk,), "document_id": (self.document.pk,), "vendor_id": (self.document.vendor_id,)}
        names = re.findall(r"<id:(\w+)>", route)
        for values in product(*(ids.get(name, (1, 2)) for name in names)):
            address = "/" + route
            for name, value in zip(names, values, strict=True):
                address = address.replace(f"<id:{name}>", str(value))
            yield from (address + query for query in ("", *QUERIES.get(route, ()), *MORE.get(route, ())))
            if route == "documents/rows/":
                yield f"{address}?ids={self.document.pk}"

    def everything(self) -> dict[str, Any]:
        found = {}
        for route in ROUTES:
            for address in self.addresses(route):
                answer = told((self.api if route.startswith("api/") else self.screens).get(address))
                found[self.plain(address.encode()).decode()] = (answer[0], answer[1], self.plain(answer[2]))
        return found

    def plain(self, body: bytes) -> bytes:
        """Without the ids of this task and its label, which count on, and without the moments of the work itself."""
        body = re.sub(rb"(data-time=.clock.>)\d\d:\d\d", rb"\1", body)
        task = str(self.task.pk).encode()
        for before, after in ((rb"tasks/%s\b", b"tasks/T"), (rb"label/%s\b", b"label/T"), (rb'"(?:id|task)": ?%s\b', b'"id":T')):
            body = re.sub(before % task, after, body)
        return re.sub(rb"20\d\d-\d\d-\d\d[T ]\d\d:\d\d(?::[0-9.]+)?(?:\+00:00|Z)?", b"then", re.sub(rb"cursor=[^\"&]*", b"cursor", body))

    def post(self, what: str, body: dict[str, Any], method: str = "POST") -> Any:
        answer = self.api.generic(method, f"/api/v1/tasks/{what}", data=_json(body), content_type="application/json")
        return answer.status_code, re.sub(rb'"(?:annotation)": ?\d+', b"", self.plain(told(answer)[2]))


MORE = {"documents/": [f"?q={SECRET}"], "api/v1/documents/": [f"?search={SECRET}", "?status=gold"]}


def life_of(person: Person, edit: Any) -> Iterator[tuple[str, Any]]:
    """What the person sees and is told from the moment that the task is there to long after it was submitted."""
    record = {**record_of(person.task), "total": "1.00"}
    yield "open", person.everything()
    yield "claimed", person.post("claim/", {})
    yield "in hand", person.everything()
    change = {"version": 0, "edits": [{**edit("total", "1.00"), "id": "7d6f1f6e-3f0a-4a1c-9a53-2a4f6f1c7b11"}]}
    yield "saved", person.post(f"{person.task.pk}/draft/", change, "PATCH")
    sent = {"record": record, "version": 1, "active_seconds": 61, "keystrokes": 9}
    yield "submitted", person.post(f"{person.task.pk}/submit/", sent)
    yield "submitted again", person.post(f"{person.task.pk}/submit/", sent)
    yield "after", person.everything()
    yield "next", person.post("claim/", {})


def lived(world: World, cast: Cast, document: Document, edit: Any) -> dict[str, Any]:
    """Everything that happens in one world, of which nothing stays."""
    with transaction.atomic():
        found = dict(life_of(Person(cast, document, world()), edit))
        transaction.set_rollback(True)
    return found


def test_a_gold_test_is_like_an_ordinary_label_at_every_address(
    cast: Cast, document: Document, ordinary: World, tested: World, edit: Any
) -> None:
    before, after = (lived(world, cast, document, edit) for world in (ordinary, tested))
    assert before["submitted"][0] == 200, before["submitted"]
    for moment, answers in before.items():
        if isinstance(answers, dict):
            assert differing(answers, after[moment]) == {}, moment
            assert not [address for address, (_, _, body) in after[moment].items() if SECRET.encode() in body and SECRET not in address]
        else:
            assert answers == after[moment], moment


@pytest.mark.thorough
def test_the_comparison_would_notice(cast: Cast, document: Document, ordinary: World, tested: World, edit: Any) -> None:
    """Without the veil the truth shows at once: the test above can fail."""
    from invoices.models import Veil

    def bare() -> LabelingTask:
        task = tested()
        Veil.objects.all().delete()
        return task

    before, after = (lived(world, cast, document, edit) for world in (ordinary, bare))
    seen = differing(before["open"], after["open"])
    for address in (f"/documents/{document.pk}/", f"/api/v1/documents/{document.pk}/", f"/api/v1/documents/{document.pk}/gold/"):
        assert address in seen
    assert any(address.startswith("/documents/?q=") for address in seen)
    assert GoldRecord.objects.count() == 0
