"""quantity x unit price = amount, row by row: what fits, and the one misreading that would make it fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from mlcore.arithmetic.misreadings import misreadings
from mlcore.tables.reading import CellReading, RowReading

CELLS = ("quantity", "unit_price", "total")
CENT = Decimal("0.01")
_HALF_UNIT = Decimal("0.005")


@dataclass(frozen=True, slots=True)
class Repair:
    """A proposed value of one cell of a row."""

    name: str
    value: Decimal
    cost: int


def numbers_of(row: RowReading) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """Quantity, unit price and amount of a row."""
    quantity, price, total = (row.value(name) for name in CELLS)
    return (
        quantity if isinstance(quantity, Decimal) else None,
        price if isinstance(price, Decimal) else None,
        total if isinstance(total, Decimal) else None,
    )


def row_fits(row: RowReading) -> bool | None:
    """Whether the row's product fits to the cent; ``None`` when a number is absent."""
    return product_fits(*numbers_of(row))


def product_fits(quantity: Decimal | None, price: Decimal | None, total: Decimal | None) -> bool | None:
    """Whether quantity x price is the amount within a cent."""
    if quantity is None or price is None or total is None:
        return None
    return abs(quantity * price - total) <= CENT


def nearly_fits(row: RowReading) -> bool:
    """Whether rounding of the printed price explains the difference."""
    quantity, price, total = numbers_of(row)
    if quantity is None or price is None or total is None:
        return False
    return abs(quantity * price - total) <= abs(quantity) * _HALF_UNIT + CENT


def looks_taxed(row: RowReading) -> bool:
    """Whether the amount is the product plus a usual rate of tax (5 to 25 % in steps of half a percent)."""
    quantity, price, total = numbers_of(row)
    if quantity is None or price is None or total is None or not quantity * price:
        return False
    rate = (total / (quantity * price) - 1) * 200
    return 10 <= rate <= 50 and abs(rate - round(rate)) * abs(quantity * price) / 200 <= CENT


def repairs_of(row: RowReading, names: Sequence[str] = CELLS) -> list[Repair]:
    """Every single-cell reading that makes the product fit, cheapest first.

    Cost 1: another reading of the same print; cost 2: one misread character.
    """
    values = dict(zip(CELLS, numbers_of(row), strict=True))
    found: dict[tuple[str, Decimal], Repair] = {}
    for name in names:
        cell = row.cells.get(name)
        if cell is None:
            continue
        for value, cost in readings_of(cell):
            changed = {**values, name: value}
            if product_fits(changed["quantity"], changed["unit_price"], changed["total"]):
                found.setdefault((name, value), Repair(name, value, cost))
    return sorted(found.values(), key=lambda repair: (repair.cost, CELLS.index(repair.name), repair.value))


def readings_of(cell: CellReading) -> Iterator[tuple[Decimal, int]]:
    """Other readings of a cell with their cost."""
    for other in cell.alternatives:
        if isinstance(other, Decimal):
            yield other, 1
    if isinstance(cell.value, Decimal) and cell.raw:
        for value in misreadings(cell.raw, cell.value):
            yield value, 2
