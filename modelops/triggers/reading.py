"""What the rules of triggers are given: gold by vendor, drops that alerts found, the age of the newest data set."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from labeling.models import GoldRecord
from mlcore.alerting.wanting import FoundDrop, VendorGold
from modelops.alerts.reading import outward_names
from modelops.models import Alert, AlertKind, DatasetItem, DatasetVersion, ModelVersion, Side, VendorSide


@dataclass(frozen=True, slots=True)
class Age:
    """Days since the newest frozen data set, or since the first gold record (``version`` 0); ``days`` is ``None`` without any gold."""

    days: float | None
    version: int
    gold_since: int


def gold_by_vendor(least: int) -> list[VendorGold]:
    """Vendors with at least ``least`` current gold records, those that were merged under the one that took them over. Four statements."""
    owner = Coalesce("vendor__merged_into_id", "vendor_id")
    current = GoldRecord.objects.filter(is_current=True, vendor__isnull=False).order_by()
    counts = dict(current.annotate(owner=owner).values_list("owner").annotate(count=Count("pk")).filter(count__gte=max(1, least)))
    names, learned, held_out = outward_names(list(counts)), learned_vendors(list(counts)), held_out_vendors(list(counts))
    return [
        VendorGold(vendor, names.get(vendor, f"Vendor {vendor}"), count, vendor in learned, vendor in held_out)
        for vendor, count in sorted(counts.items())
    ]


def learned_vendors(vendors: Iterable[int]) -> set[int]:
    """Those of them that anything in any registered model was learned from."""
    keys = {key for known in ModelVersion.objects.values_list("trained_vendors", flat=True) for key in known}
    return {vendor for vendor in vendors if str(vendor) in keys}


def held_out_vendors(vendors: Iterable[int]) -> set[int]:
    """Those of them that nothing is ever learned from."""
    sides = VendorSide.objects.filter(vendor__in=list(vendors)).exclude(side=Side.TRAIN)
    return set(sides.values_list("vendor_id", flat=True))


def found_drops() -> list[FoundDrop]:
    """Drops that alerts have found and that did not pass by themselves; one statement, and one for each of them."""
    passed = Q(state=Alert.State.RESOLVED) & (Q(decided_at=None) | ~Q(decided_at=F("resolved_at")))
    alerts = list(Alert.objects.filter(kind=AlertKind.VENDOR_ACCURACY, vendor__isnull=False).exclude(passed).order_by("-pk")[:500])
    newest = {alert.vendor_id: alert for alert in reversed(alerts)}  # the newest of a vendor is written last
    ids = [pk for pk in newest if pk is not None]
    names, held_out = outward_names(ids), held_out_vendors(ids)
    return [
        FoundDrop(
            alert=alert.pk,
            vendor=vendor,
            name=names.get(vendor, f"Vendor {vendor}"),
            points=100 * float(alert.value or 0),
            examples_since=gold_since(vendor, alert.first_seen),
            found=alert.first_seen.isoformat(),
            held_out=vendor in held_out,
        )
        for vendor in sorted(ids)
        for alert in (newest[vendor],)
    ]


def gold_since(vendor: int, since: dt.datetime) -> int:
    """Current gold records of a vendor, with those that it took over, since then."""
    own = Q(vendor=vendor) | Q(vendor__merged_into=vendor)
    return GoldRecord.objects.filter(own, is_current=True, created_at__gt=since).count()


def age_of_data() -> Age:
    """Two statements."""
    newest = DatasetVersion.objects.filter(state=DatasetVersion.State.FROZEN).order_by("-number").values_list("number", "frozen_at").first()
    current = GoldRecord.objects.filter(is_current=True)
    if newest is None or newest[1] is None:
        first = current.order_by("pk").values_list("created_at", flat=True).first()
        return Age(_days(first) if first else None, 0, current.count() if first else 0)
    return Age(_days(newest[1]), newest[0], current.filter(created_at__gt=newest[1]).count())


def learned_since(vendor: int, since: dt.datetime, version: DatasetVersion) -> int:
    """Records of a vendor confirmed after ``since`` that a version teaches."""
    own = Q(gold__vendor=vendor) | Q(gold__vendor__merged_into=vendor)
    return DatasetItem.objects.filter(own, version=version, side=Side.TRAIN, removed_at=None, gold__created_at__gt=since).count()


def _days(then: dt.datetime) -> float:
    return (timezone.now() - then).total_seconds() / 86_400
