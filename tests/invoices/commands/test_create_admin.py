"""The first admin of a station, and the way back in."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from invoices.models import User

if TYPE_CHECKING:
    from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def create_admin(name: str) -> str:
    out = StringIO()
    call_command("create_admin", name, stdout=out)
    return out.getvalue().rsplit(" ", 1)[1].strip()


def sign_in(name: str, password: str) -> str:
    return Client().post("/sign-in/", {"username": name, "password": password})["Location"]


def test_the_first_admin_signs_in_and_chooses_a_password() -> None:
    password = create_admin("ada")
    assert User.objects.get(username="ada").role == "admin"
    assert sign_in("ada", password) == "/password/"


def test_an_account_that_exists_gets_the_role_and_a_new_password(cast: Cast) -> None:
    cast.biller1.is_active = False
    cast.biller1.save()
    password = create_admin("BILLER1")
    assert sign_in("biller1", password) == "/password/"
    cast.biller1.refresh_from_db()
    assert (cast.biller1.role, cast.biller1.is_active) == ("admin", True)


def test_a_name_that_cannot_be_one_is_refused() -> None:
    with pytest.raises(CommandError, match="cannot be a user name"):
        create_admin("no spaces please")
