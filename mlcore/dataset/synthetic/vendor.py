"""A vendor: who it is, what it sells and what its paper looks like."""

from __future__ import annotations

import random
from dataclasses import dataclass

from mlcore.dataset.synthetic.content import Trade
from mlcore.dataset.synthetic.facts.places import phone
from mlcore.dataset.synthetic.layout.flow import Layout
from mlcore.dataset.synthetic.layout.pen import Identity


@dataclass(frozen=True, slots=True)
class Vendor:
    """One sender. ``key`` is stable and never printed; ``major`` vendors write most of the documents."""

    key: str
    identity: Identity
    trade: Trade
    layout: Layout
    major: bool = False

    @property
    def name(self) -> str:
        """The name as the company writes it; a letterhead may print it in capitals."""
        return self.identity.name


def vendor(key: str, name: str, address: tuple[str, ...], trade: Trade, layout: Layout, tagline: str = "", major: bool = False) -> Vendor:
    """A vendor whose telephone numbers and tax number follow from its key, and whose web address follows from its name."""
    rng = random.Random(f"vendor:{key}")  # noqa: S311 - invented numbers, nothing secret
    web = f"www.{''.join(filter(str.isalnum, name.casefold()))[:16]}.example"
    identity = Identity(name, address, phone(rng), phone(rng), web, f"{rng.randint(20, 95)}-{rng.randint(0, 9_999_999):07d}", tagline)
    return Vendor(key, identity, trade, layout, major)
