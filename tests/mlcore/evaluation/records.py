"""Records to score: small ones by hand, and strategies for any."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import strategies as st

from mlcore.schema import InvoiceRecord, ItemType, LineItem, VendorParty

_WORDS = st.text("abcdefghij", min_size=3, max_size=8)
_MONEY = st.integers(1, 999_999).map(lambda cents: Decimal(cents).scaleb(-2))


@st.composite
def line_items(draw: st.DrawFn) -> LineItem:
    """A row with at least a description and an amount."""
    return LineItem(
        description=draw(_WORDS),
        quantity=draw(st.none() | st.integers(1, 99).map(Decimal)),
        unit_price=draw(st.none() | _MONEY),
        total=draw(_MONEY),
        ndc_code=draw(st.none() | st.just("12345-678-90")),
        cpt_code=draw(st.none() | st.just("99213")),
        type=draw(st.sampled_from(list(ItemType))),
    )


@st.composite
def records(draw: st.DrawFn, least_rows: int = 0) -> InvoiceRecord:
    """Any record with up to five rows."""
    return InvoiceRecord(
        invoice_number=draw(st.none() | _WORDS),
        date=draw(st.none() | st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1))),
        vendor=VendorParty(draw(st.none() | _WORDS), draw(st.none() | _WORDS)),
        line_items=tuple(draw(st.lists(line_items(), min_size=least_rows, max_size=5))),
        total=draw(st.none() | _MONEY),
    )


def row(description: str, total: str, kind: ItemType = ItemType.STANDARD_MEDICATION) -> LineItem:
    return LineItem(description=description, quantity=Decimal(1), total=Decimal(total), type=kind)


def invoice(number: str, *rows: LineItem, total: str = "10.00") -> InvoiceRecord:
    return InvoiceRecord(invoice_number=number, date=dt.date(2026, 1, 2), line_items=rows, total=Decimal(total))
