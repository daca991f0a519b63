"""The demo set: what a fresh installation shows, about 60 documents of 18 vendors.

Twelve vendors have a history: two to four confirmed documents each and open ones that profit from them. Six vendors
are new. A third are scans, three of them on their side or upside down, and some tables run over pages.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from mlcore.dataset.synthetic.catalogue import vendor_catalogue
from mlcore.dataset.synthetic.document import SyntheticDocument
from mlcore.dataset.synthetic.generate import one_document, rare_rates
from mlcore.dataset.synthetic.scan import ScanSettings, draw_settings, scan_pdf
from mlcore.dataset.synthetic.scan.device import SUFFIX, Media
from mlcore.dataset.synthetic.vendor import Vendor
from mlcore.documents import DocumentText, Evidence
from mlcore.schema import InvoiceRecord

_KNOWN = (
    "northgate", "meridian", "halvorsen", "lakeside_infusion", "cornerstone_ltc", "precision_compounding",
    "mobility_first", "brightpath_home", "old_town_apothecary", "veridian_biologics", "pacific_rim_rx", "bluestone_gpo",
)  # fmt: skip
_NEW = ("cardigan_bay", "summit_vaccine", "riverbend_lab", "greenleaf_rx", "trident_surgical", "kestrel_veterans")
_SCAN_SHARE = 1 / 3
_TURNS = (180, 90, 270)


@dataclass(frozen=True)
class DemoDocument:
    """A file to take in. ``confirmed`` ones come with the record that a person would have confirmed.

    ``scan`` is how the paper was scanned, ``None`` for a digital PDF. The file is rendered when ``data`` is first
    asked for, so whoever loads the set can show progress or take a part of it.
    """

    document: SyntheticDocument
    confirmed: bool
    scan: ScanSettings | None

    @property
    def vendor_key(self) -> str:
        """Key of the sender in the catalogue."""
        return self.document.vendor.key

    @property
    def record(self) -> InvoiceRecord:
        """The truth."""
        return self.document.record

    @property
    def evidence(self) -> Mapping[str, tuple[Evidence, ...]]:
        """Where each value stands on the upright page."""
        return self.document.evidence

    @property
    def text(self) -> DocumentText:
        """The true words; the product reads the file itself."""
        return self.document.text

    @property
    def scanned(self) -> bool:
        """Whether the file is a picture."""
        return self.scan is not None

    @property
    def turn(self) -> int:
        """Clockwise quarter turn of the scan in degrees."""
        return self.scan.turn if self.scan else 0

    @property
    def media_type(self) -> str:
        """Type of the file."""
        return (self.scan.media if self.scan else Media.PDF).value

    @property
    def filename(self) -> str:
        """Vendor and invoice number, as people name files."""
        number = "".join(char if char.isalnum() else "-" for char in self.document.invoice.number)
        return f"{self.vendor_key}-{number}.{SUFFIX[self.scan.media if self.scan else Media.PDF]}"

    @cached_property
    def data(self) -> bytes:
        """The bytes of the file."""
        if self.scan is None:
            return self.document.pdf
        rng = random.Random(f"scan:{self.document.id}:{self.document.invoice.number}")  # noqa: S311 - reproducible, nothing secret
        return scan_pdf(self.document.pdf, self.scan, rng, self.evidence).data


def demo_set(seed: int = 2026) -> tuple[DemoDocument, ...]:
    """The documents in the order in which they come in: the confirmed ones first. The same seed gives the same bytes."""
    rng = random.Random(f"demo:{seed}")  # noqa: S311 - reproducible, nothing secret
    makers = {maker.key: maker for maker in vendor_catalogue()}
    chosen = [makers[key] for key in (*_KNOWN, *_NEW)]
    rates = rare_rates(chosen, [1.0] * len(chosen))
    plan: list[tuple[Vendor, bool]] = []
    for key in _KNOWN:
        plan += [(makers[key], True)] * rng.choice((2, 2, 2, 3, 4)) + [(makers[key], False)] * rng.choice((1, 2, 2))
    plan += [(makers[key], False) for key in _NEW for _ in range(rng.choice((1, 2)))]
    plan.sort(key=lambda entry: not entry[1])
    documents = [one_document(maker, rates[maker.key], rng, f"demo-{index:03d}") for index, (maker, _) in enumerate(plan)]
    scanned = sorted(rng.sample(range(len(plan)), round(len(plan) * _SCAN_SHARE)))
    turned = dict(zip(rng.sample(scanned, len(_TURNS)), _TURNS, strict=True))
    return tuple(
        DemoDocument(document, confirmed, draw_settings(rng, document.sheet.pages, turned.get(index, 0)) if index in scanned else None)
        for index, (document, (_, confirmed)) in enumerate(zip(documents, plan, strict=True))
    )
