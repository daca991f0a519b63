"""Which vendors a model has learned from: what an evaluation on held-out vendors stands and falls with."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from mlcore.artifacts import Artifact
from mlcore.dataset.directory import Split, read_manifest
from mlcore.errors import DatasetError
from modelops.folders import dataset_folder
from modelops.models import DatasetVersion, ModelVersion, Side

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
    """``dataset`` is the version that the artifact was trained on, where this station has it; ``vendors`` are keys as in its files."""

    kind: TrainedOn
    vendors: tuple[str, ...]
    dataset: DatasetVersion | None


def learned_from(artifact: Artifact, dataset: DatasetVersion | None = None) -> LearnedFrom:
    """By ``dataset`` when it is given, else by the version of the artifact's ``data_hash``, else by what the artifact says of its source.

    The vendors of training and validation both count: a model is chosen, and its confidence calibrated, on the latter.
    """
    told = artifact.description
    found = dataset or DatasetVersion.objects.filter(data_hash=told.data_hash).exclude(data_hash="").order_by("number").first()
    if found is not None:
        return LearnedFrom(TrainedOn.DATASET, vendors_of(found), found)
    kind = TrainedOn.SYNTHETIC if told.data.get("source") == "synthetic" else TrainedOn.UNKNOWN
    return LearnedFrom(kind, (), None)


def vendors_of(dataset: DatasetVersion) -> tuple[str, ...]:
    """Keys of the vendors that training and validation see; by the files, or by the rows when the files are gone."""
    try:
        splits: dict[str, Any] = read_manifest(dataset_folder(dataset))["splits"]
        keys = {str(key) for split in (Split.TRAIN, Split.VALIDATION) for key in splits[split.value]["vendors"]}
    except DatasetError:
        keys = set(dataset.items.exclude(side=Side.TEST).values_list("vendor_key", flat=True))
    return tuple(sorted(keys))


def vendors_known(model: ModelVersion | None, dataset: DatasetVersion) -> bool:
    """Whether it can be told that the held-out vendors of ``dataset`` are new to the model.

    The templates alone learn nothing here. A model of the generator's documents cannot be judged on the generator's documents.
    """
    if model is None:
        return True
    kind = model.facts.get(TRAINED_ON, TrainedOn.UNKNOWN)
    if kind == TrainedOn.SYNTHETIC:
        return bool(dataset.plan.get("test_source", "gold") != "synthetic")
    return bool(kind == TrainedOn.DATASET)
