"""One synthetic document: record, evidence and text at once, PDF and scan when asked for."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from mlcore.dataset.synthetic.content import Invoice
from mlcore.dataset.synthetic.ink import Sheet
from mlcore.dataset.synthetic.layout.flow import lay_out
from mlcore.dataset.synthetic.pdf import render_pdf
from mlcore.dataset.synthetic.scan import Scan, draw_settings, scan_pdf
from mlcore.dataset.synthetic.vendor import Vendor
from mlcore.dataset.synthetic.words import ReadSheet, read_sheet
from mlcore.documents import DocumentText, Evidence, GoldExample
from mlcore.schema import InvoiceRecord, LineItem, VendorParty, item_path


@dataclass(frozen=True)
class SyntheticDocument:
    """A generated invoice with its truth.

    ``record`` holds what is printed and nothing else: a field that this paper does not show is ``None``. Texts stand
    as printed (wrapped lines joined by a space, address lines by a comma); the type of a line is always known, though
    seldom printed, and has no evidence. ``evidence`` has one place for each printed line of a value.
    """

    id: str
    vendor: Vendor
    invoice: Invoice

    @cached_property
    def sheet(self) -> Sheet:
        """The laid-out paper."""
        return lay_out(self.vendor.layout, self.vendor.identity, self.invoice)

    @cached_property
    def _read(self) -> ReadSheet:
        return read_sheet(self.sheet)

    @property
    def text(self) -> DocumentText:
        """The words of the text layer with their boxes."""
        return self._read.text

    @property
    def evidence(self) -> Mapping[str, tuple[Evidence, ...]]:
        """Where each value of the record stands; boxes are fractions of the upright page, also for scans."""
        return self._read.evidence

    @cached_property
    def record(self) -> InvoiceRecord:
        """The truth."""
        return record_as_printed(self.invoice, self._read.printed)

    @cached_property
    def pdf(self) -> bytes:
        """A digital PDF with a text layer; the same document gives the same bytes."""
        return render_pdf(self.sheet, f"Invoice {self.invoice.number}")

    def scan(self, rng: random.Random, turn: int | None = None) -> Scan:
        """The paper after printing, handling and scanning; ``turn`` forces a quarter turn (0, 90, 180, 270 degrees)."""
        settings = draw_settings(rng, self.sheet.pages, turn)
        return scan_pdf(self.pdf, settings, rng, self.evidence)

    @property
    def gold(self) -> GoldExample:
        """The document as a confirmed example."""
        return GoldExample(self.text, self.record, self.vendor.key, self.evidence)


def record_as_printed(invoice: Invoice, printed: Mapping[str, tuple[str, ...]]) -> InvoiceRecord:
    """The record of an invoice, reduced to what the paper shows (``printed``: path -> printed lines)."""
    items = []
    for row, line in enumerate(invoice.lines):
        shown = {name for name in ("quantity", "unit_price", "total", "ndc_code", "cpt_code") if item_path(row, name) in printed}
        items.append(
            LineItem(
                description=" ".join(printed[item_path(row, "description")]),
                quantity=line.quantity if "quantity" in shown else None,
                unit_price=line.unit_price if "unit_price" in shown else None,
                total=line.total if "total" in shown else None,
                ndc_code=line.product.ndc if "ndc_code" in shown else None,
                cpt_code=line.product.code if "cpt_code" in shown else None,
                type=line.kind,
            )
        )
    name, address = (tuple(dict.fromkeys(printed.get(path, ()))) for path in ("vendor.name", "vendor.address"))  # once, if on every page
    return InvoiceRecord(
        invoice_number=invoice.number if "invoice_number" in printed else None,
        date=invoice.date if "date" in printed else None,
        vendor=VendorParty(" ".join(name) if name else None, ", ".join(address) if address else None),
        line_items=tuple(items),
        subtotal=invoice.subtotal if "subtotal" in printed else None,
        tax=invoice.tax if "tax" in printed else None,
        total=invoice.total if "total" in printed else None,
    )
