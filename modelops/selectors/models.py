"""The models of the station, newest first, each with how it did, what the gate says, and when it served."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Min, Q, QuerySet

from invoices.selectors.keyset import Ordering, read_cursor, slice_of
from mlcore.evaluation.scores import Estimate
from modelops.gate.champion import present_champion
from modelops.gate.policies import current_gate_policy, gate_values
from modelops.models import Deployment, EvaluationAsk, GateResult, ModelEvaluation, ModelVersion

PAGE_SIZE = 25
STATES = ("", *ModelVersion.State.values)
_NEWEST = Ordering("number", descending=True)


@dataclass(frozen=True, slots=True)
class ModelFilter:
    """What a person asked for. Values that do not exist are left out, so any address works."""

    state: str = ""
    cursor: str = ""

    @classmethod
    def from_address(cls, query: Mapping[str, str]) -> ModelFilter:
        """Read ``?state=&cursor=``."""
        state = query.get("state", "")
        return cls(state if state in STATES else "", query.get("cursor", ""))


@dataclass(frozen=True, slots=True)
class Served:
    """When a model was the champion: from its first deployment to the end of its last one, ``None`` while it goes on."""

    since: dt.datetime
    until: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Word:
    """What the newest verdict comes to now: ``passed`` | ``overridden`` | ``failed`` | ``stale`` | ``unasked``, and why."""

    code: str
    reason: str


@dataclass(frozen=True)
class ModelRow:
    """One model. ``accuracy`` is the policy's measure of its newest evaluation, ``straight`` the share that needed no person (0..1)."""

    model: ModelVersion
    evaluation: ModelEvaluation | None
    accuracy: Estimate
    straight: float | None
    straight_right: float | None
    word: Word
    served: Served | None
    ask: EvaluationAsk | None


@dataclass(frozen=True)
class ModelList:
    """One page, how many there are, and what accuracy is asked of."""

    rows: list[ModelRow]
    next: str
    previous: str
    total: int
    measure: str
    limit: float
    champion: ModelVersion | None


def model_list(wanted: ModelFilter) -> ModelList:
    """One page: eight statements, however many there are."""
    listed = ModelVersion.objects.defer("card", "facts", "metrics", "trained_vendors").select_related("dataset", "registered_by")
    if wanted.state:
        listed = listed.filter(state=wanted.state)
    page = slice_of(listed, _NEWEST, read_cursor(wanted.cursor), PAGE_SIZE)
    values, champion = gate_values(current_gate_policy()), present_champion()
    rows = rows_of(page.rows, values, champion)
    return ModelList(rows, page.next, page.previous, listed.count(), values["measure"], values["accuracy"], champion)


def rows_of(models: list[ModelVersion], policy: Mapping[str, Any], champion: ModelVersion | None) -> list[ModelRow]:
    """What is known of these models: four statements."""
    ids = [model.pk for model in models]
    evaluations = _newest(ModelEvaluation.objects.filter(model__in=ids).select_related("dataset"))
    results = _newest(GateResult.objects.filter(model__in=ids).select_related("champion", "override"))
    asks = _newest(EvaluationAsk.objects.filter(model__in=ids).select_related("dataset"))
    periods = served_periods(ids)
    return [
        _row(model, evaluations.get(model.pk), results.get(model.pk), asks.get(model.pk), periods.get(model.pk), policy, champion)
        for model in models
    ]


def served_periods(ids: Iterable[int]) -> dict[int, Served]:
    """By model: one statement."""
    was = Deployment.objects.filter(model__in=ids, slot=Deployment.Slot.CHAMPION).order_by().values_list("model_id")
    found = was.annotate(since=Min("at"), until=Max("ended_at"), open=Max("pk", filter=Q(ended_at=None)))
    return {int(model_id or 0): Served(since, None if still else until) for model_id, since, until, still in found}


def word_of(result: GateResult | None, model: ModelVersion, policy: Mapping[str, Any], champion: ModelVersion | None) -> Word:
    """Without a statement: ``result`` has its champion and its override, ``champion`` is the present one."""
    if result is None:
        return Word("unasked", "The gate was not asked yet.")
    rival = champion if champion != model else None
    if result.champion != rival:
        return Word("stale", "Another model is the champion now; evaluate it again.")
    if result.verdict.get("policy") != policy:
        return Word("stale", "The policy of the gate has changed since; evaluate it again.")
    override = getattr(result, "override", None)
    if override is not None and override.removed_documents >= model.removed_documents:
        return Word("overridden", override.reason)
    if model.removed_documents:
        return Word("stale", "Documents that it learned from had to go.")
    return Word("passed" if result.passed else "failed", str(result.verdict.get("reason", "")))


def straight_through(evaluation: ModelEvaluation | None) -> tuple[float | None, float | None]:
    """The share of the documents that would be accepted unseen, and the share of those that is wholly right."""
    way = ((evaluation.overall if evaluation is not None else {}).get("routes") or {}).get("accepted")
    if evaluation is None or not way or not evaluation.documents:
        return None, None
    return way["documents"] / evaluation.documents, way["right"] / way["documents"] if way["documents"] else None


def estimate_of(evaluation: ModelEvaluation | None, measure: str) -> Estimate:
    """A measure of an evaluation with its interval."""
    found = evaluation.overall.get(measure) if evaluation is not None else None
    return Estimate.from_json(found) if found else Estimate(None)


def _newest(rows: QuerySet[Any]) -> dict[int, Any]:
    """The newest row of each model: one statement."""
    newest = rows.order_by().values("model").annotate(newest=Max("pk")).values("newest")
    return {row.model_id: row for row in rows.filter(pk__in=newest)}


def _row(
    model: ModelVersion,
    evaluation: ModelEvaluation | None,
    result: GateResult | None,
    ask: EvaluationAsk | None,
    served: Served | None,
    policy: Mapping[str, Any],
    champion: ModelVersion | None,
) -> ModelRow:
    shares = straight_through(evaluation)
    word = word_of(result, model, policy, champion)
    return ModelRow(model, evaluation, estimate_of(evaluation, policy["measure"]), *shares, word, served, ask)
