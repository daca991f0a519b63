"""Name, address, identifiers, confirmation and other names of one vendor. ``by`` is who changes it, for the trail."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from invoices.models import User, Vendor, VendorAlias, VendorStatus
from invoices.vendor_master.errors import VendorChangeError
from mlcore.normalize import collapse_spaces, comparison_key
from mlcore.schema import ValueKind

MAX_NAME = 300
MAX_ADDRESS = 600
MAX_IDENTIFIERS = 20
MAX_IDENTIFIER = 60


def alias_key(name: str) -> str:
    """What two spellings of one name share, as the product's comparator sees it."""
    return comparison_key(ValueKind.TEXT, name)[:MAX_NAME]


def open_vendor(vendor_id: int) -> Vendor:
    """The vendor, locked until the transaction ends. Raises ``vendor_not_found`` or ``vendor_merged``."""
    vendor = Vendor.objects.select_for_update().filter(pk=vendor_id).first()
    if vendor is None:
        raise VendorChangeError("vendor_not_found", f"There is no vendor {vendor_id}; it may have been taken away. Search for it by name.")
    if vendor.merged_into_id is not None:
        raise VendorChangeError("vendor_merged", f"{vendor.name} was merged into another vendor. Change that one instead.")
    return vendor


def change_vendor(*, vendor_id: int, name: str, address: str, identifiers: list[str], by: User | None = None) -> Vendor:
    """Rename the vendor, keep its address and identifiers as given. The old name stays as another name of it.

    Raises ``name_missing``, ``name_too_long`` and what ``open_vendor`` raises.
    """
    name = _name(name)
    address = " ".join(address.split())
    if len(address) > MAX_ADDRESS:
        raise VendorChangeError("address_too_long", f"The address has {len(address)} characters; the limit is {MAX_ADDRESS}. Shorten it.")
    kept = list(dict.fromkeys(filter(None, (collapse_spaces(value) for value in identifiers))))
    if len(kept) > MAX_IDENTIFIERS or any(len(value) > MAX_IDENTIFIER for value in kept):
        limits = f"at most {MAX_IDENTIFIERS}, each up to {MAX_IDENTIFIER} characters"
        raise VendorChangeError("identifiers_too_many", f"Phone and tax numbers: {limits}. Take some away.")
    with transaction.atomic():
        vendor = open_vendor(vendor_id)
        if alias_key(name) != alias_key(vendor.name):
            keep_name(vendor, vendor.name)
        wanted = {"name": name, "address": address, "identifiers": kept}
        changed = [field for field, value in wanted.items() if getattr(vendor, field) != value]
        vendor.name, vendor.address, vendor.identifiers = name, address, kept
        vendor.save(update_fields=["name", "address", "identifiers"])
        record(Action.VENDOR_CHANGED, actor=by, object=Target("vendor", vendor.pk), after={"changed": changed})
    return vendor


def confirm_vendor(*, vendor_id: int, by: User | None = None) -> Vendor:
    """A person says that this vendor exists. Confirming twice changes nothing."""
    with transaction.atomic():
        vendor = open_vendor(vendor_id)
        before = {"status": str(vendor.status)}
        vendor.status = VendorStatus.CONFIRMED
        vendor.save(update_fields=["status"])
        after = {"status": VendorStatus.CONFIRMED.value}
        record(Action.VENDOR_CONFIRMED, actor=by, object=Target("vendor", vendor.pk), before=before, after=after)
    return vendor


def discard_vendor(*, vendor_id: int, by: User | None = None) -> None:
    """Take a proposed vendor away that no document has. Discarding twice changes nothing.

    Raises ``vendor_in_use`` for any other vendor: those are merged.
    """
    with transaction.atomic():
        vendor = Vendor.objects.select_for_update().filter(pk=vendor_id).first()
        if vendor is None:
            return
        if vendor.status != VendorStatus.PROPOSED or vendor.merged_into_id or vendor.documents.exists() or vendor.merged.exists():
            raise VendorChangeError("vendor_in_use", f"{vendor.name} is confirmed or has documents. Merge it into another vendor instead.")
        vendor.delete()
        record(Action.VENDOR_DISCARDED, actor=by, object=Target("vendor", vendor_id))


def add_alias(*, vendor_id: int, name: str, by: User | None = None) -> VendorAlias:
    """Another name under which the vendor prints. Adding it twice changes nothing.

    Raises ``alias_taken`` when another vendor has that name.
    """
    name = _name(name)
    key = alias_key(name)
    if not key:
        raise VendorChangeError("name_missing", f"{name!r} has no letter or digit; write the name as it is printed.")
    with transaction.atomic():
        vendor = open_vendor(vendor_id)
        other = VendorAlias.objects.select_related("vendor").filter(key=key).first()
        if other is None:
            alias = VendorAlias.objects.create(vendor=vendor, name=name, key=key)
            record(Action.VENDOR_NAME_ADDED, actor=by, object=Target("vendor", vendor.pk), after={"alias": alias.pk})
            return alias
    if other.vendor_id != vendor_id:
        message = f"{other.name} is already a name of {other.vendor.name}. Take it away there first, or merge both vendors."
        raise VendorChangeError("alias_taken", message)
    return other


def remove_alias(*, vendor_id: int, alias_id: int, by: User | None = None) -> None:
    """Take a name away. Taking it away twice changes nothing."""
    with transaction.atomic():
        gone, _ = VendorAlias.objects.filter(pk=alias_id, vendor=vendor_id).delete()
        if gone:
            record(Action.VENDOR_NAME_REMOVED, actor=by, object=Target("vendor", vendor_id), before={"alias": alias_id})


def keep_name(vendor: Vendor, name: str) -> VendorAlias | None:
    """Make ``name`` another name of ``vendor`` unless some vendor has it already; answers what was made."""
    key = alias_key(name)
    if not key:
        return None
    try:
        with transaction.atomic():
            return VendorAlias.objects.create(vendor=vendor, name=name, key=key)
    except IntegrityError:
        return None


def _name(text: str) -> str:
    name = collapse_spaces(text.replace("\x00", ""))
    if not name:
        raise VendorChangeError("name_missing", "The name is empty; write it as it is printed.")
    if len(name) > MAX_NAME:
        raise VendorChangeError("name_too_long", f"The name has {len(name)} characters; the limit is {MAX_NAME}. Shorten it.")
    return name
