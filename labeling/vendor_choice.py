"""Which vendor a confirmed record belongs to: the name that a person confirmed decides, not the recogniser."""

from __future__ import annotations

from rapidfuzz import fuzz

from invoices.models import Document, Vendor
from invoices.vendor_master.editing import alias_key, keep_name
from invoices.vendors import Proposal, recognise, settle
from mlcore.documents import DocumentText
from mlcore.retrieval.lines import core_of
from mlcore.schema import InvoiceRecord

CLOSE = 88
"""Least similarity (0 to 100, without legal forms) at which an unknown name is a spelling of the recognised vendor."""


def confirmed_vendor(document: Document, record: InvoiceRecord) -> int | None:
    """The id of the vendor, no statement when the confirmed name is that of the document's vendor.

    A name in the vendor master (or an alias) gives that vendor. An unknown name close to the document's
    vendor becomes another name of it; any other becomes a proposed vendor. Without a name the document's vendor stays.
    """
    vendor = document.vendor
    name = record.vendor.name
    if name is None or not alias_key(name):
        return _standing(vendor)
    if vendor is not None and alias_key(name) == alias_key(vendor.name):
        return _standing(vendor)
    found = recognise(DocumentText(()), hint=name)
    if isinstance(found, Proposal) and vendor is not None and fuzz.ratio(core_of(name), core_of(vendor.name)) >= CLOSE:
        keep_name(vendor, name)
        return _standing(vendor)
    if isinstance(found, Proposal):
        found = Proposal(found.name, (record.vendor.address or "")[:600])
    chosen = settle(found)
    return chosen.pk if chosen else None


def _standing(vendor: Vendor | None) -> int | None:
    return (vendor.merged_into_id or vendor.pk) if vendor else None
