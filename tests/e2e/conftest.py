"""The browser of the e2e tests: real Chromium against a live server, and the cast that signs in.

``signed_in(user)`` opens a page of its own browser context, so two people in one test never share cookies.
Every page is watched: a script error or a breach of the content security policy fails the test.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from invoices.people import User

if TYPE_CHECKING:
    from tests.conftest import Cast

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
"""Playwright's synchronous interface keeps an event loop in this thread; the ORM calls of the tests are not inside of it."""

PASSWORD = "open sesame 417"
PATIENCE_MS = 30_000
"""How long an expectation may take; generous, because the browser shares its machine with everything else that is tested."""

CHROMIUM = os.environ.get("COUNTERSIGN_TEST_CHROMIUM", "/usr/bin/chromium")
CHROMIUM_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives the browser, and what is no main job of a role is thorough."""
    for item in items:
        if "tests/e2e/" in item.path.as_posix():
            item.add_marker(pytest.mark.e2e)
            if not item.get_closest_marker("main_job"):
                item.add_marker(pytest.mark.thorough)


class SignedIn(Protocol):
    """Opens a page for a person; keyword arguments go to the browser context (``viewport``, ``color_scheme``, ...)."""

    def __call__(self, user: User, **context: Any) -> Page: ...


@pytest.fixture
def cast(transactional_db: None, cast: Cast) -> Cast:
    """The fixed cast, everybody with the password ``PASSWORD``, so that they can use the sign-in form."""
    for user in (cast.biller1, cast.biller2, cast.senior, cast.admin, cast.outsider):
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
    return cast


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole run."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def new_page(chromium: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    """Makes pages, each in a context of its own, 1366x768 unless told; fails the test on script errors afterwards."""
    faults: list[str] = []
    contexts = []

    def note_console(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Content-Security-Policy" in message.text:
            faults.append(message.text)

    def make(**context: Any) -> Page:
        options = {"base_url": live_server.url, "viewport": {"width": 1366, "height": 768}, "reduced_motion": "reduce"} | context
        browser_context = chromium.new_context(**options)
        contexts.append(browser_context)
        page = browser_context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", note_console)
        return page

    yield make
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def browser_page(new_page: Callable[..., Page]) -> Page:
    """One page of somebody who is not signed in."""
    return new_page()


@pytest.fixture
def signed_in(new_page: Callable[..., Page], live_server: LiveServer) -> SignedIn:
    """A page with the session of a person, without going through the sign-in form."""

    def open_page(user: User, **context: Any) -> Page:
        client = Client()
        client.force_login(user)
        page = new_page(**context)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        return page

    return open_page


@pytest.fixture
def assert_accessible() -> Callable[[Page], None]:
    """Runs axe-core on a page and fails on any serious or critical violation."""
    axe = Axe()

    def check(page: Page) -> None:
        violations = axe.run(page).response["violations"]
        serious = [
            f"{v['id']}: {v['help']} -> {[node['html'][:160] for node in v['nodes'][:4]]}"
            for v in violations
            if v["impact"] in ("serious", "critical")
        ]
        assert serious == [], "\n".join(serious)

    return check
