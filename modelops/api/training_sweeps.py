"""Sweeps: sets of runs that differ in a few fields of their recipe."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from invoices.api.access import person
from labeling.api import schemas
from modelops.api import run_shapes as shapes
from modelops.api.base import ModelopsView
from modelops.api.run_forms import SweepForm
from modelops.api.training_runs import asked_recipe
from modelops.runs.asking import ask_for_sweep, dataset_numbered
from modelops.runs.starts import start_named
from modelops.runs.sweeping import AlphaRule, plan_sweep
from modelops.selectors.sweeps import Swept, sweep_list, swept


class TrainingSweepsView(ModelopsView):
    """``training-sweeps/``."""

    @extend_schema(
        operation_id="training_sweeps_list",
        parameters=[OpenApiParameter("cursor", str)],
        responses={200: shapes.SweepPage},
        tags=["training"],
    )
    def get(self, request: Request) -> Response:
        """Sweeps, the newest first, each with what its runs came to."""
        page = sweep_list(request.query_params.get("cursor", ""))
        return Response({"next": page.next or None, "previous": page.previous or None, "results": [_outline(told) for told in page.rows]})

    @extend_schema(
        operation_id="training_sweeps_start", request=SweepForm, responses={201: shapes.SweepAnswer, **schemas.REFUSALS}, tags=["training"]
    )
    def post(self, request: Request) -> Response:
        """Start one run for each combination of the axes: all of them, or none with the preflight that keeps them (409)."""
        asked = SweepForm.checked(request.data)
        plan = plan_sweep(asked_recipe(asked), asked["axes"], AlphaRule(asked["alpha"]))
        sweep = ask_for_sweep(
            by=person(request),
            name=asked["name"],
            dataset=dataset_numbered(asked["dataset"]),
            recipes=plan.recipes,
            axes=plan.axes,
            confirmed=asked["confirm"],
            note=asked["note"],
            launcher=asked["launcher"],
            start=start_named(asked["start"]),
        )
        return Response(_one(sweep.pk), status=201)


class TrainingSweepView(ModelopsView):
    """``training-sweeps/{id}/``."""

    @extend_schema(operation_id="training_sweeps_read", responses={200: shapes.SweepAnswer, 404: schemas.Problem}, tags=["training"])
    def get(self, request: Request, sweep_id: int) -> Response:
        """One sweep: what each run tried and came to."""
        return Response(_one(sweep_id))


def _one(sweep_id: int) -> dict[str, Any]:
    told = swept(sweep_id)
    best, most_right = told.least, told.most_right
    runs = [
        {**shapes.run_json(row.row), "values": dict(zip(told.paths, row.values, strict=True)), "right": row.right, "best": row is best}
        for row in told.rows
    ]
    return {
        **shapes.sweep_json(told.sweep),
        "best": best.run.pk if best else None,
        "most_right": most_right.run.pk if most_right else None,
        "runs": runs,
    }


def _outline(told: Swept) -> dict[str, Any]:
    best, most_right = told.least, told.most_right
    return {
        **shapes.sweep_json(told.sweep),
        "data_sets": told.datasets,
        "runs": len(told.rows),
        "finished": told.finished,
        "best": best.run.pk if best else None,
        "validation_loss": best.run.validation_loss if best else None,
        "most_right": most_right.run.pk if most_right else None,
        "right": most_right.right if most_right else None,
        "seconds": told.seconds,
        "cost": None if told.cost is None else str(told.cost),
    }
