"""What of a run changes while somebody looks at it: stages, figures, curves, a piece of HTML each; and a mark that tells versions apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest
from django.template.loader import render_to_string

from labeling.api.answers import instant
from modelops.charts import Caption, Datum, LineChart, Series, Unit, line_chart
from modelops.models import RunLine, RunStage, RunState, TrainingRun
from modelops.selectors.run_progress import Curves, curves_of
from modelops.selectors.runs import RunRow

CHART_NAME: Final = "loss"
OVER: Final = (RunState.FINISHED, RunState.STOPPED, RunState.FAILED)


@dataclass(frozen=True, slots=True)
class Rung:
    """A stage on the ladder. ``state``: done | here | to come | broken."""

    label: str
    state: str


def ladder(run: TrainingRun) -> list[Rung]:
    """The stages in their order, without the last, which is none."""
    order: list[RunStage] = [stage for stage in RunStage if stage != RunStage.DONE]
    at = len(order) if run.stage == RunStage.DONE else order.index(RunStage(run.stage))
    here = "here" if run.state in (RunState.RUNNING, RunState.STOPPING) else "broken" if run.state == RunState.FAILED else "to come"
    return [Rung(stage.label, "done" if n < at else here if n == at else "to come") for n, stage in enumerate(order)]


def loss_chart(run: TrainingRun, curves: Curves, *, is_over: bool) -> LineChart:
    """Both losses over steps."""
    every = f" Every {curves.thinned}th step is drawn." if curves.thinned > 1 else ""
    caption = Caption(
        CHART_NAME,
        "Loss",
        note=f"Mean loss of a token in each step, and of the validation documents after each epoch.{every}",
        empty="No step was made." if is_over else "The curve begins with the first step.",
    )
    series = [Series("Training", _data(curves.loss))]
    if curves.validation:
        series.append(Series("Validation", _data(curves.validation)))
    return line_chart(caption, series, Unit.NUMBER, at_label="Step", width=800, height=280)


def live_parts(request: HttpRequest, row: RunRow) -> dict[str, Any]:
    """The pieces of the page by their names. One statement."""
    run = row.run
    over = run.state in OVER
    context = {"row": row, "run": run, "ladder": ladder(run), "over": over}
    chart = loss_chart(run, curves_of(run), is_over=over)
    return {
        "head": render_to_string("modelops/run_state.html", context, request),
        "figures": render_to_string("modelops/run_figures.html", context, request),
        "chart": render_to_string("modelops/charts/figure.html", {"chart": chart}, request),
    }


def mark_of(row: RunRow) -> str:
    """Another one when there is something else to show."""
    run = row.run
    parts = (run.state, run.stage, run.step, run.attempts, run.tokens, run.told_at, run.finished_at, row.model, row.verdict, run.error_code)
    return "|".join(str(part) for part in parts)


def lines_json(lines: Iterable[RunLine]) -> list[dict[str, Any]]:
    """Lines of the log."""
    return [{"id": line.pk, "at": instant(line.at), "text": line.text} for line in lines]


def _data(points: Iterable[tuple[int, float]]) -> list[Datum]:
    return [Datum(step, value) for step, value in points]
