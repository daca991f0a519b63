"""Two to six runs side by side."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from invoices.models import Role
from invoices.views.guards import role_required
from modelops.charts import Caption, Datum, LineChart, Series, Unit, line_chart
from modelops.errors import NotFound, RequestInvalid
from modelops.selectors.run_comparison import RunComparison, compare_runs, wanted_ids
from modelops.selectors.run_progress import curves_of

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


def _charts(compared: RunComparison) -> list[LineChart]:
    """Each curve over all runs: as many statements as runs, six at most."""
    curves = [(f"Run {row.run.pk}", curves_of(row.run, _DRAWN)) for row in compared.rows]
    training = [Series(name, [Datum(step, value) for step, value in found.loss]) for name, found in curves]
    validation = [Series(name, [Datum(step, value) for step, value in found.validation]) for name, found in curves]
    note = "Steps of runs with another batch are not of the same size."
    first = Caption("training", "Training loss", note=note, empty="None made a step.")
    second = Caption("validation", "Validation loss", note="After each epoch.", empty="No epoch has ended.")
    return [line_chart(caption, data, Unit.NUMBER, at_label="Step") for caption, data in ((first, training), (second, validation))]
