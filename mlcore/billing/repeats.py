"""Lines that may be billed twice.

The same line: description, codes, quantity and amount repeat. The same service: code, modifiers and dates of service
repeat, or the whole description where no date is printed. A modifier that says that the repetition is meant (76, 77: repeat
procedure; 91: repeat test) makes it none, and so do two different NDCs: one code is billed from two packages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlcore.billing.finding import BillingFinding
from mlcore.billing.service_dates import printed_periods
from mlcore.normalize import comparison_key, ndc11, procedure_parts
from mlcore.schema import LineItem, ValueKind, item_path

_MEANT = frozenset({"76", "77", "91"})
_Key = tuple[object, ...]


def repeats(items: Sequence[LineItem]) -> Iterator[BillingFinding]:
    """At most one finding for a line, about the first line that it repeats."""
    lines: dict[_Key, int] = {}
    services: dict[_Key, int] = {}
    for row, item in enumerate(items):
        line, service = _line_key(item), _service_key(item)
        same_line = lines.setdefault(line, row) if line else row
        same_service = services.setdefault(service, row) if service else row
        if same_line != row:
            message = f"The same as row {same_line + 1}: text, codes, quantity and amount repeat. Was it billed twice?"
            yield BillingFinding("duplicate_line", row, message, _both(same_line, row, "description"))
        elif same_service != row:
            same = "dates of service" if printed_periods(item.description or "") else "description"
            message = f"{item.cpt_code} stands in row {same_service + 1} too, with the same {same}. Was it billed twice?"
            yield BillingFinding("repeated_service", row, message, _both(same_service, row, "cpt_code"))


def _line_key(item: LineItem) -> _Key | None:
    if item.total is None or not (item.description or item.ndc_code or item.cpt_code):
        return None
    return (*_text_and_codes(item), item.quantity, item.total)


def _text_and_codes(item: LineItem) -> _Key:
    return (
        comparison_key(ValueKind.TEXT, item.description),
        comparison_key(ValueKind.NDC, item.ndc_code),
        comparison_key(ValueKind.PROCEDURE, item.cpt_code),
    )


def _service_key(item: LineItem) -> _Key | None:
    parts = procedure_parts(item.cpt_code or "")
    if parts is None or item.description is None:
        return None
    code, modifiers = parts
    if _MEANT & set(modifiers):
        return None
    periods = printed_periods(item.description)
    when = tuple(period.readings for period in periods) if periods else comparison_key(ValueKind.TEXT, item.description)
    return (code, frozenset(modifiers), ndc11(item.ndc_code or "") or "", when)


def _both(first: int, second: int, name: str) -> tuple[str, ...]:
    return item_path(first, name), item_path(second, name)
