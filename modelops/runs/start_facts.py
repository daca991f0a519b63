"""What is known of the model that a run starts from, before it does."""

from __future__ import annotations

from mlcore.confidence.fit import LEAST_DOCUMENTS, LEAST_VENDORS
from modelops.datasets.start_leaks import start_leaks
from modelops.models import DatasetVersion, ModelVersion, Side
from modelops.registry.learned_from import TrainedOn
from modelops.registry.lineage import documents_behind, kinds_of
from modelops.runs.facts import DatasetFacts, StartFacts
from modelops.runs.fitting import further_from
from modelops.runs.starts import recipe_behind


def start_facts(dataset: DatasetVersion, data: DatasetFacts, start: ModelVersion) -> StartFacts:
    """Eleven statements at most; none of a version that cannot be used."""
    kinds, recipe = kinds_of(start), recipe_behind(start)
    versions = {one["dataset"] for one in start.lineage} | ({start.dataset.number} if start.dataset else set())
    gold = data.gold.get("validation", 0)
    validating = dataset.items.filter(side=Side.VALIDATION, removed_at=None).order_by()
    enough = gold >= LEAST_DOCUMENTS and validating.values("vendor_key").distinct().count() >= LEAST_VENDORS
    return StartFacts(
        number=start.number,
        documents=documents_behind(start),
        leak=" ".join(start_leaks(dataset, start)) if data.usable else "",
        unknown=TrainedOn.UNKNOWN in kinds,
        same_dataset=dataset.number in versions,
        generated=max(data.documents.get("validation", 0) - gold, 0) if TrainedOn.SYNTHETIC in kinds and not enough else 0,
        rate=further_from(recipe, again=bool(start.lineage)).schedule.learning_rate if recipe else 0.0,
    )
