"""The API of agreement: the same figures as mlcore on the pairs, in pages, and as CSV that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from invoices.audit.entries import AuditEntry
from invoices.models import Document, Vendor
from labeling.agreement.counting import count_pairs
from labeling.models import Agreement, AgreementTally
from mlcore.agreement.statistics import agreement_of
from mlcore.agreement.tally import Tally
from tests.conftest import Cast
from tests.labeling.agreement.frozen_pairs import Wanted, direct, freeze, key_of, some
from tests.labeling.api.test_budgets import counting

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/agreement/"


@pytest.fixture
def api(cast: Cast, client_of: Any) -> Any:
    return client_of(cast.senior)


@pytest.fixture
def rows(cast: Cast) -> list[Agreement]:
    vendors = [Vendor.objects.create(name=name, status="confirmed") for name in ("Apex Infusion", "Zenith")]
    made = freeze(some([cast.biller1, cast.biller2, cast.senior], 120, vendors=vendors))
    count_pairs(len(made))
    return made


def table(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.getvalue()
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))


def figures(rows: list[Agreement]) -> dict[str, Any]:
    found: dict[str, Any] = agreement_of(Tally.of(direct(rows))).to_json()
    return found


def test_everything(api: Any, rows: list[Agreement]) -> None:
    told = api.get(ADDRESS).json()
    assert told["all"] == figures(rows)
    assert (told["floor"], told["target"], told["counted"], told["waiting"]) == (20, "0.97", 120, 0)
    assert told["method"]["coefficient"] == "alpha"
    assert set(told["prefill"]) == {"both_typed", "one_unchanged", "both_unchanged"}
    assert sum(part["documents"] for part in told["prefill"].values()) == 120
    months = {month["month"]: month for month in told["months"]}
    assert list(months) == sorted({f"{row.compared_at:%Y-%m}" for row in rows})
    for key, month in months.items():
        assert month["exact"] == figures([row for row in rows if f"{row.compared_at:%Y-%m}" == key])["exact"]


def test_scopes_are_the_pairs_of_a_vendor_two_people_or_some_months(api: Any, cast: Cast, rows: list[Agreement]) -> None:
    vendor, key = rows[0].vendor_id, key_of(cast.biller1, cast.biller2)
    told = api.get(ADDRESS, {"vendor": vendor}).json()
    assert told["all"] == figures([row for row in rows if row.vendor_id == vendor])
    told = api.get(ADDRESS, {"pair": key}).json()
    assert told["all"] == figures([row for row in rows if key_of(row.first_author, row.second_author) == key])
    assert told["method"]["coefficient"] == "kappa"
    told = api.get(ADDRESS, {"since": "2026-10", "until": "2026-11"}).json()
    assert told["all"] == figures([row for row in rows if row.compared_at.month in (10, 11)])
    assert told["scope"] == {"since": "2026-10", "until": "2026-11"}
    assert api.get(ADDRESS, {"vendor": 424242}).json()["all"]["documents"] == 0


@pytest.mark.parametrize("by", ["vendor", "pair", "month"])
def test_parts_come_in_pages_and_each_once(api: Any, rows: list[Agreement], by: str) -> None:
    seen, cursor = [], ""
    while True:
        page = api.get(ADDRESS, {"by": by, "page_size": 1, "cursor": cursor}).json()
        seen += page["results"]
        if not page["next"]:
            break
        cursor = page["next"]
    assert sum(part["documents"] for part in seen) == 120
    assert len(seen) == AgreementTally.objects.filter(kind=by).count()
    if by != "month":
        values = [part["figures"]["exact"]["value"] for part in seen]
        assert [value for value in values if value is not None] == sorted(value for value in values if value is not None)


def test_vendors_without_enough_data_stand_last(api: Any, cast: Cast) -> None:
    vendors = {name: Vendor.objects.create(name=name) for name in ("few", "fewer", "good", "bad")}
    pairs = [Wanted(cast.biller1, cast.biller2, vendor=vendors["good"])] * 20
    pairs += [Wanted(cast.biller1, cast.biller2, (("total", "1.00"),) if n < 5 else (), vendor=vendors["bad"]) for n in range(20)]
    pairs += [Wanted(cast.biller1, cast.biller2, vendor=vendors[name]) for name, n in (("fewer", 2), ("few", 3)) for _ in range(n)]
    freeze(pairs)
    count_pairs(len(pairs))
    told = api.get(ADDRESS, {"by": "vendor"}).json()["results"]
    assert [part["vendor"]["name"] for part in told] == ["bad", "good", "few", "fewer"]
    assert told[2]["figures"]["exact"] == {"value": None, "n": 3, "floor": 20}


def test_fields_and_pre_fill_are_one_page(api: Any, rows: list[Agreement]) -> None:
    fields = api.get(ADDRESS, {"by": "field"}).json()
    assert fields["results"] == figures(rows)["fields"]
    assert fields["next"] is None
    told = api.get(ADDRESS, {"by": "prefill"}).json()["results"]
    assert [part["prefill"] for part in told] == ["both_typed", "one_unchanged", "both_unchanged"]


def test_a_class_of_pre_fill_without_a_pair_has_every_figure(api: Any) -> None:
    told = api.get(ADDRESS).json()["prefill"]
    assert {name: part["documents"] for name, part in told.items()} == {"both_typed": 0, "one_unchanged": 0, "both_unchanged": 0}
    for part in told.values():
        assert part["exact"] == part["row_f1"] == {"value": None, "n": 0, "floor": 20}
    listed = api.get(ADDRESS, {"by": "prefill"}).json()["results"]
    assert [part["figures"] for part in listed] == [{k: v for k, v in part.items() if k != "documents"} for part in told.values()]


def test_what_has_no_stored_sums_is_refused_with_the_remedy(api: Any, rows: list[Agreement]) -> None:
    crossed = api.get(ADDRESS, {"vendor": 1, "pair": "1-2"})
    assert crossed.status_code == 400
    assert "vendor and pair together have no stored sums. Ask for one of them." in str(crossed.json())
    assert api.get(ADDRESS, {"vendor": 1, "by": "pair"}).status_code == 400
    assert "write two ids, the smaller one first" in str(api.get(ADDRESS, {"pair": "5-3"}).json())
    for query in ({"since": "2026-13"}, {"prefill": "x"}, {"by": "colour"}, {"page_size": 0}, {"vendor": -1}, {"pair": "3"}):
        assert api.get(ADDRESS, query).status_code == 400, query


def test_damaged_sums_are_a_designed_error(api: Any, rows: list[Agreement]) -> None:
    AgreementTally.objects.filter(kind="all").update(tally="[1")
    for address in (ADDRESS, f"{ADDRESS}?by=field", f"{ADDRESS}export/?table=fields"):
        answer = api.get(address)
        assert answer.status_code == 409
        assert answer.json()["code"] == "tally_unreadable"
        assert "manage.py recount_agreement" in answer.json()["detail"]
    assert not AuditEntry.objects.filter(action="agreement.exported").exists()


def test_documents_behind_a_number(api: Any, cast: Cast, rows: list[Agreement]) -> None:
    seen, cursor = [], ""
    while True:
        page = api.get(f"{ADDRESS}documents/", {"field": "total", "page_size": 4, "cursor": cursor}).json()
        seen += page["results"]
        if not page["next"]:
            break
        cursor = page["next"]
    expected = [row for row in rows if any(difference["name"] == "total" for difference in row.outcome["differences"])]
    assert sorted(row["document"]["id"] for row in seen) == sorted(row.document_id for row in expected)
    assert [row["compared_at"] for row in seen] == sorted((row["compared_at"] for row in seen), reverse=True)
    assert all("total" in row["fields"] and not row["exact"] for row in seen)
    told = api.get(f"{ADDRESS}documents/", {"critical": "true", "page_size": 200}).json()["results"]
    assert len(told) == sum(not row.critical for row in rows)
    told = api.get(f"{ADDRESS}documents/", {"prefill": "both_unchanged", "since": "2026-10", "page_size": 200}).json()["results"]
    wanted = [row for row in rows if row.compared_at.month >= 10 and row.first_prefill == row.second_prefill == "unchanged"]
    assert len(told) == len(wanted)


def test_csv_says_the_same_as_the_screen(api: Any, cast: Cast, rows: list[Agreement]) -> None:
    told = table(api.get(f"{ADDRESS}export/", {"table": "fields"}))
    expected = {field["name"]: field for field in figures(rows)["fields"]}
    assert [row["field"] for row in told] == list(expected)
    for row in told:
        field = expected[row["field"]]
        assert [float(row[name]) for name in ("agreement", "agreement_low", "agreement_high", "agreement_n")] == [
            field["agreement"][name] for name in ("value", "low", "high", "n")
        ]
        assert row["presence_kappa"] == ("" if field["presence"]["kappa"]["value"] is None else str(field["presence"]["kappa"]["value"]))
    for name, count in (("vendors", 2), ("pairs", 3), ("prefill", 3), ("documents", 120)):
        assert len(table(api.get(f"{ADDRESS}export/", {"table": name}))) == count
    assert sum(int(row["documents"]) for row in table(api.get(f"{ADDRESS}export/", {"table": "months"}))) == 120
    assert sum(int(row["documents"]) for row in table(api.get(f"{ADDRESS}export/", {"table": "weeks"}))) == 120
    differing = table(api.get(f"{ADDRESS}export/", {"table": "documents", "differing": "true"}))
    assert len(differing) == sum(not row.exact for row in rows)


def test_csv_is_no_formula_and_is_recorded(api: Any, cast: Cast) -> None:
    vendor = Vendor.objects.create(name="=HYPERLINK(1)")
    freeze([Wanted(cast.biller1, cast.biller2, (("total", None),), vendor=vendor)])
    Document.objects.update(name="@SUM(A1).pdf")
    count_pairs()
    answer = api.get(f"{ADDRESS}export/", {"table": "documents", "field": "total"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="agreement-documents.csv"'
    assert answer["Cache-Control"] == "no-store"
    (row,) = table(answer)
    assert (row["file"], row["vendor"], row["one"], row["fields"]) == ("'@SUM(A1).pdf", "'=HYPERLINK(1)", "biller1", "Total")
    assert table(api.get(f"{ADDRESS}export/", {"table": "vendors"}))[0]["vendor"] == "'=HYPERLINK(1)"
    entries = AuditEntry.objects.filter(action="agreement.exported").order_by("pk")
    assert [entry.after for entry in entries] == [{"table": "documents", "field": "total"}, {"table": "vendors"}]
    assert {entry.person_name for entry in entries} == {"senior"}


def test_an_export_leaves_out_nothing_without_saying_so(api: Any, rows: list[Agreement]) -> None:
    for query in ({"table": "vendors", "vendor": 1}, {"table": "fields", "field": "total"}, {"table": "x"}, {"vendor": 1, "pair": "1-2"}):
        assert api.get(f"{ADDRESS}export/", query).status_code == 400, query
    assert not AuditEntry.objects.filter(action="agreement.exported").exists()


def test_requests_cost_few_statements_and_streams_do_not_grow(api: Any, cast: Cast, rows: list[Agreement]) -> None:
    api.get(ADDRESS)
    for address in (ADDRESS, f"{ADDRESS}?by=vendor", f"{ADDRESS}documents/"):
        with counting() as run:
            assert api.get(address).status_code == 200
        assert len(run.sql) <= 10, run.sql
    with counting() as run:
        table(api.get(f"{ADDRESS}export/", {"table": "documents"}))
    assert len(run.sql) <= 6, run.sql
