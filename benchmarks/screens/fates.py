"""In which proportions a station's documents stand where they stand, and whose they are. No database.

Of 200 documents so many have each fate; the fates are spread evenly, so that an archive of any size has the same proportions.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Final

OF_200: Final = {
    "received": 1,
    "failed": 1,
    "open": 36,
    "open_pair": 4,  # neither of the two labels has begun
    "half_pair": 6,  # one of the two is in
    "held": 1,
    "postponed": 1,
    "escalated": 1,
    "review": 20,
    "audit": 1,
    "accepted": 20,  # by a certified model, not drawn for an audit
    "gold_single": 71,
    "gold_agreed": 17,
    "gold_adjudicated": 4,
    "adjudication": 2,
    "waiting": 1,  # for a third label
    "gold_reviewed": 10,
    "gold_audited": 3,
}
VENDORS: Final = 300
BILLERS: Final = 40
MEASURED: Final = 0
"""The biller of these who is signed in when pages are measured."""

PASSWORD: Final = "counted pages cost the same"
SIGNED_IN: Final = {"biller": f"biller{MEASURED}", "senior": "senior0", "admin": "admin"}
"""Who stands for each role when pages are measured."""

_ORDER: Final = random.Random(4).sample(list(chain.from_iterable(repeat(fate, count) for fate, count in OF_200.items())), 200)


@dataclass(frozen=True, slots=True)
class Paper:
    """One document to be made: its running number, fate, the number of its vendor, and the draw for everything else of it."""

    number: int
    fate: str
    vendor: int
    draw: random.Random

    @property
    def is_new(self) -> bool:
        """Whether it came in lately."""
        return self.draw.random() < 0.5


def papers(numbers: range) -> Iterator[Paper]:
    """The documents with these numbers. One vendor has a tenth of all, the others ever fewer."""
    for number in numbers:
        draw = random.Random(number)
        vendor = 0 if draw.random() < 0.1 else min(VENDORS - 1, 1 + int((VENDORS - 1) * draw.random() ** 2))
        yield Paper(number, _ORDER[number % 200], vendor, draw)
