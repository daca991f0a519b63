"""What the measures are called in a report, and what each means in a line."""

from __future__ import annotations

from mlcore.schema import HEADER_FIELDS, LINE_ITEM_FIELDS

LABELS: dict[str, str] = {
    "field_accuracy": "Fields",
    "guide_accuracy": "Fields, guide",
    "end_to_end": "End to end",
    "payment_right": "Right for payment",
    "anls": "ANLS*",
    "rare_f1": "Rare types, F1",
    "vendor_mean": "Fields, mean of vendors",
    "row_recall": "Rows found",
    "row_precision": "Rows that are rows",
    "rows_right": "Rows right",
}

MEANINGS: tuple[tuple[str, str], ...] = (
    ("Fields", "right values over the values that either side has; rows are matched, what is absent on both sides is not counted"),
    ("Fields, guide", "number, date, total and every cell of every row, absent on both sides being right, as the guide counts"),
    ("End to end", "documents with every labeled field right, no row missing and none extra"),
    ("Right for payment", "documents right in the critical fields that are labeled: vendor, number, date, total; quantity, price, amount"),
    ("ANLS*", "how near the text is, misspelt values in part (arXiv 2402.03848); a second view, never a gate"),
    ("Rare types, F1", "mean F1 of compound, rental and bundle over matched rows, of those that occur"),
    ("Interval", "the middle 95 % when whole vendors are drawn again; without width it says that no error was seen, no more"),
    ("Failed", "documents for which the system gave no record; every value of them counts as missing"),
)  # fmt: skip

_FIELD_LABELS = {spec.name: spec.label for spec in HEADER_FIELDS} | {
    f"line_items.{spec.name}": f"Row: {spec.label if spec.label.isupper() else spec.label.lower()}" for spec in LINE_ITEM_FIELDS
}
_TYPE_LABELS = {
    "standard_medication": "Standard medication",
    "compound_medication": "Compound medication",
    "dme_rental": "DME rental",
    "bundled_service": "Bundled service",
}


def label_of(measure: str) -> str:
    """A measure or field as people read it; what is not known stands as it is."""
    return LABELS.get(measure) or field_label(measure.removeprefix("field:"))


def field_label(name: str) -> str:
    """``line_items.total`` is "Row: amount"."""
    return _FIELD_LABELS.get(name, name)


def type_label(name: str) -> str:
    """``dme_rental`` is "DME rental"."""
    return _TYPE_LABELS.get(name, name)
