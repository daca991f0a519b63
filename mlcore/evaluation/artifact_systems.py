"""An artifact as systems to evaluate: its model alone, and model and template together as they serve."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from mlcore.documents import DocumentText
from mlcore.evaluation.kept_readings import kept_readings
from mlcore.evaluation.protocols import template_lessons
from mlcore.evaluation.samples import Sample
from mlcore.evaluation.systems import Answer, System
from mlcore.inference.reading import DocumentReading
from mlcore.serving import Reader, ServingExtractor

MODEL = "model"
"""Names the model alone among the systems of an artifact."""
_BATCH = 8


@dataclass(frozen=True)
class RememberingReader:
    """Reads each document once, however many systems ask for it: readings do not depend on templates."""

    reader: Reader
    known: dict[str, DocumentReading] = field(default_factory=dict)

    def read(self, documents: Sequence[DocumentText]) -> list[DocumentReading]:
        """See ``Reader``."""
        new = {document.content_id: document for document in documents if document.content_id not in self.known}
        self.known.update(zip(new, self.reader.read(list(new.values())), strict=True))
        return [self.known[document.content_id] for document in documents]


@dataclass(frozen=True)
class ModelAlone:
    """What the model read, whatever its certainty."""

    name: str
    reader: Reader
    learns: bool = False

    def answers(self, samples: Sequence[Sample]) -> Iterator[Answer]:
        """In the order of the samples."""
        for start in range(0, len(samples), _BATCH):
            part = samples[start : start + _BATCH]
            found = self.reader.read([sample.example.document for sample in part])
            yield from (Answer(sample.id, one.record) for sample, one in zip(part, found, strict=True))


@dataclass(frozen=True)
class ModelBesideTemplate:
    """Model and template together, the template learned from ``confirmed`` documents of the same vendor (and layout)."""

    name: str
    extractor: ServingExtractor
    confirmed: int

    @property
    def learns(self) -> bool:
        """It learns from documents of the set."""
        return self.confirmed > 0

    def answers(self, samples: Sequence[Sample]) -> Iterator[Answer]:
        """As ``protocols.template_lessons`` deals the documents out."""
        for template, rest in template_lessons(samples, self.confirmed):
            for start in range(0, len(rest), _BATCH):
                part = rest[start : start + _BATCH]
                found = self.extractor.extract_beside([sample.example.document for sample in part], [template] * len(part))
                yield from (Answer(sample.id, one.record) for sample, one in zip(part, found, strict=True))


def remembering(extractor: ServingExtractor, files: Sequence[Path] = ()) -> ServingExtractor:
    """The extractor with a reader that reads each document once, and none that ``files`` have kept. Raises ``EvaluationError``."""
    known: dict[str, DocumentReading] = {}
    for path in files:
        known.update(kept_readings(path, extractor.reads_as))
    return replace(extractor, reader=RememberingReader(extractor.reader, known))


def artifact_systems(name: str, extractor: ServingExtractor, which: Sequence[str]) -> list[System]:
    """The systems of one artifact, which share the readings of its ``remembering`` reader.

    ``which`` holds ``MODEL`` and counts of confirmed documents.
    """
    systems: list[System] = []
    for word in which:
        if word == MODEL:
            systems.append(ModelAlone(f"{name} alone", extractor.reader))
        else:
            confirmed = int(word)
            after = f" after {confirmed}" if confirmed else ""
            systems.append(ModelBesideTemplate(f"{name} + template{after}", extractor, confirmed))
    return systems
