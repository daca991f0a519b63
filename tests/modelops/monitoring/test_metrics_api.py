"""``metrics/``: series, vendors, the documents behind a number, calibration; limits, roles, files."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from invoices.audit.actions import Action
from invoices.audit.entries import AuditEntry
from invoices.models import Vendor
from labeling.models import TaskKind
from modelops.models import ModelVersion
from modelops.monitoring.counting import count_newer
from tests.conftest import Cast
from tests.modelops.monitoring.days import at, come_in, label_and_settle, passes, read

pytestmark = pytest.mark.django_db

NOW = at("2026-03-06", "09:00")
ASKED = "/api/v1/metrics/daily/?from=2026-03-01&to=2026-03-05"


@pytest.fixture
def apex(cast: Cast) -> Vendor:
    """Six documents of Apex, two of them wrongly read, and one of nobody known."""
    vendor = Vendor.objects.create(name="=Apex")
    for number in range(7):
        document = come_in(at("2026-03-02", f"1{number}:00"), vendor if number else None)
        read(document, at("2026-03-02", f"1{number}:05"), sure=0.96, total="91.00" if number in (1, 2) else "90.00")
        label_and_settle(document, at("2026-03-03", f"1{number}:00"), cast.biller1, seconds=90)
    count_newer(now=NOW)
    return vendor


def test_a_series_has_every_day_and_says_which_were_counted(cast: Cast, apex: Vendor, client_of: Any) -> None:
    answer = client_of(cast.admin).get(ASKED).json()
    assert [day["day"][-2:] for day in answer["days"]] == ["01", "02", "03", "04", "05"]
    assert [day["counted"] for day in answer["days"]] == [False, True, True, True, True]
    settled = answer["days"][2]
    assert settled["documents"] == {**settled["documents"], "value": round(5 / 7, 6), "n": 7, "few": True, "unknown": ""}
    assert settled["documents"]["low"] < 5 / 7 < settled["documents"]["high"]
    assert settled["fields"]["total"] == [7, 5, 2]
    assert answer["days"][0]["documents"] == {"value": None, "low": None, "high": None, "n": 0, "few": True, "unknown": "nothing_judged"}
    assert (answer["total"]["settled"], answer["total"]["minutes"], answer["total"]["received"]) == (7, 1.5, 7)
    own = client_of(cast.admin).get(f"{ASKED}&vendor={apex.pk}").json()
    assert (own["vendor"]["id"], own["total"]["settled"]) == (apex.pk, 6)


def test_a_series_costs_as_many_statements_however_long_it_is(cast: Cast, apex: Vendor, client_of: Any) -> None:
    client = client_of(cast.admin)
    client.get(ASKED)
    spent = []
    for start in ("2026-03-05", "2025-03-05"):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/api/v1/metrics/daily/?from={start}&to=2026-03-05").status_code == 200
        spent.append(len(captured))
    assert spent[0] == spent[1] <= 5


def test_what_went_through_unchecked_has_no_accuracy(cast: Cast, client_of: Any) -> None:
    for number in range(4):
        document = come_in(at("2026-03-02", f"1{number}:00"))
        read(document, at("2026-03-02", f"1{number}:05"), route="accepted" if number else "review")
        if number:
            passes(document, at("2026-03-02", f"1{number}:06"), drawn=number == 3)
        else:
            label_and_settle(document, at("2026-03-02", "19:00"), cast.biller1)
    count_newer(now=NOW)
    total = client_of(cast.admin).get(ASKED).json()["total"]
    assert total["documents"]["value"] is None
    assert total["documents"]["unknown"] == "no_audits"
    assert total["seen"]["documents"]["value"] == 1
    assert total["straight_through"] == 0.75
    label_and_settle(document, at("2026-03-04"), cast.biller1, kind=TaskKind.AUDIT, total="95.00")
    count_newer(now=NOW)
    total = client_of(cast.admin).get(ASKED).json()["total"]
    assert total["documents"]["value"] == 0.25  # one of four was seen, and right; the one that was checked stands for three
    assert total["audited"]["documents"]["value"] == 0


def test_days_and_vendors_that_cannot_be_are_refused(cast: Cast, client_of: Any) -> None:
    client = client_of(cast.admin)
    for query, code, status in (
        ("from=2026-03-05&to=2026-03-01", "days_reversed", 400),
        ("from=2020-01-01&to=2026-03-01", "too_many_days", 400),
        ("vendor=999999", "vendor_unknown", 404),
    ):
        answer = client.get(f"/api/v1/metrics/daily/?{query}")
        assert (answer.status_code, answer.json()["code"]) == (status, code), query
    for query in ("from=yesterday", "vendor=apex", "format=xml", "vendor=-1", "to=0001-01-01T00", "from=2026-02-30"):
        assert client.get(f"/api/v1/metrics/daily/?{query}").status_code == 400, query
    assert client.get("/api/v1/metrics/daily/?to=0001-01-05").status_code == 200
    assert client.get("/api/v1/metrics/daily/?from=9999-12-31").status_code == 200
    assert client.get("/api/v1/metrics/daily/26-11-2026/documents/").json()["code"] == "day_invalid"


def test_the_file_has_the_same_numbers_and_no_formula_and_is_recorded(cast: Cast, apex: Vendor, client_of: Any) -> None:
    client = client_of(cast.admin)
    answer = client.get(f"{ASKED}&format=csv&vendor={apex.pk}")
    assert answer["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode())))
    assert [row["day"] for row in rows] == [f"2026-03-0{day}" for day in range(1, 6)]
    assert {row["vendor"] for row in rows} == {"'=Apex"}
    json = client.get(f"{ASKED}&vendor={apex.pk}").json()["days"][2]
    assert float(rows[2]["documents"]) == json["documents"]["value"]
    assert (rows[2]["settled"], rows[2]["values_high"], rows[1]["values_high"], rows[0]["documents"]) == ("6", "0", "120", "")
    entry = AuditEntry.objects.get(action=Action.METRICS_EXPORTED)
    assert entry.after == {"from": "2026-03-01", "to": "2026-03-05", "format": "csv", "vendor": apex.pk}
    vendors = client.get("/api/v1/metrics/vendors/?from=2026-03-01&to=2026-03-05&format=csv").getvalue().decode()
    assert "'=Apex" in vendors


def test_vendors_stand_where_their_values_may_be_least_right_first(cast: Cast, apex: Vendor, client_of: Any) -> None:
    best = Vendor.objects.create(name="Best")
    for number in range(6):
        document = come_in(at("2026-03-02", f"1{number}:00"), best)
        read(document, at("2026-03-02", f"1{number}:05"))
        label_and_settle(document, at("2026-03-03"), cast.biller1)
    come_in(at("2026-03-02"), Vendor.objects.create(name="Silent"))
    count_newer(now=NOW)
    results = client_of(cast.admin).get("/api/v1/metrics/vendors/?from=2026-03-01&to=2026-03-05").json()["results"]
    assert [one["vendor"]["name"] for one in results] == ["Best", "=Apex", "Silent"] or [one["vendor"]["name"] for one in results] == [
        "=Apex",
        "Best",
        "Silent",
    ]
    lows = [one["values"]["low"] for one in results[:2]]
    assert lows == sorted(lows)
    assert results[2]["values"]["value"] is None


def test_the_documents_behind_a_number_are_those_that_made_it(cast: Cast, apex: Vendor, client_of: Any) -> None:
    client = client_of(cast.admin)
    address = f"/api/v1/metrics/daily/2026-03-03/documents/?vendor={apex.pk}"
    wrong = client.get(f"{address}&show=wrong").json()["results"]
    assert [(one["judged"], one["right"], one["corrected"], one["wrong"], one["stratum"]) for one in wrong] == [
        (20, 19, 1, ["total"], "seen")
    ] * 2
    assert len(client.get(f"{address}&show=right").json()["results"]) == 4
    assert client.get(f"{address}&show=audited").json()["results"] == []
    came = client.get(f"/api/v1/metrics/daily/2026-03-02/documents/?vendor={apex.pk}&show=read").json()["results"]
    assert [one["route"] for one in came] == ["review"] * 6
    novel = client.get("/api/v1/metrics/daily/2026-03-02/documents/?show=novel").json()["results"]
    assert len(novel) == 1


def test_pages_of_documents_go_on(cast: Cast, client_of: Any) -> None:
    for number in range(32):
        document = come_in(at("2026-03-02", f"10:{number:02d}"))
        read(document, at("2026-03-02", "11:00"))
        label_and_settle(document, at("2026-03-03"), cast.biller1)
    count_newer(now=NOW)
    client = client_of(cast.admin)
    address = "/api/v1/metrics/daily/2026-03-03/documents/?show=settled"
    first = client.get(address).json()
    second = client.get(f"{address}&cursor={first['next']}").json()
    ids = [one["document"] for one in (*first["results"], *second["results"])]
    assert len(first["results"]) == 30
    assert ids == sorted(ids, reverse=True)
    assert (len(set(ids)), second["next"]) == (32, None)
    assert client.get(f"{address}&cursor=nonsense").json()["results"] == first["results"]


def test_promises_are_held_to_what_was_right_beside_the_models_own_test(cast: Cast, apex: Vendor, client_of: Any) -> None:
    model_id = client_of(cast.admin).get(ASKED).json()["total"]["model_id"]
    calibration = {"values": {"after": {"ece": 0.01, "bins": [[100, 0.9, 0.91]]}}}
    ModelVersion.objects.create(number=1, model_id=model_id, origin="trained", folder="m1", calibration=calibration)
    found = client_of(cast.admin).get("/api/v1/metrics/calibration/?from=2026-03-01&to=2026-03-05").json()
    values, right = 7 * 20, 7 * 20 - 2
    assert found["promises"][0][:2] == [0.96, round(right / values, 6)]
    assert found["ece"] == pytest.approx(abs(right / values - 0.96), abs=1e-6)
    assert found["drift"] == pytest.approx(found["ece"] - 0.01, abs=1e-6)
    assert (found["certified"], found["values"], found["documents"], found["audits_missing"]) == (0.01, values, 7, False)


@pytest.mark.parametrize("name", ["daily/", "vendors/", "calibration/", "daily/2026-03-03/documents/"])
def test_metrics_are_the_admins(cast: Cast, client_of: Any, name: str) -> None:
    assert client_of(cast.admin).get(f"/api/v1/metrics/{name}").status_code == 200
    for other in (cast.biller1, cast.senior):
        assert client_of(other).get(f"/api/v1/metrics/{name}").status_code == 403
