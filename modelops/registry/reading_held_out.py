"""Reading the held-out documents of a data set version with a model exactly as it serves, or with the templates alone."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from django.conf import settings

from invoices.serving import models_folder
from mlcore.dataset.directory import Split
from mlcore.documents import DocumentText, Extraction
from mlcore.errors import ArtifactError, BaseModelError, DatasetError, MlcoreError
from mlcore.evaluation.samples import Sample, samples_of_dataset
from mlcore.gate import Measured
from mlcore.serving import ServingExtractor, load_extractor
from mlcore.templates.extractor import TemplateExtractor
from modelops.errors import Refused
from modelops.folders import artifact_folder, dataset_folder
from modelops.models import DatasetVersion, ModelVersion
from modelops.registry.kept_reader import KeptReader
from modelops.registry.verifying import sound_artifact

BATCH = 8
Listen = Callable[[int, int], None]
"""Hears how many documents of how many are read."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """The held-out documents of a version and the SHA-256 of their file."""

    samples: tuple[Sample, ...]
    sha256: str


def held_out(dataset: DatasetVersion) -> HeldOut:
    """Raises ``Refused`` for a version that is not frozen, cannot be read, or has no held-out document."""
    if dataset.state != DatasetVersion.State.FROZEN:
        raise Refused("dataset_not_frozen", f"Data set {dataset.number} is not frozen yet; wait until it is, or look what keeps it.")
    try:
        samples, digest = samples_of_dataset(dataset_folder(dataset), Split.TEST)
    except DatasetError as error:
        raise Refused("dataset_unreadable", f"The files of data set {dataset.number} cannot be read: {error}") from error
    if not samples:
        raise Refused(
            "nothing_held_out",
            f"Data set {dataset.number} has no held-out document, so no model can be judged on it. Put vendors with confirmed documents "
            "on the held-out side and make another version.",
        )
    return HeldOut(tuple(samples), digest)


class TemplatesAlone:
    """The templates without a model, as they serve a vendor of which nothing was confirmed yet."""

    def extract_each(self, documents: Sequence[DocumentText]) -> list[Extraction]:
        """One extraction for each document."""
        return TemplateExtractor().extract(documents)


@dataclass(frozen=True)
class ModelAndTemplates:
    """A model together with the templates, for a vendor of which nothing was confirmed yet."""

    extractor: ServingExtractor

    def extract_each(self, documents: Sequence[DocumentText]) -> list[Extraction]:
        """One extraction for each document."""
        return self.extractor.extract_beside(documents, [TemplateExtractor()] * len(documents))


System = TemplatesAlone | ModelAndTemplates


def system_of(model: ModelVersion | None) -> System:
    """What serves when this model does; half a minute, and torch, for a model.

    Raises ``Refused`` for files that do not verify, a missing or wrong base model, and a model without a fitted confidence, which no
    station would serve.
    """
    if model is None:
        return TemplatesAlone()
    artifact = sound_artifact(model)
    if artifact.confidence is None:
        raise Refused(
            "model_not_calibrated",
            f"Model {model.number} has no confidence, so nothing says when it is to be believed, and no station serves it. Calibrate it "
            "and pack it again.",
        )
    os.environ.setdefault("OMP_NUM_THREADS", str(settings.MODEL_THREADS))  # torch reads it once, when it is imported
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        return ModelAndTemplates(load_extractor(artifact_folder(model), models_folder(), calibrated=True))
    except (ArtifactError, BaseModelError) as error:
        raise Refused("model_cannot_be_loaded", f"Model {model.number} cannot be loaded: {error}") from error
    except MlcoreError as error:
        raise Refused("model_cannot_be_loaded", f"Model {model.number} cannot be used: {error}") from error


@dataclass(frozen=True, slots=True)
class Readings:
    """What was read, in the order of the samples, and the median seconds of a document among those that the model read in this process, or
    was asked about where it reads nothing."""

    extractions: tuple[Extraction, ...]
    seconds: Measured | None


def read_all(system: System, samples: Sequence[Sample], kept: Path, listen: Listen) -> Readings:
    """Read every document, those that the file ``kept`` has not, and keep them there as they come."""
    keeper: KeptReader | None = None
    if isinstance(system, ModelAndTemplates):
        own = system.extractor
        keeper = KeptReader(own.reader, own.reads_as, kept, own.weigher)
        system = ModelAndTemplates(replace(own, reader=keeper, weigher=keeper if own.weigher is not None else None))
    found = list(_in_batches(system, samples, listen))
    seconds = list(keeper.spent.values()) if keeper is not None else []
    return Readings(tuple(found), Measured(median(seconds), len(seconds)) if seconds else None)


def _in_batches(system: System, samples: Sequence[Sample], listen: Listen) -> Iterator[Extraction]:
    listen(0, len(samples))
    for start in range(0, len(samples), BATCH):
        part = samples[start : start + BATCH]
        yield from system.extract_each([sample.example.document for sample in part])
        listen(start + len(part), len(samples))
