"""Which vendor sent a document. New vendors are proposed; only a person confirms one.

Changes to the vendor master are in ``invoices.vendor_master``. The index over the master is kept in the process
and made anew when the master's content has changed, so that nothing has to announce a change.
"""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from invoices.models import Vendor, VendorAlias, VendorStatus
from invoices.vendor_master.editing import MAX_ADDRESS, MAX_NAME, alias_key
from invoices.vendor_master.full_names import known_in_full
from mlcore.documents import DocumentText
from mlcore.normalize import collapse_spaces
from mlcore.retrieval.vendors import VendorEntry, VendorIndex

MIN_PROPOSAL_SCORE = 0.4
"""A name that is less sure than this is not worth a person's look at the vendor list."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A vendor that is not in the master yet, as printed on a document or named by whoever sent it."""

    name: str
    address: str = ""


_lock = threading.Lock()
_built: tuple[str, VendorIndex] | None = None


def recognise(text: DocumentText, hint: str = "") -> Vendor | Proposal | None:
    """The vendor of a document, a proposal for a new one, or ``None`` when the document does not tell.

    ``hint`` is what the sender said; it counts more than the page. A proposed vendor that another one is the full
    name of gives that other one. At most four queries, nothing is written.
    """
    if hint:
        return _named(hint) or Proposal(collapse_spaces(hint)[:MAX_NAME])
    index = vendor_index()
    match = index.match(text)
    if match is not None:
        vendor = Vendor.objects.filter(pk=int(match.key)).first()
        return (known_in_full(vendor.name, vendor.address) if vendor and vendor.status == VendorStatus.PROPOSED else None) or vendor
    found = index.propose(text)
    if found is None or found.score < MIN_PROPOSAL_SCORE or not alias_key(found.name):
        return None
    return Proposal(collapse_spaces(found.name)[:MAX_NAME], collapse_spaces(found.address or "")[:MAX_ADDRESS])


def settle(found: Vendor | Proposal | None) -> Vendor | None:
    """The vendor as a row: a proposal becomes a proposed vendor, once, however many documents propose it.

    Call it in the transaction that stores the result.
    """
    if not isinstance(found, Proposal):
        return found
    known = _named(found.name) or known_in_full(found.name, found.address)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            vendor = Vendor.objects.create(name=found.name, address=found.address, status=VendorStatus.PROPOSED)
            VendorAlias.objects.create(vendor=vendor, name=found.name, key=alias_key(found.name))
    except IntegrityError:
        return _named(found.name)
    return vendor


def vendor_index() -> VendorIndex:
    """The index over the master as it is now."""
    global _built
    vendors = list(Vendor.objects.filter(merged_into=None).order_by("pk").values_list("pk", "name", "address", "identifiers"))
    aliases: dict[int, list[str]] = {}
    for vendor_id, name in VendorAlias.objects.filter(vendor__merged_into=None).order_by("pk").values_list("vendor_id", "name"):
        aliases.setdefault(vendor_id, []).append(name)
    version = hashlib.sha256(json.dumps([vendors, sorted(aliases.items())]).encode()).hexdigest()
    with _lock:
        if _built is None or _built[0] != version:
            _built = (version, VendorIndex([_entry(*vendor, aliases.get(vendor[0], [])) for vendor in vendors]))
        return _built[1]


def _entry(pk: int, name: str, address: str, identifiers: list[str], aliases: list[str]) -> VendorEntry:
    names = tuple(dict.fromkeys((name, *aliases)))
    return VendorEntry(str(pk), names, (address,) if address else (), tuple(str(value) for value in identifiers))


def _named(name: str) -> Vendor | None:
    """The vendor that has this name or alias, merged ones replaced by who took them over."""
    key = alias_key(name)
    alias = VendorAlias.objects.select_related("vendor__merged_into").filter(key=key).first() if key else None
    vendor = alias.vendor if alias else Vendor.objects.select_related("merged_into").filter(name__iexact=collapse_spaces(name)).first()
    return vendor.standing if vendor else None
