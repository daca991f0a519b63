"""What a person's correction says about other documents. No database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mlcore.compare import same
from mlcore.normalize import DateOrder, parse_date
from mlcore.schema import InvoiceRecord, ValueKind

_OTHER = {DateOrder.DAY_FIRST: DateOrder.MONTH_FIRST, DateOrder.MONTH_FIRST: DateOrder.DAY_FIRST}
ORDER_WORDS = {DateOrder.DAY_FIRST: "day first", DateOrder.MONTH_FIRST: "month first"}


@dataclass(frozen=True, slots=True)
class Change:
    """One value of another document: what is filled in now, and what the correction makes of it."""

    path: str
    before: str
    after: str


def date_order(printed: str, read: dt.date | None, confirmed: dt.date | None) -> DateOrder | None:
    """The order that a correction of a date shows: the date as printed reads both ways, the pre-fill took one, the person the other."""
    if read is None or confirmed is None or read == confirmed:
        return None
    for order, other in _OTHER.items():
        if parse_date(printed, order) == confirmed and parse_date(printed, other) == read:
            return order
    return None


def redated(printed: str, read: dt.date | None, order: DateOrder) -> dt.date | None:
    """The date read in ``order`` where the pre-fill read it in the other one; ``None`` where nothing would change."""
    in_order = parse_date(printed, order)
    return in_order if in_order is not None and in_order != read and parse_date(printed, _OTHER[order]) == read else None


def renamed(read: InvoiceRecord, confirmed: InvoiceRecord) -> tuple[str, str] | None:
    """The vendor's name as it was read and as it was confirmed, when the person made another name of it."""
    before, after = read.vendor.name, confirmed.vendor.name
    if not before or not after or same(ValueKind.TEXT, before, after):
        return None
    return before, after


def printed_date(fields: list[dict[str, Any]]) -> str:
    """The date of a prediction as it stands on the page, ``""`` when it is not known."""
    field: Mapping[str, Any] = next((one for one in fields if one["path"] == "date"), {})
    return str(field.get("raw") or "")


def corrected(
    record: Mapping[str, Any], fields: list[dict[str, Any]], changes: list[Change], note: str
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Record and fields of a prediction with other values of header fields, each with ``note``; the arguments are not changed."""
    new = {change.path: change.after for change in changes}
    party = {**(record.get("vendor") or {})}
    party.update({path.removeprefix("vendor."): value for path, value in new.items() if path.startswith("vendor.")})
    changed = {**record, **{path: value for path, value in new.items() if not path.startswith("vendor.")}, "vendor": party}
    return changed, [{**field, "value": new[field["path"]], "note": note} if field["path"] in new else field for field in fields]
