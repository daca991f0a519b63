"""Which vendors a model has learned from by itself: what an evaluation on held-out vendors stands and falls with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from mlcore.artifacts import Artifact
from mlcore.dataset.directory import Split, read_manifest
from mlcore.errors import DatasetError
from modelops.folders import dataset_folder
from modelops.models import DatasetVersion, Side

TRAINED_ON = "trained_on"
"""Key of ``ModelVersion.facts``."""


class TrainedOn(StrEnum):
    """What is known of the documents a model was made of.

    ``DATASET``: a version of this station, so its vendors are known by their keys. ``SYNTHETIC``: the generator of this product, whose
    vendors are none of this station's. ``UNKNOWN``: documents from elsewhere, of whoever.
    """

    DATASET = "dataset"
    SYNTHETIC = "synthetic"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class LearnedFrom:
    """``dataset`` is the version that the artifact itself was trained on, where the station has it; ``vendors`` are keys as in there."""

    kind: TrainedOn
    vendors: tuple[str, ...]
    dataset: DatasetVersion | None


def learned_from(artifact: Artifact, dataset: DatasetVersion | None = None) -> LearnedFrom:
    """By ``dataset`` when it is given, else by the version of the artifact's ``data_hash``, else by what the artifact says of its source.

    The vendors of training and validation both count: a model is chosen, and its confidence calibrated, on the latter. What it started
    from is ``lineage``'s to say.
    """
    told = artifact.description
    found = dataset or dataset_of_hash(told.data_hash)
    if found is not None:
        return LearnedFrom(TrainedOn.DATASET, vendors_of(found), found)
    return LearnedFrom(kind_of(None, str(told.data.get("source"))), (), None)


def kind_of(dataset: DatasetVersion | None, source: str) -> TrainedOn:
    """By the version, where the station has it, else by what the artifact says of its ``source``."""
    if dataset is not None:
        return TrainedOn.DATASET
    return TrainedOn.SYNTHETIC if source == TrainedOn.SYNTHETIC else TrainedOn.UNKNOWN


def dataset_of_hash(data_hash: str) -> DatasetVersion | None:
    """The version of these documents."""
    return DatasetVersion.objects.filter(data_hash=data_hash).exclude(data_hash="").order_by("number").first()


_LEARNED = (Split.TRAIN, Split.VALIDATION)


def vendors_of(dataset: DatasetVersion, splits: Sequence[Split] = _LEARNED) -> tuple[str, ...]:
    """Keys of the vendors that these splits see, by default all that are learned from; by the files, or by the rows when they are gone."""
    try:
        told: dict[str, Any] = read_manifest(dataset_folder(dataset))["splits"]
        keys = {str(key) for split in splits for key in told[split.value]["vendors"]}
    except DatasetError:
        sides = [Side(split.value) for split in splits]
        keys = set(dataset.items.filter(side__in=sides).values_list("vendor_key", flat=True))
    return tuple(sorted(keys))
