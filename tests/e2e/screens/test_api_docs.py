"""The browser for the API: it loads under the content security policy and shows what the schema says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from tests.conftest import Cast
    from tests.e2e.conftest import SignedIn


def test_the_api_can_be_looked_through_by_who_is_signed_in(signed_in: SignedIn, browser_page: Page, cast: Cast) -> None:
    browser_page.goto("/api/docs/")
    expect(browser_page.get_by_role("heading", name="Sign in")).to_be_visible()
    page = signed_in(cast.biller1)
    page.goto("/api/docs/")
    expect(page.get_by_role("heading", name="Countersign")).to_be_visible()
    expect(page.get_by_role("link", name="/api/v1/adjudications/", exact=True)).to_be_visible()  # it draws what is in sight alone
    schema = page.request.get("/api/schema/")
    assert (schema.status, "/api/v1/tasks/claim/:" in schema.text()) == (200, True)
