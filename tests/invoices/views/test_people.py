"""Accounts: made with a one-time password, changed, and never without an admin."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from invoices.models import User
from invoices.people_changes import PersonChangeError, change_person

if TYPE_CHECKING:
    from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def test_a_new_person_signs_in_once_and_chooses_a_password(admin: Client) -> None:
    body = admin.post("/people/new/", {"username": "nora", "full_name": "Nora Lee Diaz", "role": "senior"}).content.decode()
    password = re.search(r"people__password\">([a-z0-9-]{19})<", body)
    assert password is not None
    assert password[1] not in admin.get("/people/").content.decode()
    person = Client()
    answer = person.post("/sign-in/?next=/queue/", {"username": "nora", "password": password[1]})
    assert answer["Location"] == "/password/"
    assert "made by an admin" in person.get("/password/").content.decode()
    assert person.get("/queue/")["Location"] == "/password/"
    own = "a sentence only I know"
    weak = person.post("/password/", {"old_password": password[1], "new_password1": "short", "new_password2": "short"})
    assert "at least 12 characters" in weak.content.decode()
    person.post("/password/", {"old_password": password[1], "new_password1": own, "new_password2": own})
    assert person.get("/queue/").status_code == 200
    again = Client().post("/sign-in/?next=/queue/", {"username": "nora", "password": own})
    assert again["Location"] == "/queue/"
    stored = User.objects.get(username="nora")
    assert (stored.role, stored.get_full_name(), stored.is_staff, stored.is_superuser) == ("senior", "Nora Lee Diaz", False, False)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"username": "BILLER1", "role": "biller"}, "There is an account BILLER1 already"),
        ({"username": "a b", "role": "biller"}, "cannot be a user name"),
        ({"username": "", "role": "biller"}, "cannot be a user name"),
        ({"username": "x" * 151, "role": "biller"}, "at most 150"),
        ({"username": "max", "role": "owner"}, "is no role"),
    ],
)
def test_what_is_refused_stays_in_the_form(admin: Client, values: dict[str, str], words: str) -> None:
    before = User.objects.count()
    answer = admin.post("/people/new/", {**values, "full_name": "Kept Name"})
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert 'value="Kept Name"' in answer.content.decode()
    assert User.objects.count() == before


def test_switching_off_ends_the_session(admin: Client, cast: Cast) -> None:
    person = Client()
    person.force_login(cast.biller1)
    assert person.get("/queue/").status_code == 200
    admin.post(f"/people/{cast.biller1.pk}/", {"role": "biller"})
    assert person.get("/queue/").status_code == 302


def test_a_new_password_ends_the_session(admin: Client, cast: Cast) -> None:
    person = Client()
    person.force_login(cast.biller1)
    admin.post(f"/people/{cast.biller1.pk}/password/")
    assert person.get("/queue/").status_code == 302


@pytest.mark.parametrize("values", [{"role": "senior", "active": "1"}, {"role": "admin"}])
def test_the_last_admin_stays(admin: Client, cast: Cast, values: dict[str, str]) -> None:
    body = admin.post(f"/people/{cast.admin.pk}/", values, follow=True).content.decode()
    assert "is the only active admin" in body
    cast.admin.refresh_from_db()
    assert (cast.admin.role, cast.admin.is_active) == ("admin", True)


def test_an_unknown_account_is_named(cast: Cast) -> None:
    with pytest.raises(PersonChangeError, match="There is no account 4711"):
        change_person(person_id=4711, role="biller", active=True)


@pytest.mark.parametrize("role", ["biller1", "senior"])
@pytest.mark.parametrize("address", ["/people/", "/people/new/", "/people/{pk}/", "/people/{pk}/password/"])
def test_people_are_for_admins(client: Client, cast: Cast, role: str, address: str) -> None:
    client.force_login(getattr(cast, role))
    where = address.format(pk=cast.biller2.pk)
    answer = client.get(where) if address == "/people/" else client.post(where, {"role": "admin", "active": "1", "username": "new"})
    assert answer.status_code == 403
    assert not User.objects.filter(username="new").exists()
    cast.biller2.refresh_from_db()
    assert cast.biller2.role == "biller"
