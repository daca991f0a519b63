"""The dashboard in a real browser: what it says, the range, the tables behind the charts, where it leads, keyboard, dark mode."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from django.conf import LazySettings
from playwright.sync_api import Page, expect

from labeling.models import LabelingTask, TaskKind
from modelops.dashboard import station
from modelops.dashboard.drawings import CHARTS
from modelops.dashboard.station import Station
from tests.modelops.dashboard.filler import fill

if TYPE_CHECKING:
    from tests.conftest import Cast
    from tests.e2e.conftest import SignedIn


@pytest.fixture
def healthy() -> Iterator[None]:
    """No process runs in a test; here they are said to be well."""
    before = list(station._looks)
    station.register(lambda: Station((), 3, 5, 2, 40))
    yield
    station._looks[:] = before


@pytest.fixture
def months(cast: Cast, healthy: None, settings: LazySettings) -> None:
    """Some months of a model's life; no setting says what serves."""
    settings.MODEL = ""
    fill(days=60, vendors=4, per_day=5, by=cast.admin)


@pytest.mark.main_job
def test_an_admin_sees_how_it_is_and_changes_the_range(
    cast: Cast, months: None, signed_in: SignedIn, assert_accessible: Callable[[Page], None]
) -> None:
    page = signed_in(cast.admin, viewport={"width": 1440, "height": 900})
    page.goto("/")
    page.locator("summary").filter(has_text="Models").click()
    page.get_by_role("navigation", name="Models").get_by_role("link", name="Dashboard").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dashboard")
    expect(page.get_by_role("region", name="Health")).to_contain_text("No problem, 2 alerts")
    accuracy = page.get_by_role("region", name="Accuracy", exact=True).first
    expect(accuracy).to_contain_text("%")
    for name in CHARTS:
        expect(page.locator(f"#chart-{name} svg").first).to_be_visible()
    assert_accessible(page)
    before = accuracy.inner_text()
    page.get_by_role("navigation", name="Days that are shown").get_by_role("link", name="30 days").click()
    expect(page).to_have_url("/dashboard/?days=30")
    expect(page.get_by_role("link", name="30 days")).to_have_attribute("aria-current", "true")
    assert accuracy.inner_text() != before, "fewer days, fewer documents"
    page.reload()
    expect(page.get_by_role("link", name="30 days")).to_have_attribute("aria-current", "true")


def test_behind_every_chart_is_its_table_and_its_file(cast: Cast, months: None, signed_in: SignedIn) -> None:
    page = signed_in(cast.admin)
    page.goto("/dashboard/")
    for name in CHARTS:
        figure = page.locator(f"#chart-{name}")
        figure.locator("summary").click()
        expect(figure.get_by_role("table").first).to_be_visible()
        with page.expect_download() as download:
            figure.get_by_role("link", name="As CSV").click()
        assert download.value.suggested_filename.startswith(f"{name}-90-days-")
    vendors = page.get_by_role("table", name="By vendor")
    expect(vendors.get_by_role("row")).to_have_count(1 + 4)
    marked = page.locator("#chart-accuracy").get_by_role("table", name="What is marked")
    expect(marked.get_by_role("row")).to_have_count(1 + 2)


def test_the_keyboard_reaches_what_is_to_be_done(cast: Cast, months: None, signed_in: SignedIn) -> None:
    page = signed_in(cast.admin)
    page.goto("/dashboard/")
    todo = page.get_by_role("region", name="What to do next")
    todo.get_by_role("link", name="Adjudicate 12 documents").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url("/adjudications/")
    page.go_back()
    page.locator("#chart-accuracy summary").focus()
    page.keyboard.press("Enter")
    table = page.get_by_role("region", name="Accuracy", exact=True).last
    expect(table).to_be_visible()
    page.keyboard.press("Tab")
    expect(table).to_be_focused()
    assert LabelingTask.objects.filter(kind=TaskKind.ADJUDICATE, state="open").count() == 12, "looking changes nothing"


def test_it_is_readable_in_the_dark_and_in_a_narrow_window(
    cast: Cast, months: None, signed_in: SignedIn, assert_accessible: Callable[[Page], None]
) -> None:
    page = signed_in(cast.admin, color_scheme="dark", viewport={"width": 720, "height": 900})
    page.goto("/dashboard/")
    expect(page.locator("#chart-vendors")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing is wider than the window"
    assert page.evaluate("getComputedStyle(document.body).color") != page.evaluate(
        "getComputedStyle(document.documentElement).backgroundColor"
    )
    assert_accessible(page)


def test_an_empty_station_says_what_to_do_first(cast: Cast, signed_in: SignedIn, assert_accessible: Callable[[Page], None]) -> None:
    page = signed_in(cast.admin)
    page.goto("/dashboard/")
    expect(page.get_by_role("region", name="Accuracy", exact=True)).to_contain_text("Not known yet")
    page.get_by_role("link", name="Send in the first documents").click()
    expect(page).to_have_url("/documents/")
    page.go_back()
    assert_accessible(page)


def test_who_is_no_admin_is_told_so(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.senior)
    answer = page.goto("/dashboard/")
    assert answer is not None
    assert answer.status == 403
    expect(page.get_by_role("main")).to_contain_text("needs the role admin")
