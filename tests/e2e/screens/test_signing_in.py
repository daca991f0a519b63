"""Signing in and out in the browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from tests.conftest import Cast

PASSWORD = "open sesame 417"


def sign_in(page: Page, name: str, password: str) -> None:
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


@pytest.mark.main_job
def test_a_person_signs_in_lands_where_they_wanted_and_signs_out(browser_page: Page, cast: Cast) -> None:
    browser_page.goto("/vendors/?q=north")
    expect(browser_page).to_have_url(re.compile(r"/sign-in/\?next=/vendors/%3Fq%3Dnorth"))
    sign_in(browser_page, cast.biller1.username, PASSWORD)
    expect(browser_page).to_have_url(re.compile(r"/vendors/\?q=north$"))
    browser_page.get_by_text(cast.biller1.username).first.click()
    browser_page.get_by_role("button", name="Sign out").click()
    expect(browser_page.get_by_role("heading", name="Sign in")).to_be_visible()
    browser_page.go_back()
    expect(browser_page.get_by_role("heading", name="Sign in")).to_be_visible()
    browser_page.goto("/vendors/")
    expect(browser_page.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.parametrize("name", ["biller1", "outsider", "nobody"])
def test_a_wrong_password_is_refused_in_words_and_keeps_the_name(browser_page: Page, cast: Cast, name: str) -> None:
    browser_page.goto("/sign-in/")
    sign_in(browser_page, name, PASSWORD if name == "outsider" else "wrong")
    expect(browser_page.get_by_role("alert")).to_contain_text("do not match")
    expect(browser_page.get_by_label("User name")).to_have_value(name)
    expect(browser_page.get_by_label("User name")).to_have_attribute("aria-invalid", "true")


def test_next_on_another_host_is_not_followed(browser_page: Page, cast: Cast) -> None:
    browser_page.goto("/sign-in/?next=https://example.org/documents/")
    sign_in(browser_page, cast.senior.username, PASSWORD)
    browser_page.wait_for_url(re.compile(r"^http://(127\.0\.0\.1|localhost)"))
    assert "example.org" not in browser_page.url


def test_who_was_idle_is_told_so(browser_page: Page, cast: Cast, assert_accessible: Callable[[Page], None]) -> None:
    browser_page.goto("/sign-in/?idle=1&next=/queue/")
    expect(browser_page.get_by_role("status").first).to_contain_text("15 minutes without activity")
    assert_accessible(browser_page)
    sign_in(browser_page, cast.biller2.username, PASSWORD)
    expect(browser_page).to_have_url(re.compile(r"/queue/$"))


def test_an_idle_page_signs_itself_out(new_page: Callable[..., Page], cast: Cast) -> None:
    page = new_page()
    page.clock.install()
    page.goto("/sign-in/?next=/vendors/")
    sign_in(page, cast.biller1.username, PASSWORD)
    expect(page.get_by_role("heading", name="Vendors", exact=True)).to_be_visible()
    page.wait_for_load_state("networkidle")  # the watch starts with the page's script, after the heading is there
    page.clock.fast_forward(15 * 60 * 1000 + 6000)
    expect(page).to_have_url(re.compile(r"/sign-in/\?idle=1&next=%2Fvendors%2F"))
    page.goto("/vendors/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_the_theme_is_kept_for_the_person(browser_page: Page, cast: Cast) -> None:
    browser_page.goto("/sign-in/?next=/vendors/")
    sign_in(browser_page, cast.biller1.username, PASSWORD)
    browser_page.get_by_text(cast.biller1.username).first.click()
    with browser_page.expect_response(lambda response: response.url.endswith("/api/v1/me/") and response.status == 200):
        browser_page.get_by_text("Dark", exact=True).click()
    expect(browser_page.locator("html")).to_have_attribute("data-theme", "dark")
    browser_page.reload()
    expect(browser_page.locator("html")).to_have_attribute("data-theme", "dark")
    cast.biller1.refresh_from_db()
    assert cast.biller1.preferences["theme"] == "dark"
