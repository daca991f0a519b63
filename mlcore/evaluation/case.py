"""One document to be scored: what is right, what was found, and which groups it belongs to."""

from __future__ import annotations

from dataclasses import dataclass

from mlcore.documents import Extraction, GoldExample
from mlcore.schema import InvoiceRecord


@dataclass(frozen=True, slots=True)
class Case:
    """``found`` is ``None`` when the system gave no record, for the reason in ``failure``: that is an error, never a gap.

    ``vendor_key`` is the unit that intervals resample. ``seen`` says that the system learned from this vendor.
    ``label_fields`` as in ``GoldExample``: fields outside of it are not scored.
    """

    id: str
    vendor_key: str
    expected: InvoiceRecord
    found: InvoiceRecord | None
    layout: str = ""
    set_name: str = ""
    seen: bool = False
    label_fields: frozenset[str] | None = None
    failure: str = ""

    @classmethod
    def of(
        cls,
        id: str,
        example: GoldExample,
        found: Extraction | InvoiceRecord | None,
        *,
        layout: str = "",
        set_name: str = "",
        seen: bool = False,
        failure: str = "",
    ) -> Case:
        """A gold example beside what a system said about its document."""
        record = found.record if isinstance(found, Extraction) else found
        return cls(id, example.vendor_key, example.record, record, layout, set_name, seen, example.label_fields, failure)
