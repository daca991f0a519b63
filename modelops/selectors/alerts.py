"""Alerts as they are listed, one alert with what was sent about it, and where alerts are sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Case, Count, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.utils import timezone

from invoices.models import Vendor
from invoices.selectors.keyset import Ordering, read_cursor, slice_of
from modelops.errors import NotFound
from modelops.models import Alert, AlertDelivery, AlertDestination, AlertKind, AlertMute

PAGE_SIZE = 30
State = Alert.State
TABS = {"open": "Open", "acknowledged": "Seen to", "muted": "Muted", "resolved": "Over"}
_RANK = Case(When(severity="now", then=Value(0)), When(severity="today", then=Value(1)), default=Value(2), output_field=IntegerField())
_URGENT = Ordering("rank", oldest_first=True)
_NEWEST = Ordering("pk", descending=True)


@dataclass(frozen=True, slots=True)
class AlertFilter:
    """What was asked for. Values that do not exist are left out, so any address works."""

    tab: str = "open"
    kind: str = ""
    vendor: int | None = None
    cursor: str = ""

    @classmethod
    def from_address(cls, query: Mapping[str, str]) -> AlertFilter:
        """Read ``?tab=&kind=&vendor=&cursor=``."""
        tab, kind, vendor = query.get("tab", "open"), query.get("kind", ""), query.get("vendor", "")
        return cls(
            tab=tab if tab in TABS else "open",
            kind=kind if kind in AlertKind.values else "",
            vendor=int(vendor) if vendor.isascii() and vendor.isdigit() and len(vendor) < 16 else None,
            cursor=query.get("cursor", ""),
        )

    @property
    def narrows(self) -> bool:
        """Whether anything inside of the tab is filtered out."""
        return bool(self.kind or self.vendor)


@dataclass(frozen=True)
class AlertList:
    """One page, with a number for each tab under the same filter."""

    rows: Sequence[Alert]
    next: str
    previous: str
    counts: dict[str, int]


def alert_list(wanted: AlertFilter) -> AlertList:
    """One page: two statements. Open ones by how soon, others the newest first."""
    alerts = Alert.objects.all()
    if wanted.kind:
        alerts = alerts.filter(kind=wanted.kind)
    if wanted.vendor is not None:
        alerts = alerts.filter(vendor=wanted.vendor)
    counts = dict.fromkeys(TABS, 0) | dict(alerts.order_by().values_list("state").annotate(Count("pk")))
    listed = alerts.filter(state=wanted.tab).select_related("vendor", "decided_by").annotate(rank=_RANK)
    page = slice_of(listed, _NEWEST if wanted.tab == State.RESOLVED else _URGENT, read_cursor(wanted.cursor), PAGE_SIZE)
    return AlertList(page.rows, page.next, page.previous, counts)


def open_alert_count() -> int:
    """How many alerts nobody has seen to: one statement on an index."""
    return Alert.objects.filter(state=State.OPEN).count()


def alert_numbered(alert_id: int) -> Alert:
    """One alert. Raises ``NotFound``."""
    alert = Alert.objects.select_related("vendor", "decided_by").filter(pk=alert_id).first()
    if alert is None:
        raise NotFound("alert_not_found", f"There is no alert {alert_id}. It may have been removed with what it was about.")
    return alert


def deliveries_of(alert: Alert) -> list[AlertDelivery]:
    """The newest messages in which it was told of first; those of a digest stand with the first alert of it."""
    return list(alert.deliveries.select_related("destination").order_by("-pk")[:PAGE_SIZE])


def earlier_ones(alert: Alert) -> list[Alert]:
    """The newest earlier alerts of the same key."""
    same = Alert.objects.filter(key=alert.key, pk__lt=alert.pk).select_related("decided_by", "vendor")
    return list(same.order_by("-pk")[:10])


def destinations() -> list[AlertDestination]:
    """All of them, active ones first, each with its newest delivery as ``last_state`` and ``last_error``: one statement."""
    last = AlertDelivery.objects.filter(destination=OuterRef("pk")).order_by("-pk")
    listed = AlertDestination.objects.select_related("created_by").annotate(
        last_state=Subquery(last.values("state")[:1]),
        last_error=Subquery(last.values("error")[:1]),
        last_at=Subquery(last.values("created_at")[:1]),
    )
    return list(listed.order_by("-is_active", "pk")[:200])


def recent_deliveries(limit: int = 15) -> list[AlertDelivery]:
    """The newest messages, with destination and alert: one statement."""
    return list(AlertDelivery.objects.select_related("destination", "alert").order_by("-pk")[:limit])


def mutes_in_force() -> QuerySet[AlertMute]:
    """Mutes of kinds and vendors that have not run out."""
    return AlertMute.objects.filter(until__gt=timezone.now()).select_related("vendor", "by").order_by("until", "pk")


def vendor_named(vendor_id: int | None) -> Vendor | None:
    """The vendor that a list is narrowed to."""
    return Vendor.objects.filter(pk=vendor_id).first() if vendor_id is not None else None
