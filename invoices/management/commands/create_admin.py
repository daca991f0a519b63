"""``manage.py create_admin NAME``: the first account of a station without demo, or the way back in for a locked-out admin."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from invoices.people import Role, User
from invoices.people_changes import PersonChangeError, change_person, make_person, reset_password


class Command(BaseCommand):
    """Prints a one-time password; whoever signs in with it chooses one of their own."""

    help = "Make an admin account with a one-time password, or give an account that exists the role and a new one-time password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The user name."""
        parser.add_argument("name", help="user name of the admin")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make or renew the account."""
        name: str = options["name"]
        known = User.objects.filter(username__iexact=name).first()
        try:
            if known is None:
                made = make_person(username=name, full_name="", role=Role.ADMIN)
            else:
                change_person(person_id=known.pk, role=Role.ADMIN, active=True)
                made = reset_password(person_id=known.pk)
        except PersonChangeError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{made.person.username} is an admin. One-time password: {made.password}")
