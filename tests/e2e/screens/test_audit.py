"""The trail in the browser: searched by keyboard and choice, an entry opened, its state of the chain seen, light and dark."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from invoices.audit.sealing import seal_waiting
from invoices.audit.verifying import note, verify

if TYPE_CHECKING:
    from tests.conftest import Cast
    from tests.e2e.conftest import SignedIn


@pytest.fixture
def some(cast: Cast) -> None:
    """Sixty reads and a change of a role, sealed and verified."""
    for document in range(1, 61):
        record(Action.PAGE_READ, actor=cast.biller1, object=Target("page", f"{document}/1", document=document))
    record(
        Action.PERSON_CHANGED,
        actor=cast.admin,
        object=Target("person", cast.biller2.pk),
        before={"role": "biller", "active": True},
        after={"role": "senior", "active": True},
    )
    seal_waiting()
    note(verify())


@pytest.mark.main_job
def test_an_admin_finds_an_entry_and_what_it_changed(some: None, signed_in: SignedIn, cast: Cast) -> None:
    page = signed_in(cast.admin)
    page.goto("/queue/")
    page.locator("summary", has_text="Station").press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Policy")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Audit")).to_be_hidden()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Audit").click()
    expect(page.locator("summary.nav__station--here")).to_be_visible()
    expect(page.get_by_label("State of the chain")).to_contain_text("Verified up to entry 61")
    page.get_by_label("Action").select_option(label="Changed a role or an account")
    expect(page.locator("#audit-rows tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/audit/\?action=person\.changed$"))
    page.keyboard.press("Escape")
    page.locator(".audit__when").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Changed a role or an account")).to_be_visible()
    row = page.get_by_role("row", name="role")
    expect(row).to_contain_text("biller")
    expect(row).to_contain_text("senior")
    expect(page.get_by_label("In the chain")).to_contain_text("Fits")
    page.get_by_role("link", name="Before it").click()
    expect(page.get_by_role("heading", name="Looked at a page")).to_be_visible()


def test_the_trail_is_walked_by_page_and_by_key(some: None, signed_in: SignedIn, cast: Cast) -> None:
    page = signed_in(cast.admin)
    page.goto("/audit/?action=page.read")
    expect(page.locator("#audit-rows tbody tr")).to_have_count(50)
    page.get_by_role("link", name="Next").click()
    expect(page.locator("#audit-rows tbody tr")).to_have_count(10)
    page.locator("h1").click()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(".audit__when").nth(1)).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_label("Object")).to_be_focused()
    page.keyboard.type("document 7")
    page.keyboard.press("Enter")
    expect(page.locator("#audit-rows tbody tr")).to_have_count(1)
    expect(page.locator("#audit-rows")).to_contain_text("page 7/1")


def test_it_is_exported(some: None, signed_in: SignedIn, cast: Cast) -> None:
    page = signed_in(cast.admin)
    page.goto("/audit/?action=page.read")
    with page.expect_download() as downloading:
        page.get_by_role("link", name="CSV").click()
    path = downloading.value.path()
    assert downloading.value.suggested_filename == "audit.csv"
    assert len(path.read_text().splitlines()) == 61


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_screen_is_accessible(
    some: None, signed_in: SignedIn, cast: Cast, scheme: str, assert_accessible: Callable[[Page], None]
) -> None:
    page = signed_in(cast.admin, color_scheme=scheme)
    for address in ("/audit/", "/audit/?object=vendor+4711"):
        page.goto(address)
        assert_accessible(page)
    page.goto("/audit/?action=person.changed")
    page.locator(".audit__when").first.click()
    expect(page.get_by_role("heading", name="In the chain")).to_be_visible()
    assert_accessible(page)
