"""Gold of one document, and the streamed export."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from invoices.spreadsheets import guarded
from labeling.gold import examples_for_vendor
from labeling.models import GoldRecord
from mlcore.dataset.ingest import read_gold
from mlcore.errors import DatasetError

pytestmark = pytest.mark.django_db


@pytest.fixture
def confirm(cast: Any, client_of: Any, make_task: Any, record: Any) -> Any:
    """Confirms a fresh document with changes to its record; answers the gold record."""

    def run(**changes: Any) -> GoldRecord:
        task = make_task()
        api = client_of(cast.biller1)
        api.post("/api/v1/tasks/claim/", {"task": task.pk}, format="json")
        done = api.post(f"/api/v1/tasks/{task.pk}/submit/", {"record": {**record, **changes}, "version": 0}, format="json")
        assert done.status_code == 200, done.json()
        return GoldRecord.objects.get(pk=done.json()["gold"])

    return run


def body(response: Any) -> str:
    return b"".join(response.streaming_content).decode()


def test_the_gold_of_a_document(cast: Any, client_of: Any, confirm: Any, make_document: Any) -> None:
    gold = confirm()
    answer = client_of(cast.biller2).get(f"/api/v1/documents/{gold.document_id}/gold/").json()
    assert answer["id"] == gold.pk
    assert answer["vendor"]["name"] == "Apex Infusion"
    assert answer["record"]["total"] == "90.00"
    missing = client_of(cast.biller2).get(f"/api/v1/documents/{make_document().pk}/gold/")
    assert (missing.status_code, missing.json()["code"]) == (404, "gold_not_found")


def test_export_as_json_lines(cast: Any, client_of: Any, confirm: Any) -> None:
    golds = [confirm(), confirm(invoice_number="INV-2")]
    response = client_of(cast.senior).get("/api/v1/gold/export/?format=jsonl")
    assert response["Content-Type"] == "application/x-ndjson"
    lines = [json.loads(line) for line in body(response).splitlines()]
    assert [line["id"] for line in lines] == [gold.pk for gold in golds]
    assert lines[1]["record"]["invoice_number"] == "INV-2"
    assert lines[0]["confirmed_by"] == "biller1"


def test_exported_examples_are_what_a_dataset_is_built_from(cast: Any, client_of: Any, confirm: Any, tmp_path: Path) -> None:
    golds = [confirm(), confirm(invoice_number="INV-2")]
    response = client_of(cast.senior).get("/api/v1/gold/export/?format=examples")
    assert response["Content-Disposition"] == 'attachment; filename="examples.jsonl"'
    (tmp_path / "examples.jsonl").write_text(body(response), encoding="utf-8")
    entries = list(read_gold(tmp_path / "examples.jsonl"))
    assert [entry.id for entry in entries] == [f"gold-{gold.pk}" for gold in golds]
    assert [entry.gold.record.invoice_number for entry in entries] == ["INV-1001", "INV-2"]
    expected = list(examples_for_vendor(golds[0].vendor_id or 0))[::-1]
    assert [entry.gold for entry in entries] == expected
    (tmp_path / "gold.jsonl").write_text(body(client_of(cast.senior).get("/api/v1/gold/export/")), encoding="utf-8")
    with pytest.raises(DatasetError, match="export gold with format=examples"):
        list(read_gold(tmp_path / "gold.jsonl"))


def test_export_as_csv_has_one_row_per_line_item_and_no_formulas(cast: Any, client_of: Any, confirm: Any, record: Any) -> None:
    items = [{**record["line_items"][0], "description": '=HYPERLINK("http://x")', "total": "-45.00"}]
    confirm(line_items=items, invoice_number="@SUM(A1)")
    confirm()
    confirm(line_items=[])
    response = client_of(cast.admin).get("/api/v1/gold/export/?format=csv")
    rows = list(csv.DictReader(io.StringIO(body(response))))
    assert [row["line"] for row in rows] == ["1", "1", "2", ""]
    assert rows[0]["line.description"] == '\'=HYPERLINK("http://x")'
    assert rows[0]["line.total"] == "-45.00"
    assert rows[0]["invoice_number"] == "'@SUM(A1)"


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("-12.50", "-12.50"),
        ("+1", "+1"),
        ("-1+cmd|' /C calc'!A0", "'-1+cmd|' /C calc'!A0"),
        ("=1", "'=1"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("＝1+1", "'＝1+1"),
        (" =1+1", "' =1+1"),
        ("\u200b@x", "'\u200b@x"),
        ("１２", "１２"),
        ("«quoted»", "«quoted»"),
        (None, ""),
    ],
)
def test_cells_that_look_like_formulas_are_guarded(text: str | None, cell: str) -> None:
    assert guarded(text) == cell


@pytest.mark.parametrize("form", ["csv", "examples"])
def test_export_costs_the_same_statements_for_many(cast: Any, client_of: Any, confirm: Any, form: str) -> None:
    api = client_of(cast.senior)

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            body(api.get(f"/api/v1/gold/export/?format={form}"))
        return len(captured)

    confirm()
    one = statements()
    for _ in range(5):
        confirm()
    assert statements() == one


def test_only_seniors_export_and_unknown_formats_are_named(cast: Any, client_of: Any) -> None:
    assert client_of(cast.biller1).get("/api/v1/gold/export/").status_code == 403
    answer = client_of(cast.senior).get("/api/v1/gold/export/?format=xlsx")
    assert (answer.status_code, answer.json()["code"]) == (400, "format_unknown")


def test_examples_of_a_vendor_carry_text_record_and_places(confirm: Any) -> None:
    gold = confirm()
    (example,) = list(examples_for_vendor(gold.vendor_id))
    assert example.document.text == "Apex Infusion"
    assert example.record.invoice_number == "INV-1001"
    assert example.vendor_key == str(gold.vendor_id)
    assert example.evidence["total"][0].page == 1
    assert list(examples_for_vendor(gold.vendor_id, limit=0)) == []
