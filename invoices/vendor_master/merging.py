"""One vendor taken over by another: what would move, the merge, and taking it back.

Documents and other names move to the target, the source's own name becomes one of the target's, and vendors
that were merged into the source earlier follow, so that ``merged_into`` is never a chain.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from invoices.models import Document, User, Vendor, VendorAlias, VendorStatus
from invoices.vendor_master.editing import alias_key, keep_name, open_vendor
from invoices.vendor_master.errors import VendorChangeError


@dataclass(frozen=True, slots=True)
class MergePreview:
    """What a merge would do. ``names`` become other names of the target."""

    source: Vendor
    target: Vendor
    document_count: int
    names: list[str]


@dataclass(frozen=True, slots=True)
class MergeReceipt:
    """What a merge did, so that exactly this can be taken back; ids only."""

    source: int
    target: int
    documents: list[int]
    aliases: list[int]
    new_alias: int | None
    followers: list[int]
    target_was_proposed: bool

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        return asdict(self)


def preview_merge(*, source_id: int, target_id: int) -> MergePreview:
    """What merging would move; changes nothing. Raises what ``merge_vendors`` raises."""
    with transaction.atomic():
        source, target = _both(source_id, target_id)
    names = {alias_key(name): name for name in (*source.aliases.order_by("name").values_list("name", flat=True), source.name)}
    names.pop(alias_key(target.name), None)
    return MergePreview(source, target, Document.objects.filter(vendor=source).count(), sorted(names.values()))


def merge_vendors(*, source_id: int, target_id: int, by: User | None = None) -> MergeReceipt:
    """Let the target take over the source. The target counts as confirmed afterwards.

    Raises ``merge_with_itself``, ``vendor_not_found`` or ``vendor_merged``.
    """
    with transaction.atomic():
        source, target = _both(source_id, target_id)
        documents = list(Document.objects.filter(vendor=source).values_list("pk", flat=True))
        aliases = list(source.aliases.values_list("pk", flat=True))
        followers = list(source.merged.values_list("pk", flat=True))
        Document.objects.filter(vendor=source).update(vendor=target)
        source.aliases.update(vendor=target)
        Vendor.objects.filter(pk__in=followers).update(merged_into=target)
        same_name = alias_key(source.name) == alias_key(target.name)
        new_alias = None if same_name else keep_name(target, source.name)
        was_proposed = target.status == VendorStatus.PROPOSED
        Vendor.objects.filter(pk=target.pk).update(status=VendorStatus.CONFIRMED)
        Vendor.objects.filter(pk=source.pk).update(merged_into=target)
        moved = {"into": target.pk, "documents": len(documents), "names": len(aliases), "followers": len(followers)}
        record(Action.VENDOR_MERGED, actor=by, object=Target("vendor", source.pk), after=moved)
    return MergeReceipt(source.pk, target.pk, documents, aliases, new_alias.pk if new_alias else None, followers, was_proposed)


def undo_merge(receipt: MergeReceipt, *, by: User | None = None) -> Vendor:
    """Take a merge back: what it moved and is still with the target returns; what came later stays.

    Raises ``merge_undone`` when the source is not merged into the target any more.
    """
    with transaction.atomic():
        source = Vendor.objects.select_for_update().filter(pk=receipt.source, merged_into=receipt.target).first()
        if source is None:
            raise VendorChangeError("merge_undone", "This merge was taken back or changed already. Look at both vendors.")
        source.merged_into = None
        source.save(update_fields=["merged_into"])
        Document.objects.filter(pk__in=receipt.documents, vendor=receipt.target).update(vendor=source)
        VendorAlias.objects.filter(pk__in=receipt.aliases, vendor=receipt.target).update(vendor=source)
        if receipt.new_alias is not None:
            VendorAlias.objects.filter(pk=receipt.new_alias, vendor=receipt.target).delete()
        Vendor.objects.filter(pk__in=receipt.followers, merged_into=receipt.target).update(merged_into=source)
        if receipt.target_was_proposed:
            Vendor.objects.filter(pk=receipt.target).update(status=VendorStatus.PROPOSED)
        before = {"into": receipt.target, "documents": len(receipt.documents), "names": len(receipt.aliases)}
        record(Action.VENDOR_MERGE_UNDONE, actor=by, object=Target("vendor", source.pk), before=before)
    return source


def _both(source_id: int, target_id: int) -> tuple[Vendor, Vendor]:
    if source_id == target_id:
        raise VendorChangeError("merge_with_itself", "A vendor cannot be merged into itself. Choose another one.")
    first, second = sorted((source_id, target_id))
    vendors = {pk: open_vendor(pk) for pk in (first, second)}
    return vendors[source_id], vendors[target_id]
