"""One training run: watched while it goes on, stopped, gone on with, and what came of it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from invoices.models import Role, User
from invoices.views.guards import person, role_required
from modelops.errors import NotFound
from modelops.models import RunState, TrainingRun
from modelops.runs.recipe_fields import FIELDS
from modelops.runs.resuming import RESUMABLE, resume_run
from modelops.runs.stopping import stop_run
from modelops.selectors.run_outcomes import recipe_value
from modelops.selectors.run_progress import last_lines, lines_after
from modelops.selectors.runs import RunRow, found, run_row
from modelops.views.changes import make_change
from modelops.views.run_live import OVER, lines_json, live_parts, mark_of


@role_required(Role.ADMIN)
@require_safe
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """All of one run."""
    row = _row(run_id)
    lines = last_lines(row.run)
    context = {
        "section": "runs",
        "row": row,
        "run": row.run,
        "parts": live_parts(request, row),
        "mark": mark_of(row),
        "lines": lines,
        "last_line": lines[-1].pk if lines else 0,
        "recipe": [(field, value) for field in FIELDS if (value := recipe_value(row.run.recipe, field.path)) is not None],
        "preflight": row.run.preflight,
        "over": row.run.state in OVER,
        "resumable": row.run.state in RESUMABLE,
    }
    return render(request, "modelops/run.html", context)


@role_required(Role.ADMIN)
@require_safe
def run_live(request: HttpRequest, run_id: int) -> HttpResponse:
    """What is new since ``?mark=`` and line ``?line=``; 204 for nothing, so that asking costs little."""
    row = _row(run_id)
    after = request.GET.get("line", "")
    lines = lines_after(row.run, int(after) if after.isascii() and after.isdigit() and len(after) < 18 else 0)
    mark = mark_of(row)
    changed = request.GET.get("mark") != mark
    if not changed and not lines:
        return HttpResponse(status=204)
    told: dict[str, Any] = {
        "mark": mark,
        "over": row.run.state in OVER,
        "state": row.run.get_state_display(),
        "resumable": row.run.state in RESUMABLE,
        "lines": lines_json(lines),
        "parts": live_parts(request, row) if changed else {},
    }
    return JsonResponse(told)


@role_required(Role.ADMIN)
@require_POST
def run_stop(request: HttpRequest, run_id: int) -> HttpResponse:
    """Stop it; asked once more while it stops, at once."""
    who = person(request)

    def change() -> None:
        _stop(run_id, who)

    make_change(request, change, "It stops after the step under way, and can go on from there.")
    return redirect("run", run_id)


@role_required(Role.ADMIN)
@require_POST
def run_resume(request: HttpRequest, run_id: int) -> HttpResponse:
    """Have it go on."""
    who = person(request)
    make_change(request, lambda: resume_run(found(TrainingRun.objects.all(), run_id), who), "It goes on from its last checkpoint.")
    return redirect("run", run_id)


def _stop(run_id: int, who: User) -> RunState:
    return RunState(stop_run(found(TrainingRun.objects.all(), run_id), who).state)


def _row(run_id: int) -> RunRow:
    try:
        return run_row(run_id)
    except NotFound as error:
        raise Http404(error.detail) from error
