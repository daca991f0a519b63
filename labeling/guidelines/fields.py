"""What a guideline can be about: every field of the record, and its rows as a whole."""

from __future__ import annotations

from labeling.adjudication.assembly import ROWS
from mlcore.schema import HEADER_FIELDS, LINE_ITEM_FIELDS

FIELDS: dict[str, str] = {
    **{spec.name: spec.label for spec in HEADER_FIELDS},
    ROWS: "Line items",
    **{f"{ROWS}.{spec.name}": f"Line item: {spec.label}" for spec in LINE_ITEM_FIELDS},
}
"""Name without an index to label, in reading order."""
