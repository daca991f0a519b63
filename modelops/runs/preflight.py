"""What an admin sees before the button: everything is read here, and decided in ``preflight_rules``. Nothing is changed, nothing started.

``preflight`` answers about one recipe, ``preflights`` about several on the same data set, read once. The number of statements does not
depend on how much there is.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from invoices.serving import models_folder
from mlcore.base_model.prepare import base_at_hand
from mlcore.errors import BaseModelError
from mlcore.gate import GatePolicy
from mlcore.training.config import Recipe
from modelops.errors import ModelopsError, Refused
from modelops.models import DatasetVersion, GatePolicyVersion, ModelEvaluation, ModelVersion, RunState, TrainingRun
from modelops.registry.verifying import sound_artifact
from modelops.runs.corrections import corrections_since
from modelops.runs.dataset_facts import dataset_facts, judged_vendors, label_facts
from modelops.runs.facts import ComparisonFacts, Corrections, Facts
from modelops.runs.launching import HERE
from modelops.runs.place_facts import money, past_runs, place_facts, reading_speed
from modelops.runs.preflight_answer import Preflight, decide
from modelops.runs.preflight_rules import TITLES, Finding
from modelops.runs.readiness import refusals
from modelops.runs.space import needed_bytes
from modelops.runs.start_facts import start_facts


def preflight(dataset: DatasetVersion, recipe: Recipe, launcher: str = HERE, start: ModelVersion | None = None) -> Preflight:
    """What speaks against training this recipe on this data set, what has to be confirmed, and all numbers behind it.

    ``start`` is the model that it starts from, ``None`` for the base.
    """
    return preflights(dataset, [recipe], launcher, start)[0]


def preflights(
    dataset: DatasetVersion, recipes: Sequence[Recipe], launcher: str = HERE, start: ModelVersion | None = None
) -> list[Preflight]:
    """The same for several recipes, as of one moment."""
    facts = facts_of(dataset, start)
    base, damaged = _base(), _damaged(start)
    return [
        decide(facts, recipe, [*_refused(dataset, recipe, launcher, start), *damaged], needed_bytes(recipe, base)) for recipe in recipes
    ]


def _refused(dataset: DatasetVersion, recipe: Recipe, launcher: str, start: ModelVersion | None) -> list[Finding]:
    """What starting it would raise."""
    return [_finding(error) for error in refusals(dataset, recipe, launcher, start)]


def _damaged(start: ModelVersion | None) -> list[Finding]:
    """What is wrong with the files of the model that it would start from, looked at once for all recipes."""
    try:
        if start is not None:
            sound_artifact(start)
    except Refused as error:
        return [_finding(error)]
    return []


def _finding(error: ModelopsError) -> Finding:
    return Finding(error.code, TITLES.get(error.code, "It cannot be"), error.detail)


def _base() -> Path | None:
    try:
        return base_at_hand(models_folder())
    except BaseModelError:
        return None


def facts_of(dataset: DatasetVersion, start: ModelVersion | None = None) -> Facts:
    """Read everything that a preflight is decided from: 24 statements at most, those of the corrections once for each pair of versions;
    eleven more about a ``start``."""
    data, manifest = dataset_facts(dataset)
    finished = TrainingRun.objects.filter(state=RunState.FINISHED).select_related("dataset").order_by("-pk")
    last = finished.exclude(dataset=dataset).first()
    before = finished.filter(dataset=dataset, start_model=start).values_list("pk", flat=True).first()
    rate, every_days = money()
    since = last.dataset if last else None
    frozen = dataset.state == DatasetVersion.State.FROZEN
    return Facts(
        dataset=data,
        place=place_facts(),
        corrections=corrections_since(dataset, since) if frozen else Corrections(since.number if since else None),
        labels=label_facts(dataset),
        comparison=_comparison(dataset, manifest),
        past=past_runs(),
        reading=reading_speed(),
        hourly_rate=rate,
        every_days=every_days,
        trained_before=before,
        start=start_facts(dataset, data, start) if start is not None else None,
    )


def _comparison(dataset: DatasetVersion, manifest: dict[str, Any]) -> ComparisonFacts:
    stored = GatePolicyVersion.objects.order_by("-pk").first()
    policy = GatePolicy.from_json(stored.policy) if stored else GatePolicy()
    champion = ModelVersion.objects.filter(state=ModelVersion.State.CHAMPION).only("pk", "number", "trained_vendors").first()
    tested = set(manifest.get("splits", {}).get("test", {}).get("vendors", ()))
    return ComparisonFacts(
        policy=policy,
        champion=champion.number if champion else None,
        leaked=len(tested & set(champion.trained_vendors)) if champion else 0,
        judged_vendors=judged_vendors(dataset, policy.vendor_documents),
        evaluated=champion is not None and ModelEvaluation.objects.filter(model=champion, dataset=dataset).exists(),
    )
