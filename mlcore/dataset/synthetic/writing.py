"""How a vendor words a line: the same drug reads differently on every company's paper.

The words carry what a biller needs to tell the four line types apart: rentals say that they are rentals and for
which period, compounds that they are compounded, services that they are packages.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from mlcore.dataset.synthetic.facts import Product
from mlcore.schema import ItemType


class Writing(StrEnum):
    """A house style for descriptions; the value shows ondansetron written that way."""

    SENTENCE = "Ondansetron 4 mg/2 mL vial, 25 x 2 mL"
    UPPER = "ONDANSETRON 4MG/2ML VIAL 25X2ML"
    BRAND_FIRST = "Zofran (ondansetron) 4 mg/2 mL vial"
    CATALOGUE = "Vial, ondansetron 4 mg/2 mL; package 25 x 2 mL"
    TERSE = "ondansetron 4mg/2mL"
    BILLING = "Injection, ondansetron, 4 mg/2 mL"


_UNIT_OF_RENT = {"MO": "monthly", "WK": "weekly", "DY": "daily"}


def describe(product: Product, writing: Writing) -> str:
    """The description of a line without codes and periods."""
    if product.kind is ItemType.STANDARD_MEDICATION:
        return _drug(product, writing)
    text = product.name
    if product.kind is ItemType.COMPOUND_MEDICATION:
        prefix = {Writing.UPPER: "CMPD", Writing.TERSE: "Cmpd", Writing.CATALOGUE: "Compounded preparation:"}
        text = f"{prefix.get(writing, 'Compounded')} {text}"
    elif product.kind is ItemType.DME_RENTAL:
        period = _UNIT_OF_RENT[product.unit]
        text = f"Rental, {period}: {text}" if writing in (Writing.CATALOGUE, Writing.BILLING) else f"{text}, {period} rental"
    return text.upper() if writing is Writing.UPPER else text


def _drug(product: Product, writing: Writing) -> str:
    name = product.name if product.name[0].isupper() else product.name[0].upper() + product.name[1:]
    if writing is Writing.UPPER:
        return f"{name} {product.strength.replace(' ', '')} {product.form.replace(',', '')} {product.pack.replace(' x ', 'X')}".upper()
    if writing is Writing.BRAND_FIRST:
        head = f"{product.brand} ({product.name})" if product.brand else name
        return f"{head} {product.strength} {product.form}"
    if writing is Writing.CATALOGUE:
        return f"{product.form[0].upper()}{product.form[1:]}, {product.name} {product.strength}; package {product.pack}"
    if writing is Writing.TERSE:
        return f"{product.name} {product.strength.replace(' ', '')}"
    if writing is Writing.BILLING:
        oral = any(word in product.form for word in ("tablet", "capsule", "inhal"))
        return f"{'Oral or inhaled' if oral else 'Injection'}, {product.name}, {product.strength}"
    return f"{name} {product.strength} {product.form}, {product.pack}"


def rental_period(text: str, unit: str, start: dt.date, writing: Writing) -> str:
    """The description with the days the rent is for, in the house style."""
    days = {"MO": 29, "WK": 6, "DY": 0}[unit]
    if not days or writing in (Writing.TERSE, Writing.BILLING):
        return text
    end = start + dt.timedelta(days=days)
    period = f"{start:%m/%d/%y}-{end:%m/%d/%y}"
    return f"{text} {period}" if writing is Writing.UPPER else f"{text} ({period})"
