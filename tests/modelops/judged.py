"""Evaluations with known faults, stored as an evaluation leaves them: what the gate is shown is real, what was read is made up."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mlcore.gate import System
from modelops.folders import evaluation_folder
from modelops.models import DatasetVersion, ModelEvaluation, ModelVersion
from modelops.registry.evaluating import folder_name
from modelops.registry.evidence import ANSWERS, EVIDENCE, REPORT

WRONG_TOTAL = [{"path": "total", "expected": "10.00", "found": "99.00"}]


def stored_evaluation(
    model: ModelVersion | None, dataset: DatasetVersion, system: System, timed: Mapping[str, float] | None = None
) -> ModelEvaluation:
    """The row and the files. ``timed`` is seconds by the ``model_id`` of whom it was timed against."""
    told = system.to_json()
    routes = {
        "accepted": {"documents": 60, "right": 59},
        "review": {"documents": 50, "right": 20},
        "flagged": {"documents": 10, "right": 0},
    }
    quality = {"count": 400, "ece": 0.02, "bins": [[200, 0.6, 0.62], [200, 0.97, 0.98]]}
    row = ModelEvaluation.objects.create(
        model=model,
        dataset=dataset,
        folder=folder_name(model, dataset),
        documents=told["evaluation"]["count"],
        vendors=told["evaluation"]["vendors"],
        overall={**told["evaluation"]["overall"], "failed": told["evaluation"]["failed"], "routes": routes},
        seconds=system.seconds.value if system.seconds else None,
        calibration=system.calibration.value if system.calibration else None,
    )
    folder = evaluation_folder(row)
    folder.mkdir(parents=True)
    served = {"routes": routes, "quality": quality, "histogram": [0] * 10 + [20] * 10}
    (folder / EVIDENCE).write_text(json.dumps({**told, "served": served, "held_out": "0" * 64}))
    (folder / REPORT).write_text("<!doctype html><title>Report</title>")
    lines = [_line(document) for document in told["evaluation"]["documents"]]
    (folder / ANSWERS).write_text("".join(json.dumps(line) + "\n" for line in lines))
    time_against(row, timed or {"": 1.0})
    return row


def time_against(row: ModelEvaluation, timed: Mapping[str, float]) -> None:
    """Write what was timed: the row's model takes a second, the other so many."""
    for against, seconds in timed.items():
        theirs = {"value": seconds, "n": 15} if against else None
        kept = {"against": against, "own": {"value": 1.0, "n": 15}, "theirs": theirs}
        (evaluation_folder(row) / "timed.json").write_text(json.dumps(kept))


def _line(document: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": document["id"], "route": "review", "wrong": WRONG_TOTAL if "total" in document["wrong_fields"] else []}
