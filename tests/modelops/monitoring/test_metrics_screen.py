"""The metrics screen: whatever stands in the address, it answers; statements do not grow; roles."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from invoices.models import Vendor
from modelops.models import Deployment, ModelVersion
from modelops.monitoring.counting import count_newer
from tests.conftest import Cast
from tests.modelops.monitoring.days import come_in, label_and_settle, passes, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def counted(cast: Cast) -> Vendor:
    """Yesterday: one document read rightly, one wrongly."""
    vendor, yesterday = Vendor.objects.create(name="Apex <Infusion>"), timezone.now() - timedelta(days=1)
    for total in ("90.00", "91.00"):
        document = come_in(yesterday, vendor)
        read(document, yesterday, total=total)
        label_and_settle(document, yesterday, cast.biller1)
    count_newer()
    return vendor


def test_a_station_without_numbers_says_how_they_come(admin: Client) -> None:
    page = admin.get("/monitoring/")
    assert "No day has been counted yet" in page.text
    assert "Nothing is known of this day" in admin.get("/monitoring/2026-03-01/").text


def test_days_and_a_vendor_are_shown(admin: Client, counted: Vendor) -> None:
    page = admin.get(f"/monitoring/?vendor={counted.pk}").text
    assert "Metrics: Apex &lt;Infusion&gt;" in page
    assert "50.0 %" in page
    assert "too few to say much" in page
    day = admin.get(f"/monitoring/{(timezone.now() - timedelta(days=1)).date()}/?show=wrong").text
    assert "19 of 20" in day
    assert "Apex &lt;Infusion&gt;" in day


@pytest.mark.parametrize(
    ("query", "status", "told"),
    [
        ("?from=2026-02-30", 200, "is no day; the last 30 days are shown"),
        ("?from=2026-03-05&to=2026-03-01", 200, "give the earlier day first"),
        ("?from=1999-01-01&to=2026-03-01", 200, "ask for 400 at most"),
        ("?from=0001-01-01&to=0001-01-02", 200, "Nothing is known of these days"),
        ("?from=9999-12-31&to=9999-12-31", 200, "Nothing is known of these days"),
        ("?vendor=999999", 404, ""),
        ("?vendor=x", 404, ""),
        ("?vendor=-1", 404, ""),
        ("2026-02-30/", 404, ""),
        ("9999-12-31/", 404, ""),
        ("2026-03-01/?show=nonsense&cursor=nonsense", 200, "Nothing is known of this day"),
    ],
)
def test_any_address_is_answered(admin: Client, counted: Vendor, query: str, status: int, told: str) -> None:
    answer = admin.get(f"/monitoring/{query}")
    assert answer.status_code == status
    assert told in answer.text


def test_what_serves_since_then_is_marked(admin: Client, counted: Vendor) -> None:
    model = ModelVersion.objects.create(number=4, model_id="adapter-4", origin="shipped", folder="m")
    Deployment.objects.create(kind=Deployment.Kind.FIRST, model=model)
    assert "Model 4" in admin.get("/monitoring/").text


def test_what_was_not_checked_is_not_known(admin: Client, counted: Vendor) -> None:
    document = come_in(timezone.now(), counted)
    read(document, timezone.now(), route="accepted")
    passes(document, timezone.now(), drawn=False)
    count_newer()
    page = admin.get("/monitoring/").text
    assert "How right everything is, is not known." in page
    assert "none of them was checked" in page


@pytest.mark.thorough
def test_a_page_costs_as_many_statements_however_much_there_is(admin: Client, cast: Cast) -> None:
    spent = []
    for count in (2, 12):
        for number in range(count):
            came = timezone.now() - timedelta(days=number + 1)
            document = come_in(came, Vendor.objects.create(name=f"Vendor {count} {number}"))
            read(document, came)
            label_and_settle(document, came, cast.biller1)
        count_newer()
        own = []
        for address in ("/monitoring/", f"/monitoring/{(timezone.now() - timedelta(days=1)).date()}/"):
            admin.get(address)
            with CaptureQueriesContext(connection) as captured:
                admin.get(address)
            own.append(len(captured))
        spent.append(own)
    assert spent[0] == spent[1]
    assert max(spent[1]) <= 30


def test_it_is_the_admins(client: Client, cast: Cast, counted: Vendor) -> None:
    for user in (cast.biller1, cast.senior):
        client.force_login(user)
        for address in ("/monitoring/", "/monitoring/2026-03-01/"):
            assert client.get(address).status_code == 403
