"""The vendor that a short name at a known address stands for."""

from __future__ import annotations

from rapidfuzz import fuzz

from invoices.models import Vendor, VendorStatus
from invoices.vendor_master.editing import alias_key
from mlcore.retrieval.short_names import is_short_for

SAME_ADDRESS = 90
"""Least similarity (0 to 100) of two addresses, letters and digits only, that OCR may have read differently."""


def same_address(one: str, other: str) -> bool:
    """Whether two addresses are one; an empty address is that of nobody."""
    here, there = alias_key(one), alias_key(other)
    return bool(here and there) and fuzz.ratio(here, there) >= SAME_ADDRESS


def known_in_full(name: str, address: str) -> Vendor | None:
    """The one vendor at this address whose name begins with the words of ``name`` and goes on; a confirmed one first.

    ``None`` when there is none, or several that nothing tells apart. One query, or none without an address.
    """
    words = name.split()
    if not words or not alias_key(address):
        return None
    begun = Vendor.objects.filter(merged_into=None, name__istartswith=words[0]).exclude(address="").order_by("pk")
    found = [vendor for vendor in begun if is_short_for(name, vendor.name) and same_address(address, vendor.address)]
    confirmed = [vendor for vendor in found if vendor.status == VendorStatus.CONFIRMED]
    chosen = confirmed or found
    return chosen[0] if len(chosen) == 1 else None
