"""Models, evaluations and verdicts as the API tells them."""

from __future__ import annotations

from typing import Any

from labeling.api.answers import instant
from modelops.models import EvaluationAsk, GateOverride, GateResult, ModelEvaluation, ModelVersion
from modelops.registry.comparing import Comparison, field_rows
from modelops.selectors.models import ModelRow


def model_brief(model: ModelVersion) -> dict[str, Any]:
    """A model in short."""
    return {
        "number": model.number,
        "model_id": model.model_id,
        "state": model.state,
        "origin": model.origin,
        "data_set": model.dataset.number if model.dataset else None,
        "run": model.run_id,
        "start_model": model.lineage[0]["number"] if model.lineage else None,
        "bytes": model.bytes,
        "removed_documents": model.removed_documents,
        "registered_by": model.registered_by.username if model.registered_by else None,
        "created_at": instant(model.created_at),
        "retired_at": instant(model.retired_at),
    }


def row_json(row: ModelRow, measure: str) -> dict[str, Any]:
    """A line of the list."""
    served = row.served
    return {
        **model_brief(row.model),
        "accuracy": {"measure": measure, **row.accuracy.to_json()},
        "straight_through": row.straight,
        "straight_through_right": row.straight_right,
        "verdict": {"code": row.word.code, "reason": row.word.reason},
        "evaluated_on": row.evaluation.dataset.number if row.evaluation else None,
        "served": {"since": instant(served.since), "until": instant(served.until)} if served else None,
        "asked": ask_json(row.ask) if row.ask else None,
    }


def evaluation_json(row: ModelEvaluation) -> dict[str, Any]:
    """How a model did, in short; everything is in its report."""
    return {
        "data_set": row.dataset.number,
        "documents": row.documents,
        "vendors": row.vendors,
        "overall": row.overall,
        "seconds": row.seconds,
        "calibration": row.calibration,
        "created_at": instant(row.created_at),
    }


def ask_json(ask: EvaluationAsk) -> dict[str, Any]:
    """How far an evaluation is that was asked for."""
    return {
        "id": ask.pk,
        "data_set": ask.dataset.number,
        "state": ask.state,
        "done": ask.done,
        "documents": ask.documents,
        "error": ask.error,
        "created_at": instant(ask.created_at),
    }


def result_json(result: GateResult) -> dict[str, Any]:
    """A verdict with every check."""
    override = getattr(result, "override", None)
    return {
        "id": result.pk,
        "passed": result.passed,
        "champion": result.champion.number if result.champion else None,
        "data_set": result.dataset.number if result.dataset else None,
        "policy": result.policy_id,
        "verdict": result.verdict,
        "asked_by": result.asked_by.username if result.asked_by else None,
        "created_at": instant(result.created_at),
        "override": override_json(override) if override else None,
    }


def override_json(override: GateOverride) -> dict[str, Any]:
    """Who let a model through, and why."""
    return {"reason": override.reason, "by": override.by.username, "at": instant(override.at)}


def comparison_json(found: Comparison) -> dict[str, Any]:
    """A comparison without its documents."""
    vendors = [
        {
            "vendor": one.vendor,
            "documents": one.documents,
            "first": one.first,
            "second": one.second,
            "difference": one.difference.to_json(),
            "won": one.won,
            "lost": one.lost,
            "p_value": one.p_value,
        }
        for one in found.vendors
    ]
    return {
        "data_set": found.dataset.number,
        "paired": found.paired.to_json(),
        "fields": [
            {"field": name, "first": ours.to_json(), "second": theirs.to_json(), "difference": difference.to_json()}
            for name, ours, theirs, difference in field_rows(found)
        ],
        "vendors": vendors,
        "changed_documents": len(found.changed),
    }
