"""``manage.py create_demo_users``: the people of the demo, with passwords and tokens made anew for each data folder."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from rest_framework.authtoken.models import Token

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from invoices.people import Role, User

PEOPLE = {"biller1": Role.BILLER, "biller2": Role.BILLER, "senior": Role.SENIOR, "admin": Role.ADMIN}
SYLLABLES = [consonant + vowel for consonant in "bdfghjklmnprstvz" for vowel in "aeiou"]


class Command(BaseCommand):
    """Writes ``demo-users.json`` (mode 600) into the data folder. Does nothing when the file is there."""

    help = "Create the people of the demo and write their passwords and API tokens to DATA_DIR/demo-users.json."

    def handle(self, *args: Any, **options: Any) -> None:
        """Create whoever is missing and say where the passwords are; they are not printed here, output may be logged."""
        path = Path(settings.DATA_DIR) / "demo-users.json"
        if not path.exists():
            _write_private(path, json.dumps(create_people(), indent=2) + "\n")
        self.stdout.write(f"{', '.join(PEOPLE)}: passwords and API tokens are in {path}")


def create_people() -> dict[str, dict[str, str]]:
    """Create the four people, or give them new passwords and tokens; ``{name: {"password", "token"}}``."""
    made: dict[str, dict[str, str]] = {}
    with transaction.atomic():
        for name, role in PEOPLE.items():
            password = "-".join("".join(secrets.choice(SYLLABLES) for _ in range(3)) for _ in range(4))
            user, _ = User.objects.get_or_create(username=name, defaults={"role": role, "first_name": name.capitalize()})
            user.set_password(password)
            user.save(update_fields=["password"])
            Token.objects.filter(user=user).delete()
            record(Action.TOKEN_MADE, actor=None, object=Target("person", user.pk), after={"role": role.value})
            made[name] = {"password": password, "token": Token.objects.create(user=user).key}
    return made


def _write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, never visible half-written."""
    part = path.with_suffix(".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
    part.replace(path)
