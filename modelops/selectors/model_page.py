"""Everything that is known of one model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from modelops.errors import NotFound, Refused
from modelops.gate.permission import Standing, standing
from modelops.gate.policies import current_gate_policy, gate_values
from modelops.models import DatasetVersion, EvaluationAsk, GateResult, ModelEvaluation, ModelVersion
from modelops.registry.evidence import evidence_json
from modelops.registry.learned_from import TRAINED_ON, TrainedOn
from modelops.selectors.models import Served, served_periods

VERDICTS = 20
"""So many of a model's verdicts are shown; a verdict is given once for each champion, policy and data set."""


@dataclass(frozen=True)
class ModelFacts:
    """``evaluations`` newest first; ``evidence`` is that of the newest, empty where it cannot be read, and ``evidence_problem`` says why.

    ``results`` newest first; ``standing`` is what the newest comes to now.
    """

    model: ModelVersion
    served: Served | None
    evaluations: list[ModelEvaluation]
    evidence: dict[str, Any]
    evidence_problem: str
    results: list[GateResult]
    standing: Standing
    ask: EvaluationAsk | None
    policy: dict[str, Any]

    @property
    def vendors_known(self) -> bool:
        """Whether it is known which vendors it learned from."""
        return bool(self.model.facts.get(TRAINED_ON) != TrainedOn.UNKNOWN)


def find_model(number: int) -> ModelVersion:
    """The model of that number. Raises ``NotFound``."""
    found = ModelVersion.objects.select_related("dataset", "run", "registered_by").filter(number=number).first()
    if found is None:
        raise NotFound("model_not_found", f"There is no model {number}.")
    return found


def model_facts(model: ModelVersion, evaluated_on: DatasetVersion | None = None) -> ModelFacts:
    """Eight statements and a file; with ``evaluated_on`` the evidence is that of this version."""
    evaluations = list(ModelEvaluation.objects.filter(model=model).select_related("dataset").order_by("-dataset__number"))
    shown = next((one for one in evaluations if evaluated_on is None or one.dataset_id == evaluated_on.pk), None)
    evidence: dict[str, Any] = {}
    problem = ""
    if shown is not None:
        try:
            evidence = evidence_json(shown)
        except Refused as error:
            problem = error.detail
        evaluations.sort(key=lambda one: one.pk != shown.pk)
    return ModelFacts(
        model=model,
        served=served_periods([model.pk]).get(model.pk),
        evaluations=evaluations,
        evidence=evidence,
        evidence_problem=problem,
        results=list(verdicts_of(model)[:VERDICTS]),
        standing=standing(model),
        ask=EvaluationAsk.objects.filter(model=model).select_related("dataset").order_by("-pk").first(),
        policy=gate_values(current_gate_policy()),
    )


def verdicts_of(model: ModelVersion) -> QuerySet[GateResult]:
    """Newest first, with all that a verdict is shown with: one statement."""
    return GateResult.objects.filter(model=model).select_related("champion", "dataset", "asked_by", "override__by").order_by("-pk")


def judgeable_versions() -> list[DatasetVersion]:
    """Frozen versions with held-out documents, newest first, the newest 50."""
    frozen = DatasetVersion.objects.filter(state=DatasetVersion.State.FROZEN, test_documents__gt=0)
    return list(frozen.order_by("-number")[:50])
