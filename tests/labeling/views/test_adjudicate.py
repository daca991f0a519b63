"""The list of adjudications and the guidelines as pages: who may, bounded statements, hostile text."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from labeling.models import Guideline, GuidelineRead, Ruling

pytestmark = pytest.mark.django_db
CANARY = '"><script>alert(1)</script>'


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("address", ["/adjudicate/", "/adjudicate/1/", "/adjudications/"])
def test_adjudicating_is_for_seniors_and_admins(cast: Any, address: str) -> None:
    found = {role: signed_in(getattr(cast, role)).get(address).status_code for role in ("biller1", "senior", "admin")}
    assert found == {"biller1": 403, "senior": 200, "admin": 200}
    assert Client().get(address).status_code == 302


def test_the_frame_of_the_screen_says_nothing_about_a_case(cast: Any, make_pair: Any) -> None:
    pair = make_pair({"vendor.name": CANARY})
    page = signed_in(cast.senior).get(f"/adjudicate/{pair.adjudication.pk}/").content.decode()
    assert "biller1" not in page
    assert CANARY not in page


def test_the_list_costs_the_same_for_few_and_many(cast: Any, make_pair: Any) -> None:
    client = signed_in(cast.senior)
    counts = []
    for _ in range(2):
        for n in range(6):
            make_pair({"vendor.name": CANARY, "total": f"{n}.00"})
        client.get("/adjudications/")
        with CaptureQueriesContext(connection) as found:
            page = client.get("/adjudications/").content.decode()
        counts.append(len(found))
    assert counts[0] == counts[1] <= 11
    assert page.count("<tr>") == 13
    assert CANARY not in page
    assert "12 for you" in page


def test_the_queue_leads_an_adjudication_to_its_own_screen(cast: Any, make_pair: Any) -> None:
    pair = make_pair()
    assert f'href="/adjudicate/{pair.adjudication.pk}/"' in signed_in(cast.senior).get("/queue/").content.decode()


def test_only_seniors_write_a_guideline(cast: Any) -> None:
    body = {"text": f"Hello {CANARY}", "version": "0"}
    assert signed_in(cast.biller1).post("/guidelines/total/", body).status_code == 403
    assert signed_in(cast.senior).post("/guidelines/total/", body).status_code == 302
    assert signed_in(cast.senior).get("/guidelines/colour/").status_code == 404
    page = signed_in(cast.biller1).get("/guidelines/total/").content.decode()
    assert CANARY not in page
    assert "Save as version" not in page


def test_a_version_written_meanwhile_is_not_lost(cast: Any) -> None:
    senior = signed_in(cast.senior)
    senior.post("/guidelines/total/", {"text": "First", "version": "0"})
    refused = senior.post("/guidelines/total/", {"text": "Mine", "version": "0"})
    assert refused.status_code == 409
    page = refused.content.decode()
    assert "Mine</textarea>" in page
    assert "Save as version 2" in page
    senior.post("/guidelines/total/", {"text": "Mine", "version": "1"})
    history = senior.get("/guidelines/total/").content.decode()
    assert "changes__line--removed" in history
    assert "changes__line--added" in history
    assert [guideline.text for guideline in Guideline.objects.order_by("version")] == ["First\n", "Mine\n"]


def test_a_ruling_is_brought_along_and_looking_counts_as_reading(cast: Any) -> None:
    ruling = Ruling.objects.create(field="total", cause="guideline", choice="a", value="95.00", reason="Amount due", author=cast.senior)
    senior = signed_in(cast.senior)
    assert "- `95.00`. Amount due" in senior.get(f"/guidelines/total/?ruling={ruling.pk}").content.decode()
    senior.post("/guidelines/total/", {"text": "The amount due", "version": "0", "ruling": str(ruling.pk)})
    ruling.refresh_from_db()
    assert ruling.guideline == Guideline.objects.get()
    biller = signed_in(cast.biller1)
    assert "New since you last looked" in biller.get("/guidelines/").content.decode()
    assert "New since you last looked" not in biller.get("/guidelines/").content.decode()
    assert GuidelineRead.objects.filter(user=cast.biller1, last=Guideline.objects.get()).exists()
