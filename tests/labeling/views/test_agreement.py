"""The screens of agreement: who sees them, what they say without data, with little and with damaged sums, and what a page costs."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from invoices.models import Vendor
from invoices.people import Role, User
from labeling.agreement.counting import count_pairs, countable
from labeling.models import Agreement, AgreementTally
from tests.conftest import Cast
from tests.labeling.agreement.frozen_pairs import Wanted, freeze, key_of, some
from tests.labeling.api.test_budgets import counting

pytestmark = pytest.mark.django_db
SCREENS = ["/agreement/", "/agreement/vendors/", "/agreement/labelers/", "/agreement/documents/"]


@pytest.fixture
def senior(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.senior)
    return client


def counted(pairs: list[Wanted]) -> list[Agreement]:
    rows = freeze(pairs)
    count_pairs(len(rows))
    return rows


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.mark.parametrize("address", SCREENS)
def test_seniors_and_admins_see_them_and_nobody_else(cast: Cast, address: str) -> None:
    counted(some([cast.biller1, cast.biller2], 3))
    for person, status in ((cast.senior, 200), (cast.admin, 200), (cast.biller1, 403), (cast.biller2, 403), (cast.outsider, 302)):
        client = Client()
        client.force_login(person)
        answer = client.get(address)
        assert answer.status_code == status
        assert status != 200 or "no-store" in answer["Cache-Control"]
        assert client.post(address).status_code in (405, 403, 302)
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize(
    "query",
    [
        "?vendor=x&pair=1-1&prefill=?&since=2026-13&until=0000-05&field=nothing&cursor=x&figure=y&q=%00",
        "?vendor=99999999999999999999&pair=3-2&since=20260-1",
        "?vendor=7&pair=3-5&prefill=both_typed&since=2026-09&until=2026-01",
        "?pair=98-99",
        "?since=2099-12&until=2099-12",
        "?cursor=WzEsMSwwXQ",
    ],
)
@pytest.mark.parametrize("address", SCREENS)
def test_any_address_works(cast: Cast, senior: Client, address: str, query: str) -> None:
    counted(some([cast.biller1, cast.biller2], 3))
    assert senior.get(address + query).status_code == 200


def test_without_a_pair_every_screen_says_what_to_do(senior: Client, cast: Cast) -> None:
    assert "No document has been labeled twice yet" in text_of(senior, "/agreement/")
    assert "No pair of any vendor yet" in text_of(senior, "/agreement/vendors/")
    assert "No two people have labeled the same document yet" in text_of(senior, "/agreement/labelers/")
    assert "Documents stand here once both of their labels are in" in text_of(senior, "/agreement/documents/")
    admin = Client()
    admin.force_login(cast.admin)
    assert 'href="/policy/"' in admin.get("/agreement/").content.decode()


def test_with_little_data_there_are_numbers_of_documents_and_no_shares(senior: Client, cast: Cast) -> None:
    counted(some([cast.biller1, cast.biller2], 7))
    told = text_of(senior, "/agreement/")
    assert "7 documents labeled by two people" in told
    assert "not enough data (7 of 20)" in told
    assert "No week has 20 documents yet" in told
    assert 'class="figure"' not in senior.get("/agreement/").content.decode()


def test_a_page_counts_a_few_pairs_and_says_how_many_are_left(senior: Client, cast: Cast) -> None:
    freeze(some([cast.biller1, cast.biller2], 50))
    told = text_of(senior, "/agreement/")
    assert "20 documents labeled by two people" in told
    assert "30 newer pairs are being counted" in told
    assert AgreementTally.objects.get(kind="all").documents == 20


def test_damaged_sums_are_a_notice_with_the_remedy(senior: Client, cast: Cast) -> None:
    vendor = Vendor.objects.create(name="Apex")
    counted([Wanted(cast.biller1, cast.biller2, vendor=vendor)])
    AgreementTally.objects.update(tally="{")
    for address in ("/agreement/", f"/agreement/?vendor={vendor.pk}", "/agreement/?since=2026-09"):
        assert "manage.py recount_agreement" in text_of(senior, address)
    for address in SCREENS[1:]:
        assert "Traceback" not in text_of(senior, address)


def test_damaged_sums_that_keep_newer_pairs_from_being_counted_are_told_on_every_screen(senior: Client, cast: Cast) -> None:
    vendor = Vendor.objects.create(name="Apex")
    counted([Wanted(cast.biller1, cast.biller2, vendor=vendor)])
    AgreementTally.objects.filter(kind="vendor").update(tally="{")
    freeze([Wanted(cast.biller1, cast.biller2, vendor=vendor)])
    for address in SCREENS:
        told = text_of(senior, address)
        assert "Newer pairs cannot be counted" in told
        assert f"vendor:{vendor.pk} cannot be read" in told
        assert "1 newer pair is being counted" in told
    assert "1 documents" not in text_of(senior, "/agreement/")


def test_of_two_people_kappa_is_named_and_of_more_alpha(senior: Client, cast: Cast) -> None:
    counted(some([cast.biller1, cast.biller2, cast.senior], 60))
    assert "Krippendorff’s alpha stands for them" in text_of(senior, "/agreement/")
    key = key_of(cast.biller1, cast.biller2)
    told = text_of(senior, f"/agreement/?pair={key}")
    assert "Cohen’s kappa stands for them" in told
    assert "Agreement: biller1 and biller2" in told


def test_numbers_lead_to_their_documents(senior: Client, cast: Cast) -> None:
    one, other = Vendor.objects.create(name="Apex"), Vendor.objects.create(name="Zenith")
    counted(
        [
            Wanted(cast.biller1, cast.biller2, (("total", "1.00"),), vendor=one),
            Wanted(cast.biller1, cast.senior, (("tax", "9.00"),), vendor=other),
            Wanted(cast.senior, cast.biller2, vendor=one),
        ]
    )
    names = dict(enumerate(Agreement.objects.order_by("pk").values_list("document__name", flat=True)))

    def shown(query: str) -> set[int]:
        told = text_of(senior, f"/agreement/documents/?{query}")
        return {number for number, name in names.items() if name in told}

    assert shown("") == {0, 1, 2}
    assert shown("field=total") == {0}
    assert shown("differing=1") == {0, 1}
    assert shown(f"vendor={one.pk}") == {0, 2}
    assert shown(f"vendor={one.pk}&differing=1") == {0}
    assert shown(f"pair={key_of(cast.senior, cast.biller2)}") == {2}
    assert shown("since=2026-09&until=2026-09") == {0, 1, 2}
    assert shown("since=2026-10") == set()
    assert shown("prefill=both_typed") == {0, 1, 2}


def test_people_are_named_in_the_order_of_their_ids_whoever_was_first(senior: Client, cast: Cast) -> None:
    counted([Wanted(cast.biller2, cast.biller1), Wanted(cast.biller1, cast.biller2)])
    told = text_of(senior, "/agreement/documents/")
    assert told.count("biller1 and biller2") >= 2
    assert "biller2 and biller1" not in told


@pytest.mark.thorough
@pytest.mark.parametrize("address", SCREENS)
def test_a_page_costs_the_same_with_few_vendors_people_and_pairs_as_with_many(senior: Client, cast: Cast, address: str) -> None:
    people = [User.objects.create_user(f"person{n}", role=Role.BILLER) for n in range(12)]
    vendors = Vendor.objects.bulk_create(Vendor(name=f"Vendor {n}", status="confirmed") for n in range(80))
    costs = []
    for count, seed in ((60, 1), (700, 2)):
        counted(some(people, count, seed=seed, vendors=vendors))
        senior.get(address)
        with counting() as run:
            body = senior.get(address).content
        costs.append((len(run.sql), len(body)))
        read = [sql for sql in run.sql if '"labeling_agreementtally"."tally"' in sql]
        assert len(read) <= (1 if address == "/agreement/" else 0), "sums are loaded of what is shown alone"
    assert costs[1][0] <= costs[0][0] <= 14, run.sql
    assert costs[1][1] < 110_000


def test_a_heat_map_of_forty_people_is_whole_and_of_more_is_cut(senior: Client, cast: Cast) -> None:
    people = [User.objects.create_user(f"person{n:02d}", role=Role.BILLER) for n in range(42)]
    counted([Wanted(one, other) for n, one in enumerate(people) for other in people[n + 1 :: 7]])
    body = senior.get("/agreement/labelers/").content.decode()
    assert body.count("heat__same") == 40
    assert "2 more stand in the list below" in body


@pytest.mark.thorough
@pytest.mark.parametrize(
    "address",
    [
        "/agreement/vendors/",
        "/agreement/labelers/",
        "/agreement/documents/",
        "/agreement/documents/?differing=1",
        "/agreement/documents/?vendor={vendor}",
        "/agreement/documents/?vendor={vendor}&differing=1",
        "/agreement/documents/?pair={pair}",
        "/agreement/documents/?pair={pair}&critical=1",
        "/agreement/documents/?prefill=both_typed",
        "/agreement/documents/?since=2026-09&until=2026-10",
    ],
)
def test_lists_walk_an_index_and_sort_nothing(senior: Client, cast: Cast, address: str) -> None:
    """So a page costs the same at 100,000 documents. Values are bound as in service: with literals SQLite plans otherwise."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL sorts small tables whatever their indexes")
    people = [cast.biller1, cast.biller2, cast.senior]
    vendors = Vendor.objects.bulk_create(Vendor(name=f"Vendor {n}", status="confirmed") for n in range(3))
    counted(some(people, 150, vendors=vendors))
    run: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "LIMIT 31" in sql:
            run.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        assert senior.get(address.format(vendor=vendors[0].pk, pair=key_of(cast.biller1, cast.biller2))).status_code == 200
    ((sql, params),) = run
    with connection.cursor() as explained:
        explained.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        plan = str(explained.fetchall())
    assert "TEMP B-TREE" not in plan, plan
    assert "SCAN labeling_agreement" not in plan or "USING INDEX" in plan, plan


def test_waiting_pairs_are_found_by_an_index_of_waiting_pairs_alone(cast: Cast) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL reads small tables whatever their indexes")
    counted(some([cast.biller1, cast.biller2], 60))
    plan = str(countable().order_by("pk")[:5].explain())
    assert "agreement_waiting" in plan, plan
