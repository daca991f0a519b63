"""Pairs of labels: strategies for any, and simulated documents whose truth is known."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from decimal import Decimal

from hypothesis import strategies as st

from mlcore.agreement.outcomes import PairOutcome
from mlcore.agreement.pair import compare_pair
from mlcore.schema import InvoiceRecord, ItemType, LineItem, VendorParty

_MONEY = st.integers(1, 5).map(Decimal)


@st.composite
def sparse_items(draw: st.DrawFn) -> LineItem:
    """A row of few possible values, any of them absent: made to be confused with others."""
    return LineItem(
        description=draw(st.sampled_from([None, "saline", "gauze"])),
        quantity=draw(st.none() | _MONEY),
        total=draw(st.none() | _MONEY),
        type=draw(st.none() | st.sampled_from(list(ItemType))),
    )


@st.composite
def sparse_records(draw: st.DrawFn, most_rows: int = 5) -> InvoiceRecord:
    """A record in which anything may be absent."""
    return InvoiceRecord(
        invoice_number=draw(st.sampled_from([None, "A-1", "A-2"])),
        vendor=VendorParty(draw(st.sampled_from([None, "Acme", "Bolt"]))),
        line_items=tuple(draw(st.lists(sparse_items(), max_size=most_rows))),
        total=draw(st.none() | _MONEY),
    )


def invoice(rng: random.Random, number: int) -> InvoiceRecord:
    """A document's truth: every field filled but the address, one to four rows that are told apart by their description."""
    rows = tuple(
        LineItem(f"item {number} {row}", Decimal(rng.randint(1, 9)), Decimal(rng.randint(1, 900)), Decimal(rng.randint(1, 9000)),
                 None, "99213", rng.choice(list(ItemType)))
        for row in range(rng.randint(1, 4))
    )  # fmt: skip
    date = dt.date(2025, 1, 1) + dt.timedelta(days=rng.randint(0, 300))
    total = Decimal(rng.randint(1, 99_999))
    return InvoiceRecord(f"N{number:06}", date, VendorParty(f"Vendor {number % 7}"), rows, None, None, total)


def labeled(rng: random.Random, truth: InvoiceRecord, error: float, *, drop: float = 0.0) -> InvoiceRecord:
    """What a person makes of it: the number, each amount wrong with probability ``error``, each row lost with ``drop``."""
    rows = [
        replace(item, total=Decimal(rng.randint(10_000, 99_999)) if rng.random() < error else item.total)
        for item in truth.line_items
        if rng.random() >= drop
    ]
    number = f"X{rng.randint(0, 10**6)}" if rng.random() < error else truth.invoice_number
    return replace(truth, invoice_number=number, line_items=tuple(rows))


def pairs(seed: int, count: int, error: float = 0.1, drop: float = 0.0) -> list[tuple[str, PairOutcome]]:
    """Blind pairs of two people who err alike and independently."""
    rng = random.Random(seed)
    found = []
    for number in range(count):
        truth = invoice(rng, number)
        outcome = compare_pair(labeled(rng, truth, error, drop=drop), labeled(rng, truth, error, drop=drop))
        found.append((f"{seed}-{number}", outcome))
    return found
