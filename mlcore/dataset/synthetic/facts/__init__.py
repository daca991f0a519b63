"""What invoices are made of: products with their codes and prices, and names of people and places.

The tables beside this module hold facts in our own words. NDC and HCPCS Level II codes are public (FDA, CMS); CPT
is used by number only. Prices are plausible, not anyone's price list. ``read_products`` is the only reader.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from mlcore.schema import ItemType

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Product:
    """One thing that is sold, rented or done. ``price`` is for one ``unit`` in US dollars.

    ``brand``, ``strength``, ``form``, ``pack`` and ``ndc`` are empty for everything but drugs; ``code`` is a HCPCS
    Level II or CPT code or empty.
    """

    kind: ItemType
    name: str
    unit: str
    price: Decimal
    code: str
    category: str
    brand: str = ""
    strength: str = ""
    form: str = ""
    pack: str = ""
    ndc: str = ""


@cache
def read_products() -> dict[ItemType, tuple[Product, ...]]:
    """All products by kind of line item, in the order of the tables."""
    return {
        ItemType.STANDARD_MEDICATION: tuple(_drug(row) for row in _rows("drugs.csv")),
        ItemType.COMPOUND_MEDICATION: _plain("compounds.csv", ItemType.COMPOUND_MEDICATION, "compound"),
        ItemType.DME_RENTAL: _plain("rentals.csv", ItemType.DME_RENTAL, "rental"),
        ItemType.BUNDLED_SERVICE: _plain("bundles.csv", ItemType.BUNDLED_SERVICE, "bundle"),
    }


def _rows(name: str) -> list[dict[str, str]]:
    with (_FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _drug(row: dict[str, str]) -> Product:
    return Product(
        kind=ItemType.STANDARD_MEDICATION,
        name=row["generic"],
        unit=row["unit"],
        price=Decimal(row["price"]),
        code=row["hcpcs"],
        category=row["category"],
        brand=row["brand"],
        strength=row["strength"],
        form=row["form"],
        pack=row["pack"],
        ndc=row["ndc"],
    )


def _plain(name: str, kind: ItemType, category: str) -> tuple[Product, ...]:
    return tuple(Product(kind, row["description"], row["unit"], Decimal(row["price"]), row["code"], category) for row in _rows(name))
