"""The API of people's quality: who sees whom, what it says, and what it costs."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from invoices.audit.actions import Action
from invoices.audit.entries import AuditEntry
from invoices.models import User
from labeling.models import Annotation, LabelingTask, QualitySums
from labeling.quality.counting import count_all
from mlcore.agreement.people import accuracy_of
from tests.conftest import Cast
from tests.labeling.quality.test_counting import raw, some_pairs
from tests.labeling.settled_pairs import Bench

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], APIClient]


@pytest.fixture
def many(bench: Bench, cast: Cast) -> Bench:
    """Twenty-four settled pairs: enough for numbers. One biller is wrong in every fourth total."""
    for number in range(24):
        bench.pair({cast.biller1: {"total": "95.00"} if number % 4 == 0 else {}, cast.biller2: {}})
    count_all()
    return bench


def test_a_person_is_told_what_mlcore_says(many: Bench, cast: Cast, client_of: ClientOf) -> None:
    answer = client_of(cast.biller1).get("/api/v1/quality/me/").json()
    assert answer["accuracy"] == accuracy_of(raw(cast.biller1)).to_json()
    assert answer["accuracy"]["critical"]["value"] == 0.75
    assert answer["accuracy"]["fields"]["total"]["n"] == 24
    assert answer["user"] == {"id": cast.biller1.pk, "username": "biller1", "name": "biller1", "role": "biller"}
    assert (answer["documents"], answer["judged"], answer["reviews"]) == (24, 24, 0)
    assert 57 <= answer["seconds"]["median"] <= 63
    assert answer["keystrokes"]["typed"] == 24 * 40
    assert answer["keystrokes"]["saved"] == sum(one.keystrokes_saved + 40 for one in Annotation.objects.filter(author=cast.biller1))
    assert answer["skips"] == {"total": 0, "reasons": dict.fromkeys(answer["skips"]["reasons"], 0)}
    assert [(point["documents"], point["judged"]) for point in answer["trend"]["points"]] == [(24, 24)]
    assert answer["trend"]["unit"] == "week"


def test_short_data_is_no_number(bench: Bench, cast: Cast, client_of: ClientOf) -> None:
    some_pairs(bench, cast)
    count_all()
    answer = client_of(cast.biller1).get("/api/v1/quality/me/").json()
    assert answer["accuracy"]["critical"] == {"value": None, "n": 4, "floor": 20}
    assert answer["seconds"] == {"n": 4, "floor": 20, "q1": None, "median": None, "q3": None}


def test_labelers_are_not_told_what_was_a_test_or_made_wrong(many: Bench, cast: Cast, client_of: ClientOf) -> None:
    own = client_of(cast.biller1).get("/api/v1/quality/me/").json()
    assert "sources" not in own
    assert {"accepted", "hidden", "effect"} <= set(own["anchoring"][""])
    assert not {"seeded", "natural"} & set(own["anchoring"][""])
    assert client_of(cast.biller1).get(f"/api/v1/quality/{cast.biller1.pk}/").json() == own
    seen = client_of(cast.senior).get(f"/api/v1/quality/{cast.biller1.pk}/").json()
    assert set(seen["sources"]) == {"pair", "gold_test", "onboarding"}
    assert {"seeded", "natural"} <= set(seen["anchoring"]["total"])


def test_a_biller_sees_only_themselves(many: Bench, cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.biller2)
    for person in (cast.biller1, cast.senior, cast.admin):
        assert client.get(f"/api/v1/quality/{person.pk}/").json()["code"] == "person_not_found"
    assert client.get("/api/v1/quality/999999/").status_code == 404
    for address in ("", "anchoring/", "export/"):
        assert client.get(f"/api/v1/quality/{address}").status_code == 403
    for person in (cast.senior, cast.admin):
        assert client_of(person).get(f"/api/v1/quality/{cast.biller1.pk}/").status_code == 200
        assert client_of(person).get("/api/v1/quality/999999/").status_code == 404


def test_everybody_in_the_order_of_names(many: Bench, cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.senior)
    listed = client.get("/api/v1/quality/").json()
    assert [row["user"]["username"] for row in listed["results"]] == ["biller1", "biller2", "senior"]
    assert listed["results"][0]["accuracy"]["critical"]["value"] == 0.75
    assert listed["results"][2]["accuracy"]["critical"] == {"value": None, "n": 0, "floor": 20}
    first = client.get("/api/v1/quality/?page_size=2").json()
    second = client.get(f"/api/v1/quality/?page_size=2&cursor={first['next']}").json()
    assert [row["user"]["username"] for row in first["results"] + second["results"]] == ["biller1", "biller2", "senior"]
    assert client.get("/api/v1/quality/?window=7").status_code == 400
    assert client.get("/api/v1/quality/?page_size=1000").status_code == 400


def test_mistakes_say_what_was_settled_and_why(many: Bench, cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.biller1)
    page = client.get("/api/v1/quality/me/mistakes/").json()
    assert len(page["results"]) == 6
    assert page["results"][0]["mistakes"] == [
        {
            "field": "total",
            "row": None,
            "mine": "95.00",
            "settled": "90.00",
            "cause": page["results"][0]["mistakes"][0]["cause"],
            "reason": "As printed",
        }
    ]
    assert client.get("/api/v1/quality/me/mistakes/?field=date").json()["results"] == []
    assert len(client.get("/api/v1/quality/me/mistakes/?field=total").json()["results"]) == 6
    assert client.get("/api/v1/quality/me/mistakes/?field=nothing").status_code == 400
    assert client_of(cast.biller2).get("/api/v1/quality/me/mistakes/").json()["results"] == []
    read = AuditEntry.objects.filter(action=Action.DOCUMENT_RECORD_READ, person_id=cast.biller1.pk)
    assert read.count() == 6


def test_the_meter_by_field_and_person(many: Bench, cast: Cast, client_of: ClientOf) -> None:
    LabelingTask.objects.update(seeded={})
    answer = client_of(cast.admin).get("/api/v1/quality/anchoring/?field=total").json()
    assert answer["everybody"]["total"]["wrong"] == 0
    assert [row["user"]["username"] for row in answer["results"]] == ["biller1", "biller2", "senior"]
    assert all(row["name"] == "total" for row in answer["results"])


def test_the_csv_is_recorded_and_no_formula(many: Bench, cast: Cast, client_of: ClientOf) -> None:
    User.objects.filter(pk=cast.biller1.pk).update(first_name="=HYPERLINK(1)")
    answer = client_of(cast.senior).get("/api/v1/quality/export/?window=all")
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode())))
    assert {row["user"] for row in rows} == {"biller1", "biller2", "senior"}
    assert {row["name"] for row in rows if row["user"] == "biller1"} == {"'=HYPERLINK(1)"}
    total = next(row for row in rows if (row["user"], row["measure"], row["field"]) == ("biller1", "accuracy", "total"))
    assert (total["n"], total["value"]) == ("24", "0.750000")
    assert float(total["low"]) < 0.75 < float(total["high"])
    entry = AuditEntry.objects.get(action=Action.QUALITY_EXPORTED)
    assert (entry.person_id, entry.after) == (cast.senior.pk, {"format": "csv", "window": "all"})


def test_sums_that_cannot_be_read_are_no_fault_of_a_page(many: Bench, cast: Cast, client_of: ClientOf) -> None:
    QualitySums.objects.update(sums={"resamples": 200, "seed": 7, "counts": {"documents": "?"}})
    for address in ("me/", f"{cast.biller2.pk}/", "anchoring/", ""):
        assert client_of(cast.senior).get(f"/api/v1/quality/{address}").status_code == 200
    assert client_of(cast.biller1).get("/api/v1/quality/me/").json()["accuracy"]["documents"] == 0


STATEMENTS = {"me/": 9, "{person}/": 12, "": 9, "anchoring/": 10}
"""The most that an address may cost, with the token, its use and the read in the trail (each with a savepoint)."""

MISTAKES = 12 + 3 * 10
"""A page of wrong values shows ten documents at most, and records each as read."""


def test_statements_do_not_grow_with_labels(many: Bench, cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.senior)
    found: dict[str, list[int]] = {}
    for _ in range(2):
        for address, most in STATEMENTS.items():
            with CaptureQueriesContext(connection) as seen:
                assert client.get(f"/api/v1/quality/{address.format(person=cast.biller1.pk)}").status_code == 200
            found.setdefault(address, []).append(len(seen))
            assert len(seen) <= most, (address, [query["sql"][:120] for query in seen])
        for _ in range(8):
            many.pair({cast.biller1: {"date": "2026-01-01"}, cast.biller2: {}})
        count_all()
    assert all(later <= earlier for earlier, later in found.values()), found
    with CaptureQueriesContext(connection) as seen:
        page = client_of(cast.biller1).get("/api/v1/quality/me/mistakes/").json()
    assert len(page["results"]) == 10
    assert page["next"]
    assert len(seen) <= MISTAKES
