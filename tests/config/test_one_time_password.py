"""With a one-time password nothing opens but what it takes to choose one's own."""

from __future__ import annotations

import pytest
from django.test import Client
from rest_framework.authtoken.models import Token

from invoices.people_changes import reset_password
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

API = "/api/v1/documents/"


@pytest.fixture
def one_time(cast: Cast) -> str:
    """What an admin hands to a biller."""
    return reset_password(person_id=cast.biller1.pk).password


@pytest.fixture
def newcomer(one_time: str) -> Client:
    """A biller who signed in with it."""
    client = Client()
    client.post("/sign-in/", {"username": "biller1", "password": one_time})
    return client


def test_the_api_is_refused_to_the_session_and_not_to_a_token(newcomer: Client, cast: Cast) -> None:
    for answer in (newcomer.get(API), newcomer.post("/api/v1/tasks/claim/", {}, content_type="application/json")):
        assert (answer.status_code, answer.json()["code"]) == (403, "password_is_temporary")
    assert newcomer.get("/api/docs/").status_code == 403
    token = Token.objects.create(user=cast.biller1).key
    assert Client(headers={"Authorization": f"Token {token}"}).get(API).status_code == 200


def test_the_password_page_keeps_its_theme_and_its_sign_of_activity(newcomer: Client) -> None:
    assert newcomer.get("/password/").status_code == 200
    assert newcomer.get("/api/v1/me/").status_code == 200
    chosen = newcomer.patch("/api/v1/me/", {"preferences": {"theme": "dark"}}, content_type="application/json")
    assert chosen.json()["preferences"]["theme"] == "dark"


def test_no_setting_takes_the_place_of_a_password(newcomer: Client) -> None:
    settings = {"password_is_temporary": None}
    newcomer.patch("/api/v1/me/", {"preferences": settings}, content_type="application/json")
    assert newcomer.get("/queue/")["Location"] == "/password/"
    assert newcomer.get(API).status_code == 403


def test_a_password_of_ones_own_opens_everything(newcomer: Client, one_time: str) -> None:
    own = "a sentence only I know"
    newcomer.post("/password/", {"old_password": one_time, "new_password1": own, "new_password2": own})
    assert newcomer.get("/queue/").status_code == 200
    assert newcomer.get(API).status_code == 200
