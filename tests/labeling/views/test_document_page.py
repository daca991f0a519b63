"""The page of one document: its history in a biller's words, and what a person said about empty values."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from invoices.intake import receive
from invoices.models import Document, Prediction
from invoices.parsing import parse_document
from invoices.prefill import learn_vendor, prefill_document
from labeling.filled_in import filled_in_briefly
from labeling.gold import examples_for_vendor
from labeling.sampling import open_task
from tests.conftest import Cast
from tests.invoices.paper import invoice_pdf, locked_pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def biller(client: Client, cast: Cast) -> Client:
    client.force_login(cast.biller1)
    return client


def history(client: Client, document: Document) -> list[str]:
    """The lines of the history as text."""
    body = client.get(f"/documents/{document.pk}/").content.decode()
    lines = re.findall(r'<span class="history__text">(.*?)</span><time', body)
    return [" ".join(re.sub("<[^>]*>", "", line).split()) for line in lines]


def text_of_cell(body: str, path: str) -> str:
    """What stands in the cell of a field."""
    cell = body.split(f'data-path="{path}"', 1)[1].split(">", 1)[1]
    cell = cell.split("<td", 1)[1].split(">", 1)[1] if "</th>" in cell.split("</td>", 1)[0] else cell
    return " ".join(re.sub("<[^>]*>", " ", cell.split("</td>", 1)[0]).split())


def test_a_failure_and_the_wish_to_read_again_stay_in_the_history(biller: Client) -> None:
    document = receive(name="locked.pdf", data=locked_pdf()).document
    parse_document(document.pk, 1)
    biller.post("/documents/retry/", {"only": document.pk})
    parse_document(document.pk, 2)
    document.refresh_from_db()
    failed = f"Failed: {document.error_message}"
    assert "password" in failed
    assert history(biller, document) == ["Received", failed, "Sent to be read again by biller1", failed]


def test_where_the_values_come_from_is_said_without_names_of_programs(biller: Client, cast: Cast, client_of: Any) -> None:
    first = receive(name="one.pdf", data=invoice_pdf()).document
    second = receive(name="two.pdf", data=invoice_pdf(pages=2)).document
    for document in (first, second):
        parse_document(document.pk, 1)
        prefill_document(document.pk)
        open_task(document.pk)
    assert "Filled in without a template" in history(biller, second)
    api = client_of(cast.biller1)
    task = api.post("/api/v1/tasks/claim/", {"task": first.tasks.get().pk}, format="json").json()
    done = api.post(f"/api/v1/tasks/{task['id']}/submit/", {"record": task["prediction"]["record"], "version": 0}, format="json")
    assert done.status_code == 200, done.json()
    first.refresh_from_db()
    assert first.vendor_id is not None
    learn_vendor(first.vendor_id, examples_for_vendor(first.vendor_id))
    prefill_document(second.pk)
    assert history(biller, second)[-2:] == ["Filled in without a template", "Filled in from 1 confirmed document of this vendor"]
    assert "zero-shot" not in " ".join(history(biller, second))


@pytest.mark.parametrize(
    ("model_id", "examples", "words", "briefly"),
    [
        ("adapter-7b1e", 0, "by the model", "By the model"),
        ("adapter-7b1e+template-3:zero-shot", 0, "by the model", "By the model"),
        (
            "adapter-7b1e+template-3:5d0c",
            2,
            "by the model together with 2 confirmed documents of this vendor",
            "Model and 2 documents",
        ),
        ("template-3:5d0c", 1, "from 1 confirmed document of this vendor", "From 1 document"),
        ("template-3:5d0c", None, "from confirmed documents of this vendor", "From documents"),
        ("template-3:zero-shot", 0, "without a template", "No template"),
    ],
)
def test_who_filled_in_a_record_is_said_in_words(
    biller: Client, make_document: Any, model_id: str, examples: int, words: str, briefly: str
) -> None:
    document = make_document()
    Prediction.objects.create(document=document, model_id=model_id, record={}, fields=[], route="review", examples=examples)
    assert history(biller, document)[-1] == f"Filled in {words}"
    assert filled_in_briefly(document.predictions.get(model_id=model_id)) == briefly


def test_the_page_shows_the_prefill_that_its_labeler_saw(biller: Client, make_task: Any) -> None:
    task = make_task()
    Prediction.objects.create(
        document=task.document, model_id="adapter-7b1e", record={"total": "777.00"}, fields=[], checks=[], route="review"
    )
    body = biller.get(f"/documents/{task.document_id}/").content.decode()
    assert "777.00" not in body


@pytest.mark.parametrize(
    ("mark", "words"), [("illegible", "illegible"), ("not_applicable", "not applicable"), ("blank", "blank on the document")]
)
def test_an_empty_value_says_what_the_person_said_of_it(
    biller: Client, cast: Cast, client_of: Any, make_task: Any, record: Any, mark: str, words: str
) -> None:
    task = make_task()
    api = client_of(cast.biller1)
    api.post("/api/v1/tasks/claim/", {}, format="json")
    record["date"], record["tax"] = None, None
    record["line_items"][0]["ndc_code"] = None
    marks = {"date": mark, "line_items[1].ndc_code": mark}
    done = api.post(f"/api/v1/tasks/{task.pk}/submit/", {"record": record, "version": 0, "marks": marks}, format="json")
    assert done.status_code == 200, done.json()
    body = biller.get(f"/documents/{task.document_id}/").content.decode()
    said = {path: text_of_cell(body, path) for path in ("date", "tax", "line_items[1].ndc_code")}
    assert said["date"].startswith(words)
    assert said["tax"].startswith("not on the document")
    assert said["line_items[1].ndc_code"] == words
