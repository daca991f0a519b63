"""Where a record is unlike the same vendor's other records: name, address, the form of the number, what is filled, what a code costs.

A habit is what at least ``HABIT`` of at least ``LEAST`` other records have in common. A vendor may change its habits, so that the
weights are those of hints.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from statistics import median

from mlcore.agreement.reasons import Ground, Reason
from mlcore.normalize import comparison_key
from mlcore.schema import HEADER_FIELDS, FieldSpec, InvoiceRecord, ItemType, LineItem, ValueKind, header_value, item_path

LEAST = 3
HABIT = 0.8
PRICE_FACTOR = 3

_CODE_FIELDS = (("ndc_code", ValueKind.NDC), ("cpt_code", ValueKind.PROCEDURE))
_WEIGHTS = {
    "number_taken": 0.5,
    "unlike_type": 0.5,
    "unlike_name": 0.4,
    "unlike_address": 0.3,
    "unlike_number_form": 0.3,
    "unlike_absent": 0.3,
    "unlike_price": 0.3,
}


def vendor_reasons(record: InvoiceRecord, others: Sequence[InvoiceRecord]) -> Iterator[Reason]:
    """What speaks against a record, held against the same vendor's other records (without itself)."""
    yield from _number_taken(record, others)
    if len(others) >= LEAST:
        for spec in HEADER_FIELDS:
            yield from _unlike_header(spec, record, others)
    known = [item for other in others for item in other.line_items]
    for row, item in enumerate(record.line_items):
        for name, kind in _CODE_FIELDS:
            yield from _unlike_row(row, item, name, kind, known)


def number_form(number: str) -> str:
    """The form of an invoice number: runs of digits are ``9``, of letters ``A``, everything else stays: ``INV-2024/7`` is ``A-9/9``."""
    folded = comparison_key(ValueKind.IDENTIFIER, number)
    return re.sub(r"\d+", "9", re.sub(r"[^\W\d_]+", "A", folded))


def _number_taken(record: InvoiceRecord, others: Sequence[InvoiceRecord]) -> Iterator[Reason]:
    key = comparison_key(ValueKind.IDENTIFIER, record.invoice_number)
    twins = [other for other in others if key and comparison_key(ValueKind.IDENTIFIER, other.invoice_number) == key]
    if any((twin.date, twin.total) != (record.date, record.total) for twin in twins):
        message = f"Another invoice of this vendor has the number {record.invoice_number}, with another date or total."
        yield _reason("number_taken", ("invoice_number",), message)


def _unlike_header(spec: FieldSpec, record: InvoiceRecord, others: Sequence[InvoiceRecord]) -> Iterator[Reason]:
    value = header_value(record, spec.name)
    known = [str(v) for v in (header_value(other, spec.name) for other in others) if v is not None]
    if value is None:
        if len(known) >= max(LEAST, HABIT * len(others)):
            message = f"{spec.label} is absent; {len(known)} of the vendor's {len(others)} other records have it."
            yield _reason("unlike_absent", (spec.name,), message)
        return
    if spec.name == "invoice_number":
        usual = _habit([number_form(number) for number in known])
        if usual is not None and number_form(str(value)) != usual:
            yield _reason("unlike_number_form", (spec.name,), f"{value} has the form {number_form(str(value))}; the vendor's are {usual}.")
    elif spec.name in ("vendor.name", "vendor.address"):
        usual = _habit([comparison_key(spec.kind, text) for text in known])
        if usual is not None and comparison_key(spec.kind, value) != usual:
            example = next(text for text in known if comparison_key(spec.kind, text) == usual)
            code = "unlike_name" if spec.name == "vendor.name" else "unlike_address"
            yield _reason(code, (spec.name,), f"{spec.label} is “{value}”; the vendor's other records have “{example}”.")


def _unlike_row(row: int, item: LineItem, name: str, kind: ValueKind, known: Sequence[LineItem]) -> Iterator[Reason]:
    code = comparison_key(kind, getattr(item, name))
    alike = [other for other in known if code and comparison_key(kind, getattr(other, name)) == code]
    usual = _habit([other.type for other in alike if other.type is not None])
    if usual is not None and item.type is not None and item.type != usual:
        message = f"{getattr(item, name)} is {_plain(item.type)} here; on the vendor's other records it is {_plain(ItemType(usual))}."
        yield _reason("unlike_type", (item_path(row, "type"), item_path(row, name)), message)
    prices = [other.unit_price for other in alike if other.unit_price]
    if len(prices) >= LEAST and item.unit_price and _far(item.unit_price, median(prices)):
        message = f"{getattr(item, name)} costs {item.unit_price} here; on {len(prices)} other lines {median(prices)} in the middle."
        yield _reason("unlike_price", (item_path(row, "unit_price"), item_path(row, name)), message)


def _habit(values: Sequence[str]) -> str | None:
    """What nearly all of enough values are."""
    if len(values) < LEAST:
        return None
    value, count = Counter(values).most_common(1)[0]
    return value if count >= HABIT * len(values) else None


def _far(price: Decimal, usual: Decimal) -> bool:
    low, high = sorted((abs(price), abs(usual)))
    return high >= PRICE_FACTOR * low


def _plain(kind: ItemType) -> str:
    return kind.value.replace("_", " ")


def _reason(code: str, paths: tuple[str, ...], message: str) -> Reason:
    return Reason(Ground.VENDOR, code, paths, _WEIGHTS[code], message)
