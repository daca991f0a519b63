"""The dashboard, for admins: one page, and the numbers of each of its charts as a file."""

from __future__ import annotations

import csv

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from invoices.models import Role
from invoices.spreadsheets import Written, guarded
from invoices.views.guards import role_required
from modelops.dashboard.actions import Action, next_actions
from modelops.dashboard.drawings import CHARTS, lately
from modelops.dashboard.headline import TARGET
from modelops.dashboard.periods import RANGES, Window
from modelops.dashboard.sheets import SHEETS, rows
from modelops.dashboard.station import look_at_station
from modelops.selectors.dashboard import board_of
from modelops.selectors.dashboard import dashboard as gather

PAGES = (
    *("dashboard-chart", "metrics", "models", "serving", "runs", "alerts", "triggers", "datasets", "quality", "queue", "review"),
    *("adjudications", "health", "policy", "thresholds", "suspects", "failures", "documents"),
)
"""Pages that the dashboard leads to, by the names of their addresses; one that does not exist is not linked."""

ACTIONS_SHOWN = 7
"""Actions that are seen without opening the rest."""


@role_required(Role.ADMIN)
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """``?days=`` 30, 90 or 365: the days that charts and figures are of."""
    window = Window.from_address(request.GET.dict(), timezone.now().date())
    station = look_at_station()
    links = page_links()
    found = gather(window, links, station)
    actions = [(action, _address(action, links)) for action in next_actions(found.facts)]
    context = {
        "section": "dashboard",
        "found": found,
        "station": station,
        "window": window,
        "ranges": RANGES,
        "links": links,
        "target": TARGET,
        "actions": actions[:ACTIONS_SHOWN],
        "more_actions": actions[ACTIONS_SHOWN:],
        "lines": [(line, links.get(line.page, "")) for line in found.lines],
        "spark": lately(found.board),
        "charts": {name.replace("-", "_"): draw(found.board) for name, draw in CHARTS.items()},
    }
    return render(request, "modelops/dashboard.html", context)


@role_required(Role.ADMIN)
@require_safe
def chart_file(request: HttpRequest) -> HttpResponse:
    """``?name=&days=``: the numbers behind a chart as CSV."""
    name = request.GET.get("name", "accuracy")
    if name not in SHEETS:
        raise Http404(f"There is no chart {name[:60]!r}; there are {', '.join(SHEETS)}.")
    window = Window.from_address(request.GET.dict(), timezone.now().date())
    sink = Written()
    writer = csv.writer(sink)
    for row in rows(board_of(window, {}), name):
        writer.writerow(["" if cell is None else guarded(cell) if isinstance(cell, str) else cell for cell in row])
    headers = {"Content-Disposition": f'attachment; filename="{name}-{window.days}-days-{window.end}.csv"'}
    return HttpResponse(sink.take(), content_type="text/csv; charset=utf-8", headers=headers)


def page_links() -> dict[str, str]:
    """Addresses of the pages that exist."""
    found = {name: _reversed(name) for name in PAGES}
    return {name: address for name, address in found.items() if address}


def _address(action: Action, links: dict[str, str]) -> str:
    """The page of the one thing, or the page of all of its kind."""
    if action.detail and (address := _reversed(action.detail, action.key)):
        return address
    address = links.get(action.page, "")
    return f"{address}?{action.query}" if address and action.query else address


def _reversed(name: str, *keys: int) -> str:
    try:
        return reverse(name, args=keys)
    except NoReverseMatch:
        return ""
