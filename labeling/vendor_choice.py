"""Which vendor a confirmed record belongs to: the name that a person confirmed decides, not the recogniser."""

from __future__ import annotations

from rapidfuzz import fuzz

from invoices.models import Document, Vendor, VendorStatus
from invoices.vendor_master.editing import MAX_NAME, alias_key, keep_name
from invoices.vendor_master.full_names import same_address
from invoices.vendors import Proposal, recognise, settle
from labeling.models import GoldRecord
from mlcore.documents import DocumentText
from mlcore.normalize import collapse_spaces
from mlcore.retrieval.lines import core_of
from mlcore.retrieval.short_names import is_short_for
from mlcore.schema import InvoiceRecord

CLOSE = 88
"""Least similarity (0 to 100, without legal forms) at which an unknown name is a spelling of the recognised vendor."""


def confirmed_vendor(document: Document, record: InvoiceRecord) -> int | None:
    """The id of the vendor, no statement when the confirmed name is that of the document's vendor.

    A name in the vendor master (or an alias) gives that vendor. An unknown name close to that of the document's
    vendor, or its full name at the same address, is that vendor's: a proposed vendor is called so from now on, unless
    somebody confirmed its name before, and keeps what was read as another name; a vendor of the master gets another
    name. Any other name becomes a proposed vendor. Without a name the document's vendor stays.
    """
    vendor = document.vendor
    name = record.vendor.name
    if name is None or not alias_key(name):
        return _standing(vendor)
    if vendor is not None and alias_key(name) == alias_key(vendor.name):
        return _standing(vendor)
    found = recognise(DocumentText(()), hint=name)
    if isinstance(found, Proposal) and vendor is not None and _is_its_name(name, record.vendor.address or "", vendor):
        standing = vendor.standing
        keep_name(standing, found.name)
        _call(standing, found.name)
        return standing.pk
    if isinstance(found, Vendor) and found.pk == _standing(vendor):
        _call(found, collapse_spaces(name))
    if isinstance(found, Proposal):
        found = Proposal(found.name, (record.vendor.address or "")[:600])
    chosen = settle(found)
    return chosen.pk if chosen else None


def _standing(vendor: Vendor | None) -> int | None:
    return (vendor.merged_into_id or vendor.pk) if vendor else None


def _is_its_name(name: str, address: str, vendor: Vendor) -> bool:
    """Whether a confirmed name is another spelling of the vendor's, or the whole of what was read of it."""
    if fuzz.ratio(core_of(name), core_of(vendor.name)) >= CLOSE:
        return True
    return is_short_for(vendor.name, name) and same_address(address, vendor.address)


def _call(vendor: Vendor, name: str) -> None:
    """Make the confirmed name that of a vendor that was only read so far; what was read stays another name of it."""
    if vendor.status == VendorStatus.PROPOSED and not _was_confirmed(vendor):
        keep_name(vendor, vendor.name)
        Vendor.objects.filter(pk=vendor.pk, status=VendorStatus.PROPOSED).update(name=name[:MAX_NAME])


def _was_confirmed(vendor: Vendor) -> bool:
    """Whether somebody confirmed a document under the vendor's present name."""
    return GoldRecord.objects.filter(vendor=vendor, is_current=True, record__vendor__name=vendor.name).exists()
