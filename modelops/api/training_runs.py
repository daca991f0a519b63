"""Training runs: their preflight, their start, how they go on, and what they came to."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from invoices.api.access import person
from labeling.api import schemas
from mlcore.training.config import Recipe
from modelops.api import run_shapes as shapes
from modelops.api.base import ModelopsView
from modelops.api.run_forms import RunAskForm, RunLinesQuery, RunPointsQuery, RunStartForm, TrainingRunQuery
from modelops.models import TrainingRun
from modelops.runs.asking import ask_for_run, dataset_numbered
from modelops.runs.preflight import preflight
from modelops.runs.recipes import recipe_of
from modelops.runs.resuming import resume_run
from modelops.runs.starts import start_named
from modelops.runs.stopping import stop_run
from modelops.selectors.run_comparison import compare_runs, wanted_ids
from modelops.selectors.run_progress import lines_after, points_after
from modelops.selectors.runs import RunFilter, found, run_list, run_row


class TrainingRunsView(ModelopsView):
    """``training-runs/``."""

    @extend_schema(
        operation_id="training_runs_list",
        parameters=[TrainingRunQuery],
        responses={200: shapes.TrainingRunPage, 400: schemas.Problem},
        tags=["training"],
    )
    def get(self, request: Request) -> Response:
        """Runs, the newest first."""
        form = TrainingRunQuery(data=request.query_params)
        form.is_valid(raise_exception=True)
        asked = form.validated_data
        page = run_list(RunFilter(asked["state"], asked.get("dataset"), asked["cursor"]))
        results = [shapes.run_json(row) for row in page.rows]
        return Response({"next": page.next or None, "previous": page.previous or None, "counts": page.counts, "results": results})

    @extend_schema(
        operation_id="training_runs_start",
        request=RunStartForm,
        responses={201: shapes.TrainingRunAnswer, **schemas.REFUSALS},
        tags=["training"],
    )
    def post(self, request: Request) -> Response:
        """Start one, when nothing refuses and every warning is confirmed; else 409 with the preflight."""
        asked = RunStartForm.checked(request.data)
        run = ask_for_run(
            by=person(request),
            dataset=dataset_numbered(asked["dataset"]),
            recipe=asked_recipe(asked),
            confirmed=asked["confirm"],
            note=asked["note"],
            launcher=asked["launcher"],
            start=start_named(asked["start"]),
        )
        return Response(_one(run.pk), status=201)


class TrainingPreflightView(ModelopsView):
    """``training-runs/preflight/``."""

    @extend_schema(request=RunAskForm, responses={200: shapes.PreflightAnswer, **schemas.REFUSALS}, tags=["training"])
    def post(self, request: Request) -> Response:
        """What speaks against a run, and what has to be confirmed. Nothing is started."""
        asked = RunAskForm.checked(request.data)
        recipe = asked_recipe(asked)
        dataset, start = dataset_numbered(asked["dataset"]), start_named(asked["start"])
        return Response(preflight(dataset, recipe, asked["launcher"], start).to_json())


class TrainingRunView(ModelopsView):
    """``training-runs/{id}/``."""

    @extend_schema(operation_id="training_runs_read", responses={200: shapes.TrainingRunAnswer, 404: schemas.Problem}, tags=["training"])
    def get(self, request: Request, run_id: int) -> Response:
        """One run with its preflight."""
        return Response(_one(run_id))


class TrainingRunCancelView(ModelopsView):
    """``training-runs/{id}/cancel/``."""

    @extend_schema(request=None, responses={200: shapes.TrainingRunAnswer, **schemas.REFUSALS}, tags=["training"])
    def post(self, request: Request, run_id: int) -> Response:
        """Stop it after the step under way; it can go on from there."""
        stop_run(found(TrainingRun.objects.all(), run_id), person(request))
        return Response(_one(run_id))


class TrainingRunResumeView(ModelopsView):
    """``training-runs/{id}/resume/``."""

    @extend_schema(request=None, responses={200: shapes.TrainingRunAnswer, **schemas.REFUSALS}, tags=["training"])
    def post(self, request: Request, run_id: int) -> Response:
        """Have a stopped or failed run go on from its last checkpoint."""
        resume_run(found(TrainingRun.objects.all(), run_id), person(request))
        return Response(_one(run_id))


class TrainingRunPointsView(ModelopsView):
    """``training-runs/{id}/points/``."""

    @extend_schema(
        parameters=[RunPointsQuery],
        responses={200: shapes.RunPointsAnswer, 400: schemas.Problem, 404: schemas.Problem},
        tags=["training"],
    )
    def get(self, request: Request, run_id: int) -> Response:
        """Points of the curves behind a step, for whoever asks again and again."""
        form = RunPointsQuery(data=request.query_params)
        form.is_valid(raise_exception=True)
        run, after, limit = found(TrainingRun.objects.all(), run_id), form.validated_data["after"], form.validated_data["limit"]
        return Response(shapes.points_json(run, points_after(run, after, limit), after, limit))


class TrainingRunLinesView(ModelopsView):
    """``training-runs/{id}/lines/``."""

    @extend_schema(
        parameters=[RunLinesQuery],
        responses={200: shapes.RunLinesAnswer, 400: schemas.Problem, 404: schemas.Problem},
        tags=["training"],
    )
    def get(self, request: Request, run_id: int) -> Response:
        """Lines of the log behind one."""
        form = RunLinesQuery(data=request.query_params)
        form.is_valid(raise_exception=True)
        run, after, limit = found(TrainingRun.objects.all(), run_id), form.validated_data["after"], form.validated_data["limit"]
        return Response(shapes.lines_json(lines_after(run, after, limit), after, limit))


class TrainingRunsComparedView(ModelopsView):
    """``training-runs/compare/``."""

    @extend_schema(
        parameters=[OpenApiParameter("runs", str, required=True, description="2 to 6 ids, separated by commas")],
        responses={200: shapes.ComparedRuns, 400: schemas.Problem, 404: schemas.Problem},
        tags=["training"],
    )
    def get(self, request: Request) -> Response:
        """Runs side by side."""
        compared = compare_runs(wanted_ids(request.query_params.get("runs", "")))
        recipes = [{"path": line.path, "differs": line.differs, "values": list(line.values)} for line in compared.recipes]
        measures = [{"measure": line.name, "values": list(line.values)} for line in compared.measures]
        runs = [shapes.run_json(row) for row in compared.rows]
        return Response({"runs": runs, "recipes": recipes, "measures": measures, "same_dataset": compared.same_dataset})


def asked_recipe(asked: dict[str, Any]) -> Recipe:
    """The recipe of a request. Raises ``RecipeRefused``."""
    preset = asked["preset"] or ("" if asked["recipe"] is not None else "default")
    return recipe_of(preset=preset, recipe=asked["recipe"], changes=asked["changes"])


def _one(run_id: int) -> dict[str, Any]:
    row = run_row(run_id)
    return {**shapes.run_json(row), "preflight": row.run.preflight}
