"""Automatic logoff, brute force, request ids, content security policy: through real requests."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from config import session_age
from config.request_log import JsonFormatter
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

API = "/api/v1/tasks/"


class Clock:
    """Stands in for the clock of the middleware."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def time(self) -> float:
        """Seconds."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that only moves when told."""
    made = Clock()
    monkeypatch.setattr(session_age, "time", made)
    return made


@pytest.fixture
def biller(client: Client, cast: Cast) -> Client:
    """A signed-in biller."""
    client.force_login(cast.biller1)
    return client


def status(client: Client, **headers: str) -> int:
    return int(client.get(API, headers=headers).status_code)


def test_a_session_past_its_end_and_a_closed_account_are_nobody(biller: Client, cast: Cast) -> None:
    assert status(biller) == 200
    end = Session.objects.get().expire_date
    Session.objects.update(expire_date=timezone.now())
    assert status(biller) == 401
    Session.objects.update(expire_date=end)
    biller.cookies[settings.SESSION_COOKIE_NAME] = Session.objects.get().session_key
    assert status(biller) == 200
    cast.biller1.is_active = False
    cast.biller1.save()
    assert status(biller) == 401


def test_activity_keeps_a_session_alive_until_its_absolute_end(biller: Client, clock: Clock, settings: Settings) -> None:
    assert status(biller) == 200
    for _ in range(int(settings.SESSION_ABSOLUTE_SECONDS / 600)):
        assert status(biller) == 200
        clock.now += 600
    clock.now += 60
    assert status(biller) in (401, 403)


def test_an_idle_session_ends(biller: Client, clock: Clock, settings: Settings) -> None:
    assert status(biller) == 200
    clock.now += settings.SESSION_IDLE_SECONDS + 1
    assert status(biller) in (401, 403)


def test_what_the_page_does_on_its_own_is_no_activity(biller: Client, clock: Clock, settings: Settings) -> None:
    assert status(biller) == 200
    clock.now += settings.SESSION_IDLE_SECONDS - 10
    assert status(biller, **{session_age.BACKGROUND_HEADER: "1"}) == 200
    clock.now += 20
    assert status(biller) in (401, 403)


def test_sign_in_closes_after_wrong_passwords(client: Client, cast: Cast, settings: Settings) -> None:
    settings.AXES_ENABLED = True
    cast.biller1.set_password("the right one 17")
    cast.biller1.save()
    attempt = {"username": "biller1", "password": "wrong"}
    for _ in range(settings.AXES_FAILURE_LIMIT):
        client.post("/sign-in/", attempt)
    assert client.post("/sign-in/", attempt | {"password": "the right one 17"}).status_code == 429


def test_every_answer_has_an_id_and_a_policy_without_inline_script(client: Client) -> None:
    answer = client.get("/sign-in/", headers={"X-Request-ID": "from-the-proxy-1"})
    policy = answer["Content-Security-Policy"]
    assert answer["X-Request-ID"] == "from-the-proxy-1"
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert client.get("/sign-in/", headers={"X-Request-ID": "bad id\n"})["X-Request-ID"] != "bad id\n"


def test_the_log_knows_the_route_but_not_what_was_searched(biller: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="config.request_log"):
        biller.get(API, {"q": "Wilhelmina Canary"})
    record = next(record for record in caplog.records if record.name == "config.request_log")
    line: dict[str, Any] = json.loads(JsonFormatter().format(record))
    assert (line["route"], line["method"]) == ("api/v1/tasks/", "GET")
    assert "Canary" not in json.dumps(line)
