"""The page as an admin gets it: what it says, what it links, what it costs, and its files."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from invoices.models import Vendor
from labeling.models import LabelingTask, TaskKind
from modelops.dashboard import station
from modelops.dashboard.drawings import CHARTS
from modelops.dashboard.periods import Window
from modelops.dashboard.sheets import SHEETS
from modelops.dashboard.station import Station, look_at_station
from modelops.models import Alert, DailyMetric, Deployment, ModelVersion
from modelops.selectors import models_standing
from modelops.selectors.dashboard import board_of, dashboard
from modelops.selectors.waiting import waiting_lines
from tests.conftest import Cast
from tests.modelops.dashboard.filler import NAMES, fill

pytestmark = pytest.mark.django_db

MOST_STATEMENTS = 52
"""Of the page: some 35 of its own, the others of the processes' health, the session and the menu."""

MOST_BYTES = 180_000


@pytest.fixture(autouse=True)
def deployments_decide(settings: LazySettings) -> None:
    """No setting says what serves."""
    settings.MODEL = ""


@pytest.fixture
def admin(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.admin)
    return client


@pytest.fixture
def calm_station() -> Iterator[None]:
    """A station that is well; afterwards the real look is back."""
    before = list(station._looks)
    station.register(lambda: Station((), 3, 5, 2, 0))
    yield
    station._looks[:] = before


