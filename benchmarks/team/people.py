"""The accounts of the simulation, made as an admin makes them: a command for the first one, the screen People for the others."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping

from benchmarks.team.browsing import Person, Refused, one_time_password
from benchmarks.team.running import Running

ADMIN = "ada"


def make_people(station: Running, roles: Mapping[str, str]) -> dict[str, Person]:
    """The admin and everybody in ``roles`` (name to role), signed in with passwords of their own. Raises ``Refused``."""
    people = {ADMIN: the_admin(station)}
    for name, role in roles.items():
        people[ADMIN].page("people/")
        made = people[ADMIN].form("people/new/", username=name, full_name=name.capitalize(), role=role)
        if made.status != 200:
            raise Refused("POST", "people/new/", made.status, made.body)
        people[name] = _arrive(station, name, one_time_password(made.body))
    return people


def the_admin(station: Running) -> Person:
    """The admin, made by the command or given a new password by it, and signed in."""
    said = re.search(r"One-time password: (\S+)", station.manage("create_admin", ADMIN))
    assert said is not None, "create_admin printed no one-time password"
    return _arrive(station, ADMIN, said[1])


def _arrive(station: Running, name: str, one_time: str) -> Person:
    person = Person(name, station.port)
    person.sign_in(one_time)
    person.choose_password(one_time, f"{secrets.token_hex(8)} and a sentence")
    return person
