"""People, passwords and error pages in the browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from tests.conftest import Cast
    from tests.e2e.conftest import SignedIn


@pytest.mark.main_job
def test_an_admin_makes_an_account_that_signs_in(signed_in: SignedIn, new_page: Callable[..., Page], cast: Cast) -> None:
    admin = signed_in(cast.admin)
    admin.goto("/people/")
    admin.get_by_label("User name").fill("biller1")
    admin.get_by_label("Name", exact=True).fill("Nora Diaz")
    admin.get_by_role("button", name="Make the account").click()
    expect(admin.get_by_role("alert")).to_contain_text("There is an account biller1 already")
    admin.get_by_label("User name").fill("nora")
    expect(admin.get_by_label("Name", exact=True)).to_have_value("Nora Diaz")
    admin.get_by_role("button", name="Make the account").click()
    password = admin.locator(".people__password").inner_text()
    page = new_page()
    page.goto("/sign-in/")
    page.get_by_label("User name").fill("nora")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Choose your password")).to_be_visible()
    page.get_by_label("Present password").fill(password)
    for label in ("New password", "New password again"):
        page.get_by_label(label, exact=True).fill("nobody else knows this one")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("heading", name="Choose your password")).to_have_count(0)


def test_an_account_is_switched_off_and_on(signed_in: SignedIn, cast: Cast) -> None:
    page = signed_in(cast.admin)
    page.goto("/people/")
    expect(page.get_by_role("button", name=f"Switch {cast.admin.username} off")).to_have_count(0)
    page.get_by_role("button", name="Switch biller2 off").click()
    expect(page.get_by_role("status").first).to_contain_text("biller2 has the role Biller and is switched off.")
    cast.biller2.refresh_from_db()
    assert not cast.biller2.is_active
    page.get_by_role("button", name="Switch biller2 on").click()
    expect(page.get_by_role("button", name="Switch biller2 off")).to_be_visible()
    page.get_by_label("Role of biller2", exact=True).select_option("senior")
    page.get_by_role("button", name="Save the role of biller2").click()
    expect(page.get_by_role("status").first).to_contain_text("biller2 has the role Senior biller.")
    cast.biller2.refresh_from_db()
    assert (cast.biller2.role, cast.biller2.is_active) == ("senior", True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_people_passwords_and_errors_are_accessible(
    signed_in: SignedIn, cast: Cast, scheme: str, assert_accessible: Callable[[Page], None]
) -> None:
    page = signed_in(cast.admin, color_scheme=scheme)
    for address in ("/people/", "/health/", "/password/", "/nowhere/", "/documents/4711/"):
        page.goto(address)
        assert_accessible(page)
    page.goto("/people/")
    for menu in page.locator("details.menu summary").all():
        menu.click()
        assert_accessible(page)
