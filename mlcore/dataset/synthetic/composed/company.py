"""Companies by chance."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from mlcore.dataset.synthetic.composed.paper import compose_layout
from mlcore.dataset.synthetic.composed.wording import FIRST_WORDS, TAGLINES
from mlcore.dataset.synthetic.content import Trade
from mlcore.dataset.synthetic.facts.places import street_address
from mlcore.dataset.synthetic.vendor import Vendor, vendor
from mlcore.dataset.synthetic.writing import Writing
from mlcore.schema import ItemType


@dataclass(frozen=True, slots=True)
class _Sort:
    """A sort of company: how it is called, what it sells, how long its invoices are."""

    names: tuple[str, ...]
    categories: tuple[tuple[str, ...], ...]
    appetite: Mapping[ItemType, float]
    lines: tuple[int, int]
    quantity: tuple[int, int]
    patients: bool = False


_SORTS = (
    _Sort(
        ("Drug Co.", "Pharmaceuticals, Inc.", "Medical Supply LLC", "Wholesale Rx", "Health Distribution"),
        (("oral", "antiinfective"), ("acute", "supportive"), ("oral", "diabetes", "respiratory"), ()),
        {},
        (3, 14),
        (1, 36),
    ),
    _Sort(
        ("Pharmacy", "Compounding Pharmacy", "Apothecary", "Specialty Rx"),
        (("oral", "respiratory"), ("immunology", "diabetes"), ("acute", "oral")),
        {ItemType.COMPOUND_MEDICATION: 2.5, ItemType.DME_RENTAL: 0.3, ItemType.BUNDLED_SERVICE: 0.4},
        (1, 8),
        (1, 6),
    ),
    _Sort(
        ("Clinic", "Infusion Partners", "Medical Group, PA", "Oncology Center", "Physicians"),
        (("oncology", "supportive", "hematology"), ("vaccine", "acute"), ("immunology", "supportive")),
        {ItemType.BUNDLED_SERVICE: 2.5, ItemType.DME_RENTAL: 0.3, ItemType.COMPOUND_MEDICATION: 0.6},
        (2, 7),
        (1, 6),
        patients=True,
    ),
    _Sort(
        ("Home Medical", "Respiratory Care", "Mobility & Oxygen", "Durable Equipment Co."),
        (("respiratory", "diabetes"), ("respiratory", "supportive")),
        {ItemType.DME_RENTAL: 3.5, ItemType.COMPOUND_MEDICATION: 0.2, ItemType.BUNDLED_SERVICE: 0.8},
        (2, 6),
        (1, 8),
        patients=True,
    ),
)
_NUMBERS = ("%#####", "INV-%#####", "%#######", "YY-%####", "@@%####", "IN%####YY", "%###/YY", "A%#####-@", "00%#####", "YYMM-###")
_TAXES = (None, None, None, Decimal(0), Decimal(0), Decimal("0.05"), Decimal("0.07"), Decimal("0.0825"))


def compose_vendor(index: int, seed: int) -> Vendor:
    """Company number ``index`` of a seed; neighbours never share the first word of their names."""
    rng = random.Random(f"company:{seed}:{index}")  # noqa: S311 - reproducible, nothing secret
    order = list(FIRST_WORDS)
    random.Random(f"names:{seed}:{index // len(order)}").shuffle(order)  # noqa: S311 - reproducible, nothing secret
    sort = rng.choice(_SORTS)
    tax = rng.choice(_TAXES)
    trade = Trade(
        categories=rng.choice(sort.categories),
        appetite=sort.appetite,
        lines=sort.lines,
        long_share=rng.choice((0.0, 0.05, 0.15)),
        quantity=sort.quantity,
        price_decimals=rng.choice((2, 2, 2, 2, 4)),
        tax_rate=tax,
        terms_days=rng.choice((10, 15, 30, 30, 45, 60)),
        writing=rng.choice(tuple(Writing)),
        number=rng.choice(_NUMBERS),
        order=rng.choice(("SO-######", "######", "W%#####")),
        purchase_order=rng.choice(("PO######", "P-####", "45########")),
        account=rng.choice(("######", "C-%####", "@@-####")),
    )
    name = f"{order[index % len(order)]} {rng.choice(sort.names)}"
    layout = compose_layout(sort.patients, tax, rng)
    return vendor(f"composed_{seed}_{index}", name, street_address(rng), trade, layout, rng.choice(TAGLINES))
