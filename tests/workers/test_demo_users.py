"""The people of the demo."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from pytest_django import Settings
from rest_framework.authtoken.models import Token

from invoices.people import User

pytestmark = pytest.mark.django_db


def made(folder: Path, settings: Settings) -> dict[str, dict[str, str]]:
    """Run the command for this data folder and read what it wrote."""
    settings.DATA_DIR = folder
    call_command("create_demo_users")
    found: dict[str, dict[str, str]] = json.loads((folder / "demo-users.json").read_text())
    return found


def test_four_people_who_can_sign_in(tmp_path: Path, settings: Settings) -> None:
    found = made(tmp_path, settings)
    assert {name: User.objects.get(username=name).role for name in found} == {
        "biller1": "biller",
        "biller2": "biller",
        "senior": "senior",
        "admin": "admin",
    }
    for name, secret in found.items():
        assert authenticate(username=name, password=secret["password"]) is not None
        assert Token.objects.get(key=secret["token"]).user.username == name


def test_the_file_is_for_its_owner_only(tmp_path: Path, settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    found = made(tmp_path, settings)
    assert stat.S_IMODE((tmp_path / "demo-users.json").stat().st_mode) == 0o600
    assert not any(secret["password"] in capsys.readouterr().out for secret in found.values())


def test_a_second_run_changes_nothing_and_another_folder_gets_other_secrets(tmp_path: Path, settings: Settings) -> None:
    first, other = tmp_path / "first", tmp_path / "other"
    first.mkdir()
    other.mkdir()
    found = made(first, settings)
    assert made(first, settings) == found
    again = made(other, settings)
    assert all(again[name]["password"] != found[name]["password"] for name in found)