def page(client: Client, query: str = "") -> str:
    answer = client.get(f"/dashboard/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_nothing_yet_says_what_to_do(admin: Client) -> None:
    found = page(admin)
    assert "Send in the first documents" in found
    assert "Not known yet" in found
    assert "20 documents make it known" in found
    assert "No model has been promoted yet." in found
    assert found.count('class="chart__empty"') == len(CHARTS)
    assert '<svg class="chart__drawing"' not in found


def test_much_is_told_in_one_page(admin: Client, cast: Cast, calm_station: None) -> None:
    fill(days=120, by=cast.admin)
    found = page(admin)
    for words in (
        "No problem, 2 alerts",
        "Runs, with alerts",
        "Promote model 3, or dismiss it",
        "Adjudicate 12 documents",
        "Confirm a proposed training run",
        "Model 2 after model 1",
        '40 <span class="tile__between">tasks</span>',
    ):
        assert words in found, words
    assert found.count('class="chart__behind"') == len(CHARTS), "a table behind every chart"
    assert all(f'id="chart-{name}"' in found for name in CHARTS)
    assert " style=" not in found
    assert len(found) < MOST_BYTES
    assert len(page(admin, "?days=365")) < MOST_BYTES


def test_any_range_in_the_address_works(admin: Client, cast: Cast) -> None:
    fill(days=40, vendors=2, per_day=2)
    for query, days in (("?days=30", 30), ("?days=365", 365), ("?days=7", 90), ("?days=%00", 90), ("?days=9" + "9" * 400, 90)):
        assert f'aria-current="true">{days} days' in page(admin, query)


@pytest.mark.thorough
def test_the_work_does_not_grow_with_what_is_stored(admin: Client, cast: Cast) -> None:
    fill(days=3, vendors=1, per_day=1)
    page(admin)
    with CaptureQueriesContext(connection) as few:
        page(admin, "?days=365")
    Vendor.objects.all().update(status="merged")
    DailyMetric.objects.all().delete()
    for number in range(12):
        Alert.objects.create(
            kind="job_dead", key=f"x{number}", severity="info", title="t", sentence="s", first_seen=timezone.now(), last_seen=timezone.now()
        )
    for number in range(20, 60):
        ModelVersion.objects.create(number=number, model_id=f"m{number}", origin="trained", folder=str(number))
    many_days(200, 60)
    with CaptureQueriesContext(connection) as many:
        found = page(admin, "?days=365")
    assert len(many) <= len(few), [query["sql"][:120] for query in many.captured_queries]
    assert len(many) <= MOST_STATEMENTS
    assert len(found) < MOST_BYTES


def many_days(days: int, vendors: int) -> None:
    """Rows of so many days of so many vendors."""
    made = Vendor.objects.bulk_create(Vendor(name=f"Vendor {number}", status="confirmed") for number in range(vendors))
    bins, strata = (
        [[5, 2, 2]] * 20,
        {"documents": [2, 1], "values": [36, 35], "squares": [648, 630, 613], "fields": {}, "bins": [[2, 2, 19_000]] * 20},
    )
    today = timezone.now().date()
    counts = {"judged_values": 36, "right_values": 35, "judged_documents": 2, "right_documents": 1, "read_review": 2, "received": 2}
    DailyMetric.objects.bulk_create(
        DailyMetric(
            day=today - dt.timedelta(days=day), vendor=vendor, strata={"seen": strata}, confidence=bins, counted_at=timezone.now(), **counts
        )
        for day in range(days)
        for vendor in (None, *made)
    )


def test_each_chart_is_a_file_with_the_exact_numbers(admin: Client, cast: Cast) -> None:
    fill(days=40, vendors=3, per_day=4)
    Vendor.objects.filter(name=NAMES[0]).update(name='=HYPERLINK("x")')
    assert set(SHEETS) == set(CHARTS)
    for name, (head, _) in SHEETS.items():
        answer = admin.get("/dashboard/chart.csv", {"name": name, "days": "30"})
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        assert answer["Cache-Control"] == "private, no-store"
        rows = list(csv.reader(io.StringIO(answer.content.decode())))
        assert rows[0] == list(head)
        assert len(rows) > 1, name
        assert all(len(row) == len(head) for row in rows)
    vendors = {row[1]: row for row in csv.reader(io.StringIO(admin.get("/dashboard/chart.csv?name=vendors").content.decode()))}
    assert '\'=HYPERLINK("x")' in vendors, "no spreadsheet takes a name for a formula"
    assert admin.get("/dashboard/chart.csv?name=secrets").status_code == 404


def test_a_page_that_does_not_exist_is_not_linked(admin: Client, cast: Cast, calm_station: None) -> None:
    fill(days=30, vendors=2, per_day=3)
    found = page(admin)
    links = set(links_of(found))
    for link in links:
        assert admin.get(link.replace("&amp;", "&")).status_code in (200, 302), link
    assert {"/health/", "/review/", "/adjudications/"} <= {link.partition("?")[0] for link in links}


def links_of(found: str) -> list[str]:
    return re.findall(r'<a [^>]*href="(/[^"]*)"', found[found.index('id="main"') :])


def test_the_processes_say_how_they_are(cast: Cast) -> None:
    found = look_at_station()
    assert found is not None, "the process registers the real look"
    assert any("scheduler" in problem for problem in found.problems), "nothing runs in a test"
    assert found.workers == 0


def test_without_a_look_health_is_not_known(admin: Client) -> None:
    before = list(station._looks)
    station._looks.clear()
    try:
        assert "Nobody looked" in page(admin)
    finally:
        station._looks[:] = before


def test_only_admins_see_it(cast: Cast) -> None:
    for person, status in ((cast.biller1, 403), (cast.senior, 403), (cast.admin, 200)):
        client = Client()
        client.force_login(person)
        assert client.get("/dashboard/").status_code == status
        assert client.get("/dashboard/chart.csv").status_code == status
    assert Client().get("/dashboard/").status_code == 302


def test_lines_count_the_open_tasks_of_a_kind_and_the_age_of_the_oldest(cast: Cast) -> None:
    fill(days=2, vendors=1, per_day=1)
    with CaptureQueriesContext(connection) as statements:
        found = {line.kind: line for line in waiting_lines()}
    assert len(statements) == 3
    assert {kind: line.count for kind, line in found.items()} == {"label": 14, "second_label": 3, "review": 9, "adjudicate": 12, "audit": 2}
    assert 36 * 3600 < found["adjudicate"].oldest_seconds < 37 * 3600
    LabelingTask.objects.filter(kind=TaskKind.ADJUDICATE).update(state="done")
    assert {line.kind: (line.count, line.oldest_seconds) for line in waiting_lines()}["adjudicate"] == (0, 0)


def test_vendors_of_the_ranking_are_those_with_the_most_wrong_values(cast: Cast) -> None:
    many_days(2, 25)
    worst = Vendor.objects.get(name="Vendor 17")
    DailyMetric.objects.filter(vendor=worst).update(right_values=10)
    board = board_of(Window(30, timezone.now().date()), {})
    assert len(board.vendors) == 10
    assert board.vendors[0].pk == worst.pk


def test_a_model_counts_what_it_has_read_and_a_canary_is_decided_about(cast: Cast) -> None:
    fill(days=30, vendors=1, per_day=1)
    model = ModelVersion.objects.get(number=3)
    result = model.gate_results.get()
    deployment = Deployment.objects.create(slot="canary", kind="canary", model=model, share=10, result=result)
    canary = models_standing.canary_of(deployment)
    assert canary is not None
    assert (canary.number, canary.share, canary.read) == (3, 10, 0)
    found = dashboard(Window(30, timezone.now().date()), {}, None)
    assert found.facts.canary == canary
    assert [candidate.passed for candidate in found.facts.candidates] == [True]
    assert any(each.label == "Canary: model 3, 10 %" for each in found.board.deployed)


def test_a_verdict_against_another_champion_counts_for_nothing(cast: Cast) -> None:
    fill(days=30, vendors=1, per_day=1)
    assert [candidate.passed for candidate in models_standing.candidates()] == [True]
    ModelVersion.objects.filter(state="champion").update(state="retired")
    assert [candidate.passed for candidate in models_standing.candidates()] == [None]


def test_what_a_setting_fixes_is_said_to_be_fixed(admin: Client, cast: Cast, settings: LazySettings) -> None:
    fill(days=30, vendors=1, per_day=1)
    settings.MODEL = "none"
    found = page(admin)
    assert '<p class="tile__value tile__value--words">Templates alone</p>' in found
    assert "by COUNTERSIGN_MODEL" in found
    assert "so no deployment changed it" in found
