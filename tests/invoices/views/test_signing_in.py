"""Signing in: what is said about a wrong or missing password, and what a lock after many of them looks like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from invoices.people_changes import reset_password

if TYPE_CHECKING:
    from tests.conftest import Cast

pytestmark = pytest.mark.django_db
PASSWORD = "open sesame 417"


@pytest.fixture
def lockable(settings: Any, cast: Cast) -> Client:
    """A client of a station that locks an account after three wrong passwords."""
    settings.AXES_ENABLED = True
    settings.AXES_FAILURE_LIMIT = 3
    cast.biller1.set_password(PASSWORD)
    cast.biller1.save()
    return Client()


def sign_in(client: Client, name: str, password: str) -> Any:
    return client.post("/sign-in/", {"username": name, "password": password, "next": "/queue/"})


def test_what_was_left_empty_is_named(client: Client, cast: Cast) -> None:
    body = sign_in(client, "", "").content.decode()
    assert "Type your user name." in body
    assert "Type your password." in body


def test_the_focus_is_where_the_next_key_goes(client: Client, cast: Cast) -> None:
    assert client.get("/sign-in/").content.decode().split("autofocus")[0].count('id="id_password"') == 0
    wrong = sign_in(client, "biller1", "wrong").content.decode()
    assert wrong.split("autofocus")[0].count('id="id_password"') == 1


def test_a_locked_account_is_told_so_on_the_sign_in_page(lockable: Client) -> None:
    answers = [sign_in(lockable, "biller1", "wrong") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    body = answers[-1].content.decode()
    assert "This account is locked for 15 minutes." in body
    assert "wrong 3 times in a row" in body
    assert 'value="biller1"' in body
    assert 'name="next" value="/queue/"' in body
    assert answers[-1]["Retry-After"] == "900"
    assert sign_in(lockable, "biller1", PASSWORD).status_code == 429


def test_a_new_password_lifts_the_lock(lockable: Client, cast: Cast) -> None:
    for _ in range(3):
        sign_in(lockable, "biller1", "wrong")
    made = reset_password(person_id=cast.biller1.pk)
    assert sign_in(lockable, "biller1", made.password)["Location"] == "/password/"
