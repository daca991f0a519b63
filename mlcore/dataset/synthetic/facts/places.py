"""Invented customers, patients and addresses. No person or company is meant."""

from __future__ import annotations

import random
from dataclasses import dataclass

CITIES = (
    ("Columbus", "OH", "43215"), ("Tucson", "AZ", "85701"), ("Boise", "ID", "83702"), ("Savannah", "GA", "31401"),
    ("Fresno", "CA", "93721"), ("Dayton", "OH", "45402"), ("Spokane", "WA", "99201"), ("Mobile", "AL", "36602"),
    ("Rochester", "NY", "14604"), ("Des Moines", "IA", "50309"), ("Knoxville", "TN", "37902"), ("Reno", "NV", "89501"),
    ("Providence", "RI", "02903"), ("Lubbock", "TX", "79401"), ("Akron", "OH", "44308"), ("Toledo", "OH", "43604"),
    ("Eugene", "OR", "97401"), ("Topeka", "KS", "66603"), ("Macon", "GA", "31201"), ("Duluth", "MN", "55802"),
    ("Peoria", "IL", "61602"), ("Tacoma", "WA", "98402"), ("Trenton", "NJ", "08608"), ("Baton Rouge", "LA", "70801"),
)  # fmt: skip
_STREETS = (
    "Main Street", "Oak Avenue", "Medical Center Drive", "Park Boulevard", "Hillcrest Road", "Lincoln Avenue", "River Road", "Elm Street",
    "University Drive", "Commerce Street", "Washington Blvd", "Cedar Lane", "Hospital Way", "Second Street", "Highland Avenue",
)  # fmt: skip
_BUYERS = (
    "{place} Regional Medical Center", "St. {saint} Hospital", "{place} Oncology Associates", "{place} Family Practice",
    "{name} Surgery Center", "{place} Infusion Center", "{name} Clinic", "{place} Community Hospital", "{name} Pediatrics, PC",
    "{place} Urgent Care", "{name} & {other} Internal Medicine", "{place} County Health Department", "{name} Rheumatology Group",
    "{place} Skilled Nursing",
)  # fmt: skip
_SAINTS = ("Agnes", "Brendan", "Clare", "Elmo", "Gabriel", "Helen", "Jude", "Monica", "Raphael", "Theresa")
_SURNAMES = (
    "Alvarez", "Bergstrom", "Castellano", "Delacroix", "Eastman", "Fitzgerald", "Goldberg", "Hathaway", "Ibrahim", "Jankowski", "Kowalczyk",
    "Lindqvist", "Moreno", "Nakamura", "Okafor", "Pemberton", "Quintero", "Ramaswamy", "Sandoval", "Thibodeaux", "Underwood", "Vasquez",
    "Whitaker", "Yamada", "Zimmerman",
)  # fmt: skip
_FIRST_NAMES = (
    "Alice", "Bernard", "Carla", "Dmitri", "Elena", "Frank", "Grace", "Hector", "Irene", "Jamal", "Karen", "Louis", "Marta", "Nolan",
    "Opal",
    "Peter", "Rosa", "Samuel", "Tara", "Victor",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Party:
    """A name and the lines of an address."""

    name: str
    address: tuple[str, ...]


def person(rng: random.Random) -> tuple[str, str]:
    """``(first name, surname)``."""
    return rng.choice(_FIRST_NAMES), rng.choice(_SURNAMES)


def street_address(rng: random.Random) -> tuple[str, ...]:
    """Two or three address lines somewhere in the country."""
    city, state, code = rng.choice(CITIES)
    street = f"{rng.randint(10, 9899)} {rng.choice(_STREETS)}"
    extra = rng.choice(("", "", f"Suite {rng.randint(100, 890)}", f"Building {rng.choice('ABCD')}", f"Floor {rng.randint(2, 9)}"))
    return (street, extra, f"{city}, {state} {code}") if extra else (street, f"{city}, {state} {code}")


def buyer(rng: random.Random) -> Party:
    """A hospital, practice or clinic."""
    address = street_address(rng)
    place = address[-1].split(",")[0]
    name = rng.choice(_BUYERS).format(place=place, saint=rng.choice(_SAINTS), name=rng.choice(_SURNAMES), other=rng.choice(_SURNAMES))
    return Party(name, address)


def dock_of(party: Party, rng: random.Random) -> Party:
    """Where the same buyer receives goods: mostly another building."""
    if rng.random() < 0.3:
        return party
    place = rng.choice(("Central Pharmacy", "Receiving Dock 2", "Outpatient Pharmacy", "Attn: Materials Management", "Infusion Suite"))
    return Party(party.name, (place, *street_address(rng)[:1], party.address[-1]))


def phone(rng: random.Random) -> str:
    """A number in the range that is reserved for fiction."""
    return f"({rng.randint(201, 989)}) 555-{rng.randint(100, 199):04d}"
