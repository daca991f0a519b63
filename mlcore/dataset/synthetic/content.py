"""What an invoice says, before anyone decides how it looks: parties, numbers, lines and amounts.

Arithmetic holds by construction, in ``Decimal``, rounded half up to cents: quantity x unit price is the line's
amount, the amounts add up to the subtotal, subtotal plus tax is the total.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from mlcore.dataset.synthetic.facts import Product, read_products
from mlcore.dataset.synthetic.facts.places import Party, buyer, dock_of, person, street_address
from mlcore.dataset.synthetic.formats import fill_pattern
from mlcore.dataset.synthetic.writing import Writing, describe, rental_period
from mlcore.schema import ItemType

CENT = Decimal("0.01")
RARE_TYPES = (ItemType.COMPOUND_MEDICATION, ItemType.DME_RENTAL, ItemType.BUNDLED_SERVICE)
_FIRST_DAY = dt.date(2023, 1, 2)
_DAYS = 1_060


@dataclass(frozen=True, slots=True)
class Trade:
    """What a vendor sells and how it bills.

    ``categories`` limits the drugs (empty means all); ``appetite`` is how much more (or less) of a rare line type it
    sells than the average vendor; ``lines`` is the usual range of line items and ``long_lines`` the range of the
    occasional long document; ``tax_rate`` ``None`` prints no tax at all, 0 prints a zero;
    with ``drugs_exempt`` it is charged on lines without an NDC only.
    """

    categories: tuple[str, ...] = ()
    appetite: Mapping[ItemType, float] = field(default_factory=dict)
    lines: tuple[int, int] = (2, 9)
    long_lines: tuple[int, int] = (14, 26)
    long_share: float = 0.08
    quantity: tuple[int, int] = (1, 12)
    price_decimals: int = 2
    tax_rate: Decimal | None = None
    drugs_exempt: bool = False
    terms_days: int = 30
    writing: Writing = Writing.SENTENCE
    number: str = "%######"
    order: str = "SO-######"
    purchase_order: str = "PO######"
    account: str = "######"


@dataclass(frozen=True, slots=True)
class Line:
    """One billed line with everything a layout may print beside the fields of the record."""

    product: Product
    description: str
    quantity: Decimal
    unit_price: Decimal
    total: Decimal
    sku: str
    lot: str
    expiry: dt.date
    service_date: dt.date

    @property
    def kind(self) -> ItemType:
        """The type of the line item."""
        return self.product.kind


@dataclass(frozen=True, slots=True)
class Invoice:
    """One invoice. Everything after ``total`` is there to mislead a careless reader, as on real paper."""

    number: str
    date: dt.date
    lines: tuple[Line, ...]
    subtotal: Decimal
    tax_rate: Decimal | None
    tax: Decimal
    total: Decimal
    due_date: dt.date
    order_date: dt.date
    ship_date: dt.date
    terms_days: int
    order_number: str
    purchase_order: str
    account: str
    delivery_number: str
    bill_to: Party
    ship_to: Party
    patient: str
    patient_account: str
    birth_date: dt.date
    representative: str
    prescriber: str
    patient_address: tuple[str, ...]
    previous_balance: Decimal


def write_invoice(
    trade: Trade, rare_rates: Mapping[ItemType, float], rng: random.Random, buyers: tuple[Party, ...], grouped: bool = False
) -> Invoice:
    """Draw one invoice. ``rare_rates`` is the probability of each rare type for a line of this vendor.

    ``grouped`` puts lines of one product category together, in order of first appearance.
    """
    date = _FIRST_DAY + dt.timedelta(days=rng.randrange(_DAYS))
    low, high = trade.long_lines if rng.random() < trade.long_share else trade.lines
    lines = _lines(trade, rare_rates, rng.randint(low, high), date, rng)
    if grouped:
        order = list(dict.fromkeys(line.product.category for line in lines))
        lines = tuple(sorted(lines, key=lambda line: order.index(line.product.category)))
    subtotal = sum((line.total for line in lines), Decimal("0.00"))
    taxed = sum((line.total for line in lines if not (trade.drugs_exempt and line.product.ndc)), Decimal("0.00"))
    tax = (taxed * (trade.tax_rate or Decimal(0))).quantize(CENT, ROUND_HALF_UP)
    bill_to = rng.choice(buyers)
    first, last = person(rng)
    order_date = date - dt.timedelta(days=rng.randint(1, 9))
    return Invoice(
        number=fill_pattern(trade.number, rng, date),
        date=date,
        lines=lines,
        subtotal=subtotal,
        tax_rate=trade.tax_rate,
        tax=tax,
        total=subtotal + tax,
        due_date=date + dt.timedelta(days=trade.terms_days),
        order_date=order_date,
        ship_date=date - dt.timedelta(days=rng.randint(0, 1)),
        terms_days=trade.terms_days,
        order_number=fill_pattern(trade.order, rng, order_date),
        purchase_order=fill_pattern(trade.purchase_order, rng, order_date),
        account=fill_pattern(trade.account, rng, date),
        delivery_number=fill_pattern("8########", rng, date),
        bill_to=bill_to,
        ship_to=dock_of(bill_to, rng),
        patient=f"{last}, {first}",
        patient_account=fill_pattern("@@-######", rng, date),
        birth_date=dt.date(rng.randint(1934, 2015), rng.randint(1, 12), rng.randint(1, 28)),
        representative=" ".join(person(rng)),
        prescriber=f"{' '.join(person(rng))}, MD",
        patient_address=street_address(rng),
        previous_balance=Decimal(rng.choice((0, 0, rng.randint(2_000, 240_000)))).scaleb(-2),
    )


@cache
def regular_buyers(vendor_key: str, count: int = 6) -> tuple[Party, ...]:
    """The customers that one vendor writes to again and again."""
    rng = random.Random(f"buyers:{vendor_key}")  # noqa: S311 - reproducible, nothing secret
    return tuple(buyer(rng) for _ in range(count))


def _lines(trade: Trade, rare_rates: Mapping[ItemType, float], count: int, date: dt.date, rng: random.Random) -> tuple[Line, ...]:
    drugs = _drugs_of(trade.categories)
    picked = rng.sample(drugs, min(count, len(drugs)))
    lines = []
    for product in picked:
        dice = rng.random()
        for kind in RARE_TYPES:
            rate = rare_rates.get(kind, 0.0)
            if dice < rate:
                product = rng.choice(read_products()[kind])
                break
            dice -= rate
        lines.append(_line(product, trade, date, rng))
    return tuple(lines)


@cache
def _drugs_of(categories: tuple[str, ...]) -> tuple[Product, ...]:
    drugs = read_products()[ItemType.STANDARD_MEDICATION]
    return tuple(drug for drug in drugs if drug.category in categories) if categories else drugs


def _line(product: Product, trade: Trade, date: dt.date, rng: random.Random) -> Line:
    quantity = Decimal(_quantity(product, trade, rng))
    step = Decimal(1).scaleb(-trade.price_decimals)
    factor = Decimal(rng.randint(900, 1_150)) / 1_000
    unit_price = max(step, (product.price * factor).quantize(step, ROUND_HALF_UP))
    service_date = date - dt.timedelta(days=rng.randint(0, 20))
    text = describe(product, trade.writing)
    if product.kind is ItemType.DME_RENTAL:
        text = rental_period(text, product.unit, service_date, trade.writing)
    return Line(
        product=product,
        description=text,
        quantity=quantity,
        unit_price=unit_price,
        total=(quantity * unit_price).quantize(CENT, ROUND_HALF_UP),
        sku=fill_pattern(rng.choice(("###-####", "@@####", "######")), rng, date),
        lot=fill_pattern("@####@", rng, date),
        expiry=date + dt.timedelta(days=rng.randint(200, 900)),
        service_date=service_date,
    )


def _quantity(product: Product, trade: Trade, rng: random.Random) -> int:
    if product.kind is ItemType.DME_RENTAL:
        return rng.choice((1, 1, 1, 2)) if product.unit in ("MO", "WK") else rng.randint(3, 14)
    if product.kind is ItemType.BUNDLED_SERVICE:
        return rng.randint(3, 14) if product.unit == "DY" else rng.choice((1, 1, 1, 2))
    low, high = trade.quantity
    if product.price > 1_000:
        high = max(low, min(high, 4))
    return rng.randint(low, high)
