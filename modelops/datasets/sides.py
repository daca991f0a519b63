"""The rows that say on which side each vendor is: read, drawn for new vendors, and assigned by an admin."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from invoices.models import Role, User, Vendor
from modelops.datasets.siding import Decision, Group
from modelops.errors import NotFound, Refused, RequestInvalid
from modelops.models import DatasetItem, Side, VendorSide

MAX_REASON = 300
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored of a vendor's side. ``fixed``: data sets hold documents of it, so it stays."""

    side: Side
    group: str
    fixed: bool


def known_sides() -> dict[int, Known]:
    """Every vendor that has a side: one statement."""
    rows = VendorSide.objects.annotate(fixed=_in_versions()).order_by("vendor_id")
    return {pk: Known(Side(side), group, fixed) for pk, side, group, fixed in rows.values_list("vendor_id", "side", "group", "fixed")}


def settle_sides(groups: Collection[Group], decided: Mapping[int, Decision], known: Mapping[int, Known]) -> dict[int, Side]:
    """Store what was decided and answer the side of every vendor; inside a transaction.

    New vendors get the side of their group. A vendor that is on a weaker side than its group moves to the group's as long as no data set
    holds a document of it; else it stays, and its documents are left out of what is frozen from now on.
    """
    sides: dict[int, Side] = {}
    new: list[VendorSide] = []
    for group in groups:
        decision = decided.get(group.root)
        if decision is None:
            continue
        reason, name = decision.reason[:MAX_REASON], group.name
        for vendor in group.vendors:
            have = known.get(vendor)
            sides[vendor] = decision.side if have is None or not have.fixed else have.side
            if have is None:
                new.append(VendorSide(vendor_id=vendor, side=decision.side, group=name, reason=reason))
            elif sides[vendor] != have.side:
                VendorSide.objects.filter(vendor=vendor).update(side=decision.side, group=name, reason=reason)
            elif have.group != name:
                VendorSide.objects.filter(vendor=vendor).update(group=name)
    for start in range(0, len(new), _AT_ONCE):
        VendorSide.objects.bulk_create(new[start : start + _AT_ONCE])
    return sides


def assign_side(*, by: User, vendor_id: int, side: str, reason: str) -> VendorSide:
    """Put a vendor, and all that belong together with it, on a side, as long as nothing is frozen that contradicts.

    Raises ``NotFound``, ``RequestInvalid`` (``side_unknown``, ``reason_missing``, ``reason_too_long``) and ``Refused`` (``side_fixed``).
    """
    wanted, why = _checked(by, side, reason)
    with transaction.atomic():
        vendor = Vendor.objects.filter(pk=vendor_id).first()
        if vendor is None:
            raise NotFound("vendor_not_found", f"There is no vendor {vendor_id}. Search for it by name.")
        members = belongs_together(vendor)
        before = dict(VendorSide.objects.filter(vendor__in=members).values_list("vendor_id", "side"))
        name = VendorSide.objects.filter(vendor__in=members).exclude(group="").values_list("group", flat=True).first()
        group = name or f"vendor-{min(members)}"
        _refuse_fixed(members, wanted)
        try:
            with transaction.atomic():
                for member in members:
                    values = {"side": wanted, "group": group, "reason": why, "assigned_by": by}
                    VendorSide.objects.update_or_create(vendor_id=member, defaults=values)
        except IntegrityError as error:  # a version was frozen in this moment; the database holds
            raise _fixed(members) from error
        after = {"side": wanted.value, "vendors": len(members)}
        told = {"side": before.get(vendor_id)}
        record(Action.VENDOR_SIDE_CHANGED, actor=by, object=Target("vendor", vendor_id), before=told, after=after)
    return VendorSide.objects.select_related("vendor").get(vendor=vendor_id)


def belongs_together(vendor: Vendor) -> list[int]:
    """The vendor and those that are known to belong together with it: merged ones, and its group. Two statements."""
    standing = vendor.merged_into_id or vendor.pk
    ids = set(Vendor.objects.filter(Q(pk=standing) | Q(merged_into=standing)).values_list("pk", flat=True))
    groups = VendorSide.objects.filter(vendor__in=ids).exclude(group="").values("group")
    return sorted(ids | set(VendorSide.objects.filter(group__in=groups).values_list("vendor_id", flat=True)))


def held_out_vendors() -> list[int]:
    """Vendors that nothing is learned from."""
    return list(VendorSide.objects.filter(side=Side.TEST).order_by("vendor_id").values_list("vendor_id", flat=True))


def _in_versions() -> Exists:
    return Exists(DatasetItem.objects.filter(vendor=OuterRef("vendor")))


def _checked(by: User, side: str, reason: str) -> tuple[Side, str]:
    if not by.has_role(Role.ADMIN):
        raise Refused("admin_needed", "On which side a vendor is, is the admins' to say.")
    if side not in Side.values:
        raise RequestInvalid("side_unknown", f"{side[:40]!r} is no side; choose one of {', '.join(Side.values)}.")
    why = " ".join(reason.split())
    if not why:
        raise RequestInvalid("reason_missing", "Say why the vendor is on this side: it stays there for good once a data set is frozen.")
    if len(why) > MAX_REASON:
        raise RequestInvalid("reason_too_long", f"The reason has {len(why)} characters; the limit is {MAX_REASON}. Shorten it.")
    return Side(side), why


def _refuse_fixed(members: Sequence[int], wanted: Side) -> None:
    if DatasetItem.objects.filter(vendor__in=members).exclude(side=wanted).exists():
        raise _fixed(members)


def _fixed(members: Sequence[int]) -> Refused:
    others = f" or of a vendor that belongs together with it ({len(members)} in all)" if len(members) > 1 else ""
    return Refused("side_fixed", f"Data sets hold documents of this vendor{others} on another side, so it stays on the side that it has.")
