"""What a model comes from: the models that it started from, what they learned from, and how much that was.

An artifact names its ancestors itself. What this station knows of them is looked up once, when the model is registered, and kept with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from mlcore.artifacts import Artifact
from mlcore.dataset.directory import Split
from modelops.models import DatasetItem, DatasetVersion, ModelVersion, Side
from modelops.registry.learned_from import TRAINED_ON, TrainedOn, dataset_of_hash, kind_of, vendors_of
from modelops.registry.plain import text


@dataclass(frozen=True, slots=True)
class Ancestor:
    """One model that was started from. ``number`` and ``dataset`` (a number) are this station's, ``None`` where it has none.

    ``trained_on`` is what is known of its documents, ``documents`` how many it was trained on itself, 0 where nobody says.
    """

    model_id: str
    number: int | None
    dataset: int | None
    trained_on: str
    documents: int


@dataclass(frozen=True, slots=True)
class Lineage:
    """All ancestors, the nearest first, and the keys of the vendors that any of them learned from."""

    ancestors: tuple[Ancestor, ...] = ()
    vendors: frozenset[str] = frozenset()

    def to_json(self) -> list[dict[str, Any]]:
        """As the row of a model has it."""
        return [asdict(one) for one in self.ancestors]


def lineage_of(artifact: Artifact) -> Lineage:
    """What this station knows of the models that an artifact started from. One statement, and two more for each that is not registered."""
    told = artifact.description.lineage
    rows = ModelVersion.objects.filter(model_id__in=[one.model_id for one in told]).select_related("dataset")
    known = {row.model_id: row for row in rows}
    found, vendors = [], set[str]()
    for one in told:
        model = known.get(one.model_id)
        dataset = model.dataset if model is not None else dataset_of_hash(one.data_hash)
        vendors |= set(model.trained_vendors) if model is not None else set(vendors_of(dataset)) if dataset else set()
        number, kind = model.number if model is not None else None, kind_of(dataset, one.source)
        found.append(Ancestor(text(one.model_id)[:80], number, dataset.number if dataset else None, kind.value, one.documents))
    return Lineage(tuple(found), frozenset(vendors))


def kinds_of(model: ModelVersion) -> frozenset[str]:
    """What is known of the documents of the model and of all that it started from."""
    return frozenset({str(model.facts.get(TRAINED_ON, TrainedOn.UNKNOWN)), *(str(one["trained_on"]) for one in model.lineage)})


def vendors_known(model: ModelVersion | None, dataset: DatasetVersion) -> bool:
    """Whether it can be told that the held-out vendors of ``dataset`` are new to the model, and to all that it started from.

    The templates alone learn nothing here. A model of the generator's documents cannot be judged on the generator's documents.
    """
    if model is None:
        return True
    kinds = kinds_of(model)
    if TrainedOn.UNKNOWN in kinds:
        return False
    return TrainedOn.SYNTHETIC not in kinds or bool(dataset.plan.get("test_source", "gold") != "synthetic")


def documents_behind(model: ModelVersion) -> int:
    """How many documents the model and all that it started from were trained on; 0 where nobody says."""
    training = model.facts.get("training")
    own = training.get("documents") if isinstance(training, dict) else None
    return (own if isinstance(own, int) else 0) + sum(int(one["documents"]) for one in model.lineage)


def versions_behind(model: ModelVersion) -> list[DatasetVersion]:
    """The data sets that it, and all that it started from, were trained on. One statement."""
    numbers = {int(one["dataset"]) for one in model.lineage if one["dataset"] is not None}
    own = {model.dataset.number} if model.dataset is not None else set()
    return list(DatasetVersion.objects.filter(number__in=numbers | own).order_by("number"))


def vendors_in_weights(model: ModelVersion) -> frozenset[str]:
    """Keys of the vendors that its weights have learned from, through all that it started from; those that only validated are not among
    them. A vendor of which it cannot be told is counted."""
    versions = versions_behind(model)
    trained = {key for version in versions for key in vendors_of(version, (Split.TRAIN,))}
    told = {key for version in versions for key in vendors_of(version)}
    return frozenset(trained | (set(model.trained_vendors) - told))


def removed_behind(numbers: Sequence[int]) -> int:
    """How many documents that these versions were trained on, or validated with, had to go. One statement."""
    learned = DatasetItem.objects.filter(version__number__in=numbers, side__in=[Side.TRAIN, Side.VALIDATION], removed_at__isnull=False)
    return learned.values("gold__document").distinct().count()
