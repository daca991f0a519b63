"""The demo set: what a fresh installation shows, about 60 documents of 18 vendors.

Twelve vendors have a history: two to four confirmed documents each and open ones that profit from them. Six vendors
are new. A third are scans, three of them on their side or upside down, and some tables run over pages.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

from mlcore.dataset.synthetic.catalogue import vendor_catalogue
from mlcore.dataset.synthetic.document import SyntheticDocument
from mlcore.dataset.synthetic.generate import one_document, rare_rates
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

    ``text`` is the truth of the words; the product reads the file itself.
    """

    filename: str
    media_type: str
    data: bytes
    vendor_key: str
    confirmed: bool
    record: InvoiceRecord
    evidence: Mapping[str, tuple[Evidence, ...]]
    text: DocumentText
    scanned: bool
    turn: int = 0


def demo_set(seed: int = 2026) -> tuple[DemoDocument, ...]:
    """The documents in the order in which they come in: the confirmed ones first. The same seed gives the same bytes."""
    rng = random.Random(f"demo:{seed}")  # noqa: S311 - reproducible, nothing secret
    makers = {maker.key: maker for maker in vendor_catalogue()}
    chosen = [makers[key] for key in (*_KNOWN, *_NEW)]
    rates = rare_rates(chosen, [1.0] * len(chosen))
    plan: list[tuple[Vendor, bool]] = []
    for key in _KNOWN:
        plan += [(makers[key], True)] * rng.choice((2, 2, 3, 4)) + [(makers[key], False)] * rng.choice((1, 1, 2))
    plan += [(makers[key], False) for key in _NEW for _ in range(rng.choice((1, 2)))]
    plan.sort(key=lambda entry: not entry[1])
    documents = [one_document(maker, rates[maker.key], rng, f"demo-{index:03d}") for index, (maker, _) in enumerate(plan)]
    scanned = sorted(rng.sample(range(len(plan)), round(len(plan) * _SCAN_SHARE)))
    turned = dict(zip(rng.sample(scanned, len(_TURNS)), _TURNS, strict=True))
    return tuple(
        _deliver(document, confirmed, index in scanned, turned.get(index, 0), rng)
        for index, (document, (_, confirmed)) in enumerate(zip(documents, plan, strict=True))
    )


def _deliver(document: SyntheticDocument, confirmed: bool, scanned: bool, turn: int, rng: random.Random) -> DemoDocument:
    data, media, suffix = document.pdf, "application/pdf", "pdf"
    if scanned:
        scan = document.scan(rng, turn)
        data, media, suffix = scan.data, scan.media.value, scan.suffix
    number = "".join(char if char.isalnum() else "-" for char in document.invoice.number)
    return DemoDocument(
        filename=f"{document.vendor.key}-{number}.{suffix}",
        media_type=media,
        data=data,
        vendor_key=document.vendor.key,
        confirmed=confirmed,
        record=document.record,
        evidence=document.evidence,
        text=document.text,
        scanned=scanned,
        turn=turn,
    )
