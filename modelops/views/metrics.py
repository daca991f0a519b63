"""The metrics screen: days as charts with their tables, vendors side by side, and from a day to the documents behind it."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from invoices.models import Role, Vendor
from invoices.views.guards import role_required
from labeling.guidelines.fields import FIELDS
from labeling.selectors.documents import vendor_choices
from modelops.charts import Event
from modelops.errors import ModelopsError
from modelops.models import CountedDay, Deployment
from modelops.monitoring.days import day_of, end_of, start_of
from modelops.monitoring.estimates import SENTENCES
from modelops.monitoring.sums import AUDIT, SEEN
from modelops.monitoring.totals import Totals
from modelops.selectors.metrics import MOST_DAYS, by_vendor, check_range, known_vendor, series
from modelops.selectors.metrics_calibration import calibration_of
from modelops.selectors.metrics_costs import costs
from modelops.selectors.metrics_documents import SHOWN, documents_behind
from modelops.views import metrics_charts as charts

SPANS = (7, 30, 90, 365)
MOST_EVENTS = 12


@role_required(Role.ADMIN)
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Some days of all vendors, or of the one in the address."""
    start, end = _days(request)
    vendor = _vendor(request)
    days = series(start, end, vendor.pk if vendor else None)
    before = dt.date.fromordinal(max(1, start.toordinal() - charts.ROLLING + 1))
    earlier = series(before, start, vendor.pk if vendor else None)[:-1]
    total = Totals.of(day.totals.newest for day in days if day.totals.newest)
    asked = {"from": start.isoformat(), "to": end.isoformat()}
    own = {**asked, **({"vendor": str(vendor.pk)} if vendor else {})}
    to = charts.Addresses(own, vendor.pk if vendor else None)
    found = by_vendor(start, end) if vendor is None else []
    held = calibration_of(total)
    context = {
        **_shared(start, end, vendor),
        "total": total,
        "seen": (total.documents_of(SEEN), total.values_of(SEEN)),
        "audited": (total.documents_of(AUDIT), total.values_of(AUDIT)),
        "why": SENTENCES.get(total.documents.unknown, ""),
        "accuracy": charts.accuracy(days, earlier, _events(start, end), to),
        "vendors": charts.vendors(found, asked) if found else None,
        "vendor_count": len(found),
        "shown_vendors": charts.MOST_VENDORS,
        "small": [
            charts.throughput(days, to),
            charts.waiting(days, to),
            charts.straight_through(days, to),
            charts.oldest(days, to),
            charts.minutes(days, to),
            charts.bands(days, to),
            charts.ocr(days, to),
            charts.novel(days, to),
        ],
        "confidence": charts.confidence(total, to),
        "reliability": charts.promises(held),
        "held": held,
        "corrections": charts.corrections(total, to),
        "cost": costs(start, end, total, of_all=vendor is None),
        "days": [(day, to.day(day, "settled")) for day in reversed(days) if day.counted],
        "stale": CountedDay.objects.filter(stale=True, day__gte=start, day__lte=end, day__lt=day_of(timezone.now())).count(),
        "csv": to.csv,
    }
    return render(request, "modelops/metrics.html", context)


@role_required(Role.ADMIN)
@require_safe
def metrics_day(request: HttpRequest, day: str) -> HttpResponse:
    """One day, of all or of one vendor: its numbers, its vendors, and the documents behind them."""
    try:
        asked = dt.date.fromisoformat(day)
        before, after = (asked + dt.timedelta(days=step) for step in (-1, 1))
    except (ValueError, OverflowError) as error:
        raise Http404(f"{day} is no day.") from error
    vendor = _vendor(request)
    own = {"vendor": str(vendor.pk)} if vendor else {}
    show = request.GET.get("show", "")
    show = show if show in SHOWN else "settled"
    totals = series(asked, asked, vendor.pk if vendor else None)[0]
    lists = [(name, label, f"?{urlencode({**own, 'show': name})}") for name, label in SHOWN.items()]
    found = by_vendor(asked, asked) if vendor is None else []
    context = {
        **_shared(asked, asked, vendor),
        "day": totals,
        "seen": (totals.totals.documents_of(SEEN), totals.totals.values_of(SEEN)),
        "audited": (totals.totals.documents_of(AUDIT), totals.totals.values_of(AUDIT)),
        "why": SENTENCES.get(totals.totals.documents.unknown, ""),
        "before": f"{reverse('metrics-day', args=[before])}?{urlencode({**own, 'show': show})}",
        "after": f"{reverse('metrics-day', args=[after])}?{urlencode({**own, 'show': show})}",
        "lists": lists,
        "show": show,
        "show_label": SHOWN[show],
        "listed": documents_behind(asked, vendor.pk if vendor else None, show, request.GET.get("cursor", "")),
        "fields": FIELDS,
        "found": found[:50],
        "found_count": len(found),
        "without_vendor": f"?{urlencode({'show': show})}",
        "counted": CountedDay.objects.filter(day=asked).first(),
    }
    return render(request, "modelops/metrics_day.html", context)


def _shared(start: dt.date, end: dt.date, vendor: Vendor | None) -> dict[str, Any]:
    today = day_of(timezone.now())
    own = {"vendor": str(vendor.pk)} if vendor else {}
    starts = {days: today - dt.timedelta(days=days - 1) for days in SPANS}
    spans = [
        (days, f"{reverse('metrics')}?{urlencode({'from': first.isoformat(), 'to': today.isoformat(), **own})}")
        for days, first in starts.items()
    ]
    vendors = vendor_choices()
    if vendor is not None and vendor.pk not in {pk for pk, _ in vendors}:
        vendors = [(vendor.pk, vendor.name), *vendors]
    newest = CountedDay.objects.filter(counted_at__isnull=False).order_by("-counted_at").first()
    return {
        "section": "metrics",
        "start": start,
        "end": end,
        "today": today,
        "vendor": vendor,
        "choices": vendors,
        "spans": spans,
        "span": (end - start).days + 1 if end == today else 0,
        "newest": newest,
        "most": MOST_DAYS,
    }


def _days(request: HttpRequest) -> tuple[dt.date, dt.date]:
    """The days in the address; what cannot be is said, and the last 30 days are shown."""
    today = day_of(timezone.now())
    usual = today - dt.timedelta(days=29), today
    first, last = request.GET.get("from", ""), request.GET.get("to", "")
    try:
        end = dt.date.fromisoformat(last) if last else today
        start = dt.date.fromisoformat(first) if first else dt.date.fromordinal(max(1, end.toordinal() - 29))
        check_range(start, end)
    except ValueError:
        messages.error(request, f"“{(first or last)[:20]}” is no day; the last 30 days are shown. Choose the days in the form.")
        return usual
    except ModelopsError as error:
        messages.error(request, f"{error.detail} The last 30 days are shown.")
        return usual
    return start, end


def _vendor(request: HttpRequest) -> Vendor | None:
    text = request.GET.get("vendor", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise Http404("There is no such vendor.")
    try:
        return known_vendor(int(text))
    except ModelopsError as error:
        raise Http404(error.detail) from error


def _events(start: dt.date, end: dt.date) -> list[Event]:
    """What began to serve on these days, the newest few."""
    found = Deployment.objects.filter(at__gte=start_of(start), at__lt=end_of(end)).select_related("model").order_by("-at")[:MOST_EVENTS]
    return [Event(day_of(one.at), f"Model {one.model.number}" if one.model else "Templates alone") for one in reversed(found)]
