"""Everything the dashboard shows, gathered in a bounded number of statements, whatever is stored."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import F, Sum

from invoices.models import Document, DocumentStatus, Vendor
from invoices.serving import accepts_documents, fixed_by, serving, serving_model
from labeling.models import GoldRecord, SuspectGold, TaskKind
from modelops.charts import Unit, say
from modelops.dashboard.actions import Facts
from modelops.dashboard.board import Board, VendorRow
from modelops.dashboard.change import MOST_DAYS, Change, change
from modelops.dashboard.headline import Headline, headline
from modelops.dashboard.periods import Window, periods
from modelops.dashboard.station import Station
from modelops.models import DailyMetric, Deployment, ModelVersion
from modelops.monitoring.estimates import Unknown
from modelops.monitoring.totals import Totals
from modelops.selectors import metrics, models_standing
from modelops.selectors.metrics_calibration import calibration_of
from modelops.selectors.waiting import Line, escalated_count, overdue_count, waiting_lines

MOST_VENDORS = 10
"""Vendors of the ranking."""


@dataclass(frozen=True)
class Serving:
    """What serves. ``name`` is ``Model 4`` or ``Templates alone``; ``since`` and ``by`` are blank for what came with the product.

    ``change`` holds the days before it against those since; ``None`` where nothing served before. ``read`` is how many of the newest
    readings it had a part in. ``state``: serving | waiting (no worker reads with it yet) | refused (a worker cannot).
    ``fixed``: the setting that says what serves, so that no deployment does.
    """

    name: str
    since: dt.datetime | None
    by: str
    before: str
    change: Change | None
    read: int
    state: str = "serving"
    fixed: str = ""


@dataclass(frozen=True)
class Dashboard:
    """The page, without what the processes say."""

    board: Board
    headline: Headline
    lines: list[Line]
    serving: Serving
    facts: Facts

    @property
    def waiting(self) -> int:
        """All open tasks."""
        return sum(line.count for line in self.lines)

    @property
    def oldest_seconds(self) -> int:
        """Age of the oldest of them."""
        return max((line.oldest_seconds for line in self.lines), default=0)

    @property
    def straight_through(self) -> str:
        """The share of what was read that went through, in words."""
        share = self.board.totals.straight_through
        return "nothing was read" if share is None else say(share, Unit.SHARE)


def dashboard(window: Window, links: dict[str, str], station: Station | None) -> Dashboard:
    """Gather. ``links`` are addresses by the name of the page."""
    board = board_of(window, links)
    active = models_standing.active_deployments()
    lines = waiting_lines()
    reads = _serving(active.get(Deployment.Slot.CHAMPION))
    return Dashboard(board, headline(board.totals), lines, reads, _facts(board, active, lines, station))


def board_of(window: Window, links: dict[str, str]) -> Board:
    """The numbers of the charts: seven statements. Trends begin with the first day that was counted."""
    days = metrics.series(window.start, window.end)
    counted = [day for day in days if day.counted]
    since = counted[0].day if counted else window.start
    shown = [day for day in days if day.day >= since]
    totals = Totals.of(day.totals.newest for day in counted if day.totals.newest)
    return Board(
        window=window,
        periods=periods(shown) if counted else [],
        daily=periods(shown, 1) if counted else [],
        totals=totals,
        calibration=calibration_of(totals),
        vendors=_vendors(window),
        deployed=models_standing.deployed_between(since, window.end),
        costs=models_standing.run_costs(window.start, window.end),
        links=links,
    )


def _vendors(window: Window) -> list[VendorRow]:
    """Those with the most wrong values, and then those of which most is known: three statements, and rows of so many vendors alone."""
    rows = DailyMetric.objects.filter(day__gte=window.start, day__lte=window.end, vendor__isnull=False)
    judged = rows.values("vendor").annotate(judged=Sum("judged_values"), wrong=Sum(F("judged_values") - F("right_values")))
    wanted = list(judged.filter(judged__gt=0).order_by("-wrong", "-judged", "vendor").values_list("vendor", flat=True)[:MOST_VENDORS])
    totals: dict[int, Totals] = defaultdict(Totals)
    for row in rows.filter(vendor__in=wanted).order_by("day", "pk"):
        totals[row.vendor_id or 0].add(row)
    names = dict(Vendor.objects.filter(pk__in=wanted).values_list("pk", "name"))
    return [VendorRow(pk, names[pk], totals[pk]) for pk in wanted if pk in names]


def _serving(champion: Deployment | None) -> Serving:
    fixed = fixed_by()
    if champion is None or fixed:
        return Serving(_served_name(), None, "", "", None, 0, fixed=fixed)
    at = champion.at.date()
    before = champion.replaces
    changed = None
    if before is not None:
        around = metrics.series(at - dt.timedelta(days=MOST_DAYS), at + dt.timedelta(days=MOST_DAYS))
        changed = change(at, around)
    name = models_standing.deployment_label(champion)
    read = models_standing.readings_of(champion.model.model_id, models_standing.LATEST_READINGS) if champion.model else 0
    by = (champion.by.get_full_name() or champion.by.username) if champion.by else ""
    state = "refused" if champion.refusal else "serving" if champion.taken_up_at or champion.model is None or read else "waiting"
    return Serving(name, champion.at, by, models_standing.deployment_label(before) if before else "", changed, read, state)


def _served_name() -> str:
    """What serves without a deployment: by its number where it is registered."""
    served = serving().champion
    if served is None:
        return "Templates alone"
    known = ModelVersion.objects.filter(model_id=served.model_id).values_list("number", flat=True).first()
    return f"Model {known}" if known is not None else "The model that came with the product" if not fixed_by() else served.model_id


def _facts(board: Board, active: dict[str, Deployment], lines: list[Line], station: Station | None) -> Facts:
    by_kind: dict[str, Line] = {line.kind: line for line in lines}
    broken, running = models_standing.latest_run()
    dataset, used, newer = models_standing.newest_dataset()
    return Facts(
        documents=Document.objects.exists(),
        problems=station.problems if station else (),
        alerts=tuple(models_standing.open_alerts()),
        failed=Document.objects.filter(status=DocumentStatus.FAILED).count(),
        adjudications=by_kind[TaskKind.ADJUDICATE].count,
        adjudications_oldest=by_kind[TaskKind.ADJUDICATE].oldest_seconds,
        reviews=by_kind[TaskKind.REVIEW].count,
        reviews_oldest=by_kind[TaskKind.REVIEW].oldest_seconds,
        escalated=escalated_count(),
        overdue=overdue_count(),
        suspects=SuspectGold.objects.filter(state=SuspectGold.State.OPEN).count(),
        proposals=tuple(models_standing.open_proposals()),
        candidates=tuple(models_standing.candidates()),
        refusal=next((row.refusal for row in active.values() if row.refusal), ""),
        canary=models_standing.canary_of(active.get(Deployment.Slot.CANARY)),
        broken_run=broken,
        running=running,
        held_out=models_standing.has_held_out(),
        gold=GoldRecord.objects.filter(is_current=True).count(),
        new_gold=newer,
        dataset=dataset,
        dataset_used=used,
        judged_documents=board.totals.numbers["judged_documents"],
        passed_unchecked=board.totals.values.unknown == Unknown.NO_AUDITS,
        model_serves=serving_model() is not None,
        certified=accepts_documents(),
        off_by=board.calibration.ece,
        off_values=board.calibration.values,
    )
