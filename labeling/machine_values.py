"""What the machine and the vendor master say about values that two labels differ in."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from invoices.models import Prediction, VendorAlias
from invoices.vendor_master.editing import alias_key
from mlcore.agreement.pair import Difference
from mlcore.compare import match_rows
from mlcore.errors import RecordError
from mlcore.record_json import record_from_json, value_to_json
from mlcore.schema import LINE_ITEM_FIELDS, InvoiceRecord, item_value, split_item_path, value_at


@dataclass(frozen=True)
class MachineValues:
    """The values that were pre-filled (never the seeded ones), by the difference that they belong to.

    ``record`` is ``None`` without a prediction, or with one that was stored under another schema. Rows of the labels are tied to rows
    of the prediction as the comparator ties them.
    """

    prediction: Prediction | None
    record: InvoiceRecord | None
    first: InvoiceRecord
    second: InvoiceRecord

    @classmethod
    def of(cls, prediction: Prediction | None, first: InvoiceRecord, second: InvoiceRecord) -> MachineValues:
        """From what either person was shown, or would have been."""
        try:
            record = record_from_json(prediction.record, ignore_unknown=True) if prediction else None
        except RecordError:
            record = None
        return cls(prediction, record, first, second)

    def value(self, difference: Difference) -> str | None:
        """The machine's value in its text form, of a whole row its JSON; ``None`` when it has none."""
        if self.record is None:
            return None
        path, rows = (difference.path_first, self._first_rows) if difference.path_first else (difference.path_second, self._second_rows)
        if difference.is_row:
            return self._row_text(rows.get(int(path.rpartition("[")[2].rstrip("]"))))
        cell = split_item_path(path)
        if cell is None:
            return value_to_json(value_at(self.record, path))
        row = rows.get(cell[0])
        return value_to_json(item_value(self.record.line_items[row], cell[1])) if row is not None else None

    def _row_text(self, row: int | None) -> str | None:
        if self.record is None or row is None:
            return None
        item = self.record.line_items[row]
        return json.dumps({spec.name: value_to_json(item_value(item, spec.name)) for spec in LINE_ITEM_FIELDS}, ensure_ascii=False)

    @cached_property
    def _first_rows(self) -> Mapping[int, int]:
        return dict(match_rows(self.first.line_items, self.record.line_items)) if self.record else {}

    @cached_property
    def _second_rows(self) -> Mapping[int, int]:
        return dict(match_rows(self.second.line_items, self.record.line_items)) if self.record else {}


def vendor_ids(first: str | None, second: str | None) -> tuple[str, str]:
    """The ids of the vendors that the master has under these names, ``""`` where it has none; merged ones as who took them over."""
    keys = {alias_key(name) for name in (first, second) if name}
    aliases = VendorAlias.objects.filter(key__in=keys).select_related("vendor")
    known = {alias.key: str(alias.vendor.merged_into_id or alias.vendor_id) for alias in aliases}
    one, other = (known.get(alias_key(name), "") if name else "" for name in (first, second))
    return one, other


def alias_names(vendors: Collection[str]) -> list[Collection[str]]:
    """The names of each of these vendors."""
    names: dict[int, set[str]] = {}
    aliases = VendorAlias.objects.filter(vendor__in=[pk for pk in vendors if pk])
    for vendor_id, own, alias in aliases.values_list("vendor", "vendor__name", "name"):
        names.setdefault(vendor_id, {own}).add(alias)
    return list(names.values())
