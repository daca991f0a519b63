"""Which columns are quantity, unit price and amount: the three whose product fits in the most rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import permutations

from mlcore.tables.chunks import Chunk, Kind
from mlcore.tables.columns import Extent, extent_of

_ALIGNED = 0.012
_CENT = Decimal("0.01")
_HALF_UNIT = Decimal("0.005")
MAX_COLUMNS = 7
LEAST_SHARE = 0.25
"""A column of numbers stands in at least this share of the rows."""


def number_columns(rows: Sequence[Sequence[Chunk]]) -> list[list[Chunk]]:
    """Numbers of several rows grouped by their right edge, left edge or middle; from left to right, rare ones left out."""
    groups: list[list[Chunk]] = []
    extents: list[Extent] = []
    for row in rows:
        for chunk in row:
            if chunk.kind is not Kind.NUMBER:
                continue
            near = [(extent.distance(chunk), i) for i, extent in enumerate(extents)]
            if near and min(near)[0] < _ALIGNED:
                place = min(near)[1]
                groups[place].append(chunk)
                extents[place] = extent_of(groups[place])
            else:
                groups.append([chunk])
                extents.append(Extent(chunk.x0, (chunk.x0 + chunk.x1) / 2, chunk.x1))
    kept = [group for group in groups if len(group) >= max(1, LEAST_SHARE * len(rows))]
    kept = sorted(kept, key=len, reverse=True)[:MAX_COLUMNS]
    return sorted(kept, key=lambda group: extent_of(group).center)


def roles_by_product(rows: Sequence[Sequence[Chunk]], groups: Sequence[Sequence[Chunk]], named: Mapping[int, str]) -> dict[int, str]:
    """Roles of three groups, or ``{}`` when no three of them fit in at least two rows and half of those that have them.

    ``named`` are the roles that words over the columns give; they decide between equally good answers, and so
    does the usual order (the amount right of the price, the price nearest to it).
    """
    member = {id(chunk): g for g, group in enumerate(groups) for chunk in group}
    values = [{member[id(c)]: c.value for c in row if id(c) in member and c.value is not None} for row in rows]
    best: dict[int, str] = {}
    most = (0.0, 0.0)
    for quantity, price, amount in permutations(range(len(groups)), 3):
        if amount < max(price, quantity):
            continue
        complete = [(v[quantity], v[price], v[amount]) for v in values if quantity in v and price in v and amount in v]
        fits = sum(_fits(*triple) for triple in complete)
        if fits < min(2, len(rows)) or fits * 2 < len(complete):
            continue
        roles = {quantity: "quantity", price: "unit_price", amount: "total"}
        agreed = sum(named.get(place) == role for place, role in roles.items())
        wholes = sum(triple[0] == triple[0].to_integral_value() for triple in complete)
        likely = agreed + 0.5 * (price > quantity) + 0.1 * quantity / len(groups) + 0.3 * wholes / len(complete)
        if (fits, likely) > most:
            best, most = roles, (fits, likely)
    return best


def _fits(quantity: Decimal, price: Decimal, amount: Decimal) -> bool:
    if not amount or (quantity == 1 and price == 1):
        return False
    return abs(quantity * price - amount) <= min(abs(quantity) * _HALF_UNIT, abs(amount) / 200) + _CENT
