"""Which versions, runs, models and deployments used a document."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q

from modelops.models import DatasetItem, DatasetVersion, Deployment, DocumentRemoval, ModelVersion, TrainingRun


@dataclass(frozen=True, slots=True)
class Touched:
    """Numbers of versions and models, ids of runs and deployments that used a document, oldest first.

    ``trained`` are the versions in which it was trained on or validated with: models, and what started from them, learned from those alone.
    """

    versions: list[int]
    trained: list[int]
    runs: list[int]
    models: list[int]
    deployments: list[int]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        return asdict(self)


def affected(document_id: int) -> Touched:
    """What used a document: in any of its gold records, also superseded ones. Six statements.

    A model that started from one that learned from it has learned from it too.
    """
    items = DatasetItem.objects.filter(gold__document=document_id)
    versions = list(DatasetVersion.objects.filter(pk__in=items.values("version")).order_by("number").values_list("pk", "number"))
    held = set(items.filter(side="test").values_list("version_id", flat=True))
    ids = [pk for pk, _ in versions]
    runs = list(TrainingRun.objects.filter(dataset__in=ids).order_by("pk").values_list("pk", flat=True))
    trained = [number for pk, number in versions if pk not in held]
    used = Q(dataset__in=ids) | Q(run__in=runs) | Q(pk__in=descendants_of(trained))
    models = list(ModelVersion.objects.filter(used).order_by("number").values_list("pk", "number"))
    deployments = Deployment.objects.filter(model__in=[pk for pk, _ in models]).order_by("pk").values_list("pk", flat=True)
    return Touched([number for _, number in versions], trained, runs, [number for _, number in models], list(deployments))


def descendants_of(versions: Collection[int]) -> list[int]:
    """Ids of the models that started, at whatever distance, from one that was trained on one of these versions (numbers). One statement."""
    if not versions:
        return []
    rows = ModelVersion.objects.exclude(lineage=[]).values_list("pk", "lineage")
    return [pk for pk, lineage in rows if any(one["dataset"] in versions for one in lineage)]


def removed_but_unmarked(version: DatasetVersion) -> bool:
    """Whether a document of the version was removed and its item is not marked (yet)."""
    removed = DocumentRemoval.objects.filter(document=OuterRef("gold__document"))
    return DatasetItem.objects.filter(Exists(removed), version=version).exists()
