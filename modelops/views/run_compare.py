"""Two to six runs side by side, and the runs of a sweep."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from invoices.models import Role
from invoices.views.guards import role_required
from modelops.charts import Caption, Datum, LineChart, Series, Unit, line_chart
from modelops.errors import NotFound, RequestInvalid
from modelops.runs.sweeping import ALPHA, RANK
from modelops.selectors.run_comparison import MOST, RunComparison, compare_runs, wanted_ids
from modelops.selectors.run_progress import curves_of
from modelops.selectors.sweeps import SweepRow, Swept, swept

_DRAWN = 120


@role_required(Role.ADMIN)
@require_safe
def run_compare(request: HttpRequest) -> HttpResponse:
    """``?runs=12,14`` or ``?runs=12&runs=14``; what cannot be compared leads back to the list with the reason."""
    try:
        compared = compare_runs(wanted_ids(",".join(request.GET.getlist("runs"))))
    except RequestInvalid as error:
        messages.error(request, error.detail)
        return redirect("runs")
    except NotFound as error:
        raise Http404(error.detail) from error
    context = {
        "section": "runs",
        "compared": compared,
        "differing": [line for line in compared.recipes if line.differs],
        "alike": [line for line in compared.recipes if not line.differs],
        "charts": _charts(compared),
    }
    return render(request, "modelops/run_compare.html", context)


@role_required(Role.ADMIN)
@require_safe
def sweep(request: HttpRequest, sweep_id: int) -> HttpResponse:
    """What each run tried and came to."""
    try:
        told = swept(sweep_id)
    except NotFound as error:
        raise Http404(error.detail) from error
    best_first = sorted((row for row in told.rows if row.run.validation_loss is not None), key=lambda row: row.run.validation_loss or 0.0)
    context = {
        "section": "runs",
        "told": told,
        "chart": _sweep_chart(told),
        "any_open": any(row.row.is_open for row in told.rows),
        "compared": ",".join(str(row.run.pk) for row in best_first[:MOST]) if len(best_first) > 1 else "",
    }
    return render(request, "modelops/sweep.html", context)


def _charts(compared: RunComparison) -> list[LineChart]:
    """Each curve over all runs: as many statements as runs, six at most."""
    curves = [(f"Run {row.run.pk}", curves_of(row.run, _DRAWN)) for row in compared.rows]
    training = [Series(name, [Datum(step, value) for step, value in found.loss]) for name, found in curves]
    validation = [Series(name, [Datum(step, value) for step, value in found.validation]) for name, found in curves]
    note = "Steps of runs with another batch are not of the same size."
    first = Caption("training", "Training loss", note=note, empty="None made a step.")
    second = Caption("validation", "Validation loss", note="After each epoch.", empty="No epoch has ended.")
    return [line_chart(caption, data, Unit.NUMBER, at_label="Step") for caption, data in ((first, training), (second, validation))]


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
