"""Documents, the page of one, and the queue: filters, bounded statements, hostile text."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from invoices.models import Document, DocumentStatus, Page, Prediction, Vendor
from labeling.models import Annotation, GoldRecord, LabelingTask, TaskState

if TYPE_CHECKING:
    from tests.conftest import Cast

pytestmark = pytest.mark.django_db
CANARY = '"><script>alert(1)</script>'
MOST_STATEMENTS = 9


def record(number: str, total: str = "25342.31") -> dict[str, object]:
    item = {
        "description": CANARY,
        "quantity": "2",
        "unit_price": "5.00",
        "total": "10.00",
        "ndc_code": None,
        "cpt_code": None,
        "type": None,
    }
    return {
        "vendor": {"name": CANARY, "address": None},
        "invoice_number": number,
        "date": "2026-03-05",
        "line_items": [item],
        "subtotal": None,
        "tax": None,
        "total": total,
    }


def make_document(n: int, **values: object) -> Document:
    defaults = {
        "sha256": f"{n:064x}",
        "name": f"scan {n}.pdf",
        "media_type": "application/pdf",
        "size": 1,
        "status": DocumentStatus.PREFILLED,
    }
    document = Document.objects.create(**(defaults | values))
    prediction = Prediction.objects.create(
        document=document,
        model_id="zero",
        record=record(f"INV-{n}"),
        route="review",
        checks=[{"code": "c", "severity": "warning", "message": CANARY}],
        fields=[
            {
                "path": "invoice_number",
                "value": f"INV-{n}",
                "confidence": 0.9,
                "note": CANARY,
                "evidence": [{"page": 1, "box": [0, 0, 1, 1]}],
            }
        ],
    )
    LabelingTask.objects.create(document=document, prediction=prediction)
    return document


@pytest.fixture
def biller(client: Client, cast: Cast) -> Client:
    client.force_login(cast.biller1)
    return client


@pytest.fixture
def documents(cast: Cast) -> list[Document]:
    vendor = Vendor.objects.create(name=f"Apex {CANARY}")
    made = [make_document(n, vendor=vendor, uploaded_by=cast.biller2) for n in range(30)]
    for document in made[:10]:
        task = document.tasks.get()
        annotation = Annotation.objects.create(
            task=task, document=document, author=cast.biller1, record=record(f"GOLD-{document.pk}"), request_hash="h"
        )
        GoldRecord.objects.create(document=document, vendor=vendor, annotation=annotation, record=annotation.record)
        Page.objects.create(
            document=document, number=1, width=612, height=792, source="ocr", image_sha256="a" * 64, image_width=8, image_height=8
        )
    return made


@pytest.mark.parametrize("address", ["/documents/", "/documents/?q=INV&vendor=1&status=prefilled", "/queue/", "/queue/?tab=done&q=scan"])
def test_a_list_of_thirty_takes_few_statements(biller: Client, documents: list[Document], address: str) -> None:
    biller.get(address)
    with CaptureQueriesContext(
        connection,
    ) as statements:
        assert biller.get(address).status_code == 200
    assert len(statements) <= MOST_STATEMENTS, [s["sql"][:120] for s in statements]


@pytest.mark.parametrize("address", ["/documents/", "/queue/"])
def test_nothing_that_somebody_typed_becomes_markup(biller: Client, documents: list[Document], address: str) -> None:
    Document.objects.update(
        name=CANARY, near_duplicate_of=documents[0], near_duplicate_reason=CANARY, error_message=CANARY, status="failed"
    )
    body = biller.get(address).content.decode()
    assert CANARY not in body
    assert "&lt;script&gt;" in body


def test_the_page_of_a_document_escapes_words_records_and_notes(biller: Client, documents: list[Document]) -> None:
    Document.objects.update(name=CANARY, vendor_hint=CANARY)
    body = biller.get(f"/documents/{documents[0].pk}/").content.decode()
    assert CANARY not in body
    assert body.count("&lt;script&gt;") >= 6


def ids(body: str) -> set[int]:
    return {int(part.split('"')[0]) for part in body.split('<tr data-document="')[1:]}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=scan+7.pdf", {7}),
        ("q=INV-12", {12}),
        ("q=gold-", set(range(10))),
        ("q=nothing-like-it", set()),
        ("source=folder", {3}),
        ("source=../../etc", set(range(30))),
        ("near=1", {4}),
        ("status=failed", {5}),
        ("status=password", set(range(30))),
        ("vendor=99999999", set()),
        ("vendor=1%27--", set(range(30))),
        ("q=%00", set(range(30))),
    ],
)
def test_filters_find_what_they_say(biller: Client, documents: list[Document], query: str, expected: set[int]) -> None:
    Document.objects.filter(pk=documents[3].pk).update(source="folder")
    Document.objects.filter(pk=documents[4].pk).update(near_duplicate_of=documents[0])
    Document.objects.filter(pk=documents[5].pk).update(status="failed")
    body = biller.get(f"/documents/?{query}").content.decode()
    assert ids(body) == {documents[n].pk for n in expected}


def test_the_confirmed_number_is_shown_where_there_is_one(biller: Client, documents: list[Document]) -> None:
    body = biller.get("/documents/").content.decode()
    assert f"GOLD-{documents[0].pk}" in body
    assert "INV-0<" not in body
    assert "INV-29<" in body
    assert "25,342.31" in body


@pytest.mark.parametrize("number", ["442396", "0042", "1E5", "9451755967.10", "true", "null"])
def test_a_number_is_shown_as_it_is_printed(biller: Client, cast: Cast, number: str) -> None:
    document = make_document(1)
    Prediction.objects.create(document=document, model_id="one", record=record(number, "18974.86"), fields=[], route="review")
    body = biller.get("/documents/").content.decode()
    assert f'<td class="mono">{number}</td>' in body
    assert '<td class="number">18,974.86</td>' in body
    assert ids(biller.get(f"/documents/?q={number}").content.decode()) == {document.pk}


def test_a_value_that_is_not_there_is_a_dash_and_is_not_found_by_its_name(biller: Client, cast: Cast) -> None:
    document = make_document(1)
    empty = {**record(""), "invoice_number": None, "date": None, "total": None}
    Prediction.objects.create(document=document, model_id="one", record=empty, fields=[], route="review")
    body = biller.get("/documents/").content.decode()
    assert '<td class="mono">–</td>' in body
    assert '<td class="number">–</td>' in body
    assert "null" not in body.split("<tbody")[1].split("</tbody>")[0]
    assert ids(biller.get("/documents/?q=null").content.decode()) == set()
    assert ids(biller.get("/documents/?q=scan").content.decode()) == {document.pk}


def test_rows_refresh_by_id_and_ignore_nonsense(biller: Client, documents: list[Document]) -> None:
    body = biller.get(f"/documents/rows/?ids={documents[0].pk},x,{documents[1].pk},,999999,-1").content.decode()
    assert ids(body) == {documents[0].pk, documents[1].pk}


def test_a_confirmed_value_stands_beside_what_was_predicted(biller: Client, documents: list[Document]) -> None:
    body = biller.get(f"/documents/{documents[0].pk}/").content.decode()
    assert f"GOLD-{documents[0].pk}" in body
    assert "<s>INV-0</s>" in body


def test_there_is_no_such_document(biller: Client) -> None:
    answer = biller.get("/documents/4711/")
    assert answer.status_code == 404
    assert "There is no document 4711." in answer.content.decode()


@pytest.mark.parametrize("tab", ["open", "mine", "held", "postponed", "escalated", "done"])
def test_each_task_stands_in_its_tab(biller: Client, cast: Cast, documents: list[Document], tab: str) -> None:
    later = timezone.now() + dt.timedelta(hours=1)
    changes: dict[str, dict[str, Any]] = {
        "open": {"lease_expires_at": timezone.now() - dt.timedelta(hours=1), "assignee": cast.biller2},
        "mine": {"lease_expires_at": later, "assignee": cast.biller1},
        "held": {"lease_expires_at": later, "assignee": cast.biller2},
        "postponed": {"postponed_until": later, "postponed_by": cast.biller1},
        "escalated": {"escalated": True},
        "done": {"state": TaskState.DONE, "assignee": cast.biller1},
    }
    for task, values in zip(LabelingTask.objects.order_by("pk"), changes.values(), strict=False):
        LabelingTask.objects.filter(pk=task.pk).update(**values)
    marked = documents[list(changes).index(tab)]
    body = biller.get(f"/queue/?tab={tab}").content.decode()
    assert f'"/documents/{marked.pk}/"' in body
    for other in set(changes) - {tab, "open"}:
        document = documents[list(changes).index(other)]
        assert (f'"/documents/{document.pk}/"' in body) == (other == "escalated" and tab == "open")
