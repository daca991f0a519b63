"""Curves and charts of confidence, and their JSON."""

from __future__ import annotations

import json

import pytest

from mlcore.errors import EvaluationError
from mlcore.evaluation import Case, Evaluation, evaluate
from mlcore.evaluation.bootstrap import Resampling
from mlcore.evaluation.charts import CertifiedLine, ChartSet, ReliabilityBin, ReliabilityDiagram, RiskCurve
from mlcore.evaluation.curves import CurveChart, Scale, curve
from tests.mlcore.evaluation.records import invoice

CERTIFIED = (CertifiedLine("documents", 0.95, 400, 0.91, 0.6), CertifiedLine("total", 0.99, 40, None, 0.0))


def evaluation(right: int) -> Evaluation:
    good = invoice("A1")
    return evaluate([Case(f"d{n}", f"v{n}", good, good if n < right else None) for n in range(4)], Resampling(20))


def test_points_stand_by_rising_x_with_their_documents() -> None:
    found = curve("adapter", [(200, evaluation(4)), (0, evaluation(1)), (50, evaluation(2))], "end_to_end")
    assert [(point.x, point.estimate.value, point.documents) for point in found.points] == [(0, 0.25, 4), (50, 0.5, 4), (200, 1.0, 4)]


def test_faults_are_told() -> None:
    with pytest.raises(EvaluationError, match="two points at the same x"):
        curve("adapter", [(8, evaluation(1)), (8, evaluation(2))])
    with pytest.raises(EvaluationError, match="no measure 'speed'; choose one of field_accuracy"):
        curve("adapter", [(8, evaluation(1))], "speed")
    with pytest.raises(EvaluationError, match="cannot be read"):
        ChartSet.from_json({"curves": [{"title": "x"}]})
    with pytest.raises(EvaluationError, match="cannot be read"):
        ChartSet.from_json({"reliability": [{"name": "x", "bins": [{}]}]})


def test_json_gives_the_same_charts_back() -> None:
    chart = CurveChart("Rank", "rank", "end_to_end", Scale.STEPS, (curve("r", [(4, evaluation(2)), (8, evaluation(3))]),), "one seed")
    diagram = ReliabilityDiagram("after", (ReliabilityBin(10, 0.9, 0.8),))
    charts = ChartSet((chart,), (diagram,), (RiskCurve("score", ((0.5, 0.01), (1.0, 0.1))),), CERTIFIED)
    assert ChartSet.from_json(json.loads(json.dumps(charts.to_json()))).to_json() == charts.to_json()
    assert len((charts + charts).curves) == 2
