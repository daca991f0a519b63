"""Sweeps: a page of them, and one with its runs side by side."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from invoices.models import Role
from invoices.views.guards import role_required
from modelops.charts import Caption, Datum, LineChart, Series, Unit, line_chart
from modelops.errors import NotFound
from modelops.runs.sweeping import ALPHA, RANK
from modelops.selectors.run_comparison import MOST
from modelops.selectors.sweeps import ORDERS, SweepRow, Swept, sweep_list, swept


@role_required(Role.ADMIN)
@require_safe
def sweeps(request: HttpRequest) -> HttpResponse:
    """The newest first: what was tried, what came of it, what it took."""
    listed = sweep_list(request.GET.get("cursor", ""))
    context = {"section": "runs", "listed": listed, "any_open": any(row.row.is_open for told in listed.rows for row in told.rows)}
    return render(request, "modelops/sweeps.html", context)


@role_required(Role.ADMIN)
@require_safe
def sweep(request: HttpRequest, sweep_id: int) -> HttpResponse:
    """What each run tried and came to, in the order that ``?by=`` names."""
    try:
        told = swept(sweep_id)
    except NotFound as error:
        raise Http404(error.detail) from error
    by = request.GET.get("by", "")
    best_first = [row for row in told.ordered("loss") if row.run.validation_loss is not None]
    context = {
        "section": "runs",
        "told": told,
        "by": by if by in ORDERS else next(iter(ORDERS)),
        "orders": list(ORDERS.items()),
        "rows": told.ordered(by),
        "chart": _sweep_chart(told),
        "any_open": any(row.row.is_open for row in told.rows),
        "compared": ",".join(str(row.run.pk) for row in best_first[:MOST]) if len(best_first) > 1 else "",
    }
    return render(request, "modelops/sweep.html", context)


def _sweep_chart(told: Swept) -> LineChart | None:
    """Validation loss over the first axis, a line for each combination of the others."""
    if not told.paths:
        return None
    lines: dict[str, list[Datum]] = {}
    for row in told.rows:
        if row.run.validation_loss is not None and row.values[0] is not None:
            for name in _names(told, row):
                lines.setdefault(name, []).append(Datum(float(row.values[0]), row.run.validation_loss))
    caption = Caption("sweep", f"Validation loss by {told.labels[0].lower()}", empty="No run has ended an epoch yet.")
    return line_chart(caption, [Series(name, data) for name, data in lines.items()], Unit.NUMBER, at_label=told.labels[0], width=1240)


def _names(told: Swept, row: SweepRow) -> list[str]:
    """The lines that a run is on. Where alpha follows from the rank there are two: those of the same alpha, and those of the same ratio."""
    values = dict(zip(told.paths, row.values, strict=True))
    rest = [f"{label} {values[path]:g}" for path, label in zip(told.paths[1:], told.labels[1:], strict=True) if path != ALPHA]
    if told.paths[0] != RANK or values.get(ALPHA) is None:
        rest += [f"Alpha {values[ALPHA]:g}"] if values.get(ALPHA) is not None else []
        return [", ".join(rest) or "Validation loss"]
    others = [dict(zip(told.paths, other.values, strict=True)) for other in told.rows if other is not row]
    alike = {
        f"alpha {values[ALPHA]:g}": any(other[ALPHA] == values[ALPHA] and other[RANK] != values[RANK] for other in others),
        f"alpha {values[ALPHA] / values[RANK]:g} × rank": any(
            other[ALPHA] * values[RANK] == values[ALPHA] * other[RANK] and other[RANK] != values[RANK] for other in others
        ),
    }
    named = [name for name, several in alike.items() if several] or [next(iter(alike))]
    return [", ".join([name.capitalize(), *rest]) for name in named]
