"""``metrics/``: how right, how sure, how many, how long, day by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from invoices.api.access import person
from invoices.api.problems import Problem
from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from invoices.models import Vendor
from modelops.api import metrics_forms as forms
from modelops.api.base import ModelopsView
from modelops.errors import RequestInvalid
from modelops.monitoring.days import day_of
from modelops.monitoring.totals import Totals
from modelops.selectors.metrics import by_vendor, known_vendor, series
from modelops.selectors.metrics_calibration import calibration
from modelops.selectors.metrics_csv import day_lines, vendor_lines
from modelops.selectors.metrics_documents import documents_behind

DAYS = 30
"""Days that are told of where none are asked for."""

_REFUSED = {400: Problem, 403: Problem, 404: Problem}
_CSV = {(200, "text/csv"): OpenApiResponse(OpenApiTypes.STR)}


def asked(form: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """The checked query. Raises DRF's ``ValidationError``."""
    checked = form(data=request.query_params)
    checked.is_valid(raise_exception=True)
    return dict(checked.validated_data)


def days_asked(wanted: dict[str, Any]) -> tuple[dt.date, dt.date]:
    """The first and the last day: of one that is given alone ``DAYS`` days from or up to it."""
    today = day_of(timezone.now())
    first: dt.date | None = wanted.get("from")
    last: dt.date | None = wanted.get("to")
    if first is None:
        last = last or today
        return dt.date.fromordinal(max(1, last.toordinal() - DAYS + 1)), last
    return first, last or dt.date.fromordinal(max(first.toordinal(), min(today.toordinal(), first.toordinal() + DAYS - 1)))


def streamed(lines: Iterator[str], name: str) -> StreamingHttpResponse:
    """A file to save."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


class DailyMetricsView(ModelopsView):
    """``metrics/daily/``."""

    @extend_schema(
        operation_id="metrics_daily",
        tags=["metrics"],
        parameters=[forms.MetricsQuery],
        responses={(200, "application/json"): forms.MetricsDaily, **_CSV, **_REFUSED},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Days, of all or of one vendor, and what they come to. As CSV it is recorded as an export."""
        wanted = asked(forms.MetricsQuery, request)
        start, end = days_asked(wanted)
        vendor = known_vendor(wanted["vendor"]) if "vendor" in wanted else None
        days = series(start, end, vendor.pk if vendor else None)
        if wanted["format"] == "csv":
            export(request, start, end, vendor)
            return streamed(day_lines(days, vendor.name if vendor else ""), f"metrics-{start}-{end}.csv")
        total = Totals.of(day.totals.newest for day in days if day.totals.newest)
        told = {"from": start.isoformat(), "to": end.isoformat(), "vendor": _named(vendor), "total": total.to_json()}
        return Response({**told, "days": [day.to_json() for day in days]})


class VendorMetricsView(ModelopsView):
    """``metrics/vendors/``."""

    @extend_schema(
        operation_id="metrics_vendors",
        tags=["metrics"],
        parameters=[forms.MetricsVendorsQuery],
        responses={(200, "application/json"): forms.MetricsVendors, **_CSV, **_REFUSED},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Vendors side by side, the one whose values may be least right first. As CSV it is recorded as an export."""
        wanted = asked(forms.MetricsVendorsQuery, request)
        start, end = days_asked(wanted)
        found = by_vendor(start, end)
        if wanted["format"] == "csv":
            export(request, start, end, None)
            return streamed(vendor_lines(found, f"{start} to {end}"), f"vendors-{start}-{end}.csv")
        results = [{"vendor": _named(one.vendor), **one.totals.to_json()} for one in found]
        return Response({"from": start.isoformat(), "to": end.isoformat(), "results": results})


class DayDocumentsView(ModelopsView):
    """``metrics/daily/{day}/documents/``."""

    @extend_schema(
        operation_id="metrics_day_documents",
        tags=["metrics"],
        parameters=[forms.MetricsBehindQuery],
        responses={200: forms.MetricDocuments, **_REFUSED},
    )
    def get(self, request: Request, day: str) -> Response:
        """The documents behind the numbers of a day, in pages, the newest first."""
        wanted = asked(forms.MetricsBehindQuery, request)
        vendor = known_vendor(wanted["vendor"]) if "vendor" in wanted else None
        page = documents_behind(a_day(day), vendor.pk if vendor else None, wanted["show"], wanted["cursor"])
        results = [row.to_json() for row in page.rows]
        return Response({"next": page.next or None, "previous": page.previous or None, "results": results})


class CalibrationView(ModelopsView):
    """``metrics/calibration/``."""

    @extend_schema(
        operation_id="metrics_calibration",
        tags=["metrics"],
        parameters=[forms.MetricsQuery],
        responses={200: forms.MetricCalibration, **_REFUSED},
    )
    def get(self, request: Request) -> Response:
        """Whether what was said of values holds, beside what was measured when the model was tested."""
        wanted = asked(forms.MetricsQuery, request)
        vendor = known_vendor(wanted["vendor"]) if "vendor" in wanted else None
        return Response(calibration(*days_asked(wanted), vendor.pk if vendor else None).to_json())


def a_day(text: str) -> dt.date:
    """A day as it stands in an address. Raises ``RequestInvalid``."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise RequestInvalid("day_invalid", f"{text[:20]!r} is no day; write it as 2026-11-26.") from error


def export(request: Request, start: dt.date, end: dt.date, vendor: Vendor | None) -> None:
    """Write an export down."""
    told = {"from": start.isoformat(), "to": end.isoformat(), "format": "csv", **({"vendor": vendor.pk} if vendor else {})}
    record(Action.METRICS_EXPORTED, actor=person(request), object=Target("metrics"), after=told)


def _named(vendor: Vendor | None) -> dict[str, Any] | None:
    return {"id": vendor.pk, "name": vendor.name} if vendor else None
