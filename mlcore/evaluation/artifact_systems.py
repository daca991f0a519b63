"""An artifact as systems to evaluate: its model alone, and model and template together as they serve."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol, runtime_checkable

from mlcore.documents import DocumentText, GoldExample
from mlcore.evaluation.kept_readings import Kept, reading_key
from mlcore.evaluation.protocols import template_reader
from mlcore.evaluation.samples import Sample
from mlcore.evaluation.shown_lessons import Lesson, shown_after
from mlcore.evaluation.systems import Answer
from mlcore.inference.reading import DocumentReading, WeighedField
from mlcore.prompts import Example, examples_id
from mlcore.rescoring.open_fields import OpenFields
from mlcore.rescoring.rescorer import covers
from mlcore.schema import InvoiceRecord
from mlcore.serving import Reader, ServingExtractor, Weigher

_BATCH = 8


@dataclass(frozen=True)
class RememberingReader:
    """Reads each document once with what it is shown, however many systems ask for it: readings do not depend on templates."""

    reader: Reader
    known: dict[str, DocumentReading] = field(default_factory=dict)

    def read(self, documents: Sequence[DocumentText], shown: Sequence[Sequence[Example]] = ()) -> list[DocumentReading]:
        """See ``Reader``."""
        beside = shown or [()] * len(documents)
        keys = [reading_key(document.content_id, examples_id(own)) for document, own in zip(documents, beside, strict=True)]
        new = {key: (document, own) for key, document, own in zip(keys, documents, beside, strict=True) if key not in self.known}
        if new:
            read = self.reader.read([document for document, _ in new.values()], [own for _, own in new.values()])
            self.known.update(zip(new, read, strict=True))
        return [self.known[key] for key in keys]


@dataclass(frozen=True)
class RememberingWeigher:
    """Asks about each document once, however many systems have the same fields open."""

    weigher: Weigher
    known: dict[str, tuple[WeighedField, ...]] = field(default_factory=dict)

    def weigh(self, documents: Sequence[DocumentText], opened: Sequence[OpenFields]) -> list[tuple[WeighedField, ...]]:
        """See ``Weigher``."""
        pairs = zip(documents, opened, strict=True)
        new = [(document, own) for document, own in pairs if not covers(self.known.get(document.content_id, ()), own)]
        if new:
            found = self.weigher.weigh([document for document, _ in new], [own for _, own in new])
            self.known.update((document.content_id, weighed) for (document, _), weighed in zip(new, found, strict=True))
        return [self.known.get(document.content_id, ()) for document in documents]


@runtime_checkable
class TeacherForced(Protocol):
    """A model in this process, which can be asked what it would say after the true beginning of an answer."""

    def said_after_truth(
        self, golds: Sequence[GoldExample], shown: Sequence[Sequence[Example]], max_tokens: int | None = None
    ) -> Iterator[tuple[int, InvoiceRecord]]:
        """As ``inference.teacher_forcing.said_records``; ``max_tokens`` is the model's own where it is ``None``."""
        ...


@dataclass(frozen=True)
class ModelAlone:
    """What the model read, whatever its certainty, each document after the confirmed ones that ``deal`` has it shown."""

    name: str
    reader: Reader
    deal: Callable[[Sequence[Sample]], Iterator[Lesson]]
    leaves_out: bool

    def answers(self, samples: Sequence[Sample]) -> Iterator[Answer]:
        """As ``deal`` deals the documents out."""
        for lesson in self.deal(samples):
            yield from _alone(self.reader, lesson)


@dataclass(frozen=True)
class ModelAfterTruth:
    """What the model says of each value after the true beginning of the answer, documents dealt out as for ``ModelAlone``. Those of more
    than ``max_tokens`` (``None``: as many as it can take), answer included, are left out."""

    name: str
    model: TeacherForced
    deal: Callable[[Sequence[Sample]], Iterator[Lesson]]
    max_tokens: int | None = None
    leaves_out: bool = True

    def answers(self, samples: Sequence[Sample]) -> Iterator[Answer]:
        """As ``deal`` deals the documents out."""
        for lesson in self.deal(samples):
            for place, record in self.model.said_after_truth([sample.example for sample in lesson.rest], lesson.shown, self.max_tokens):
                yield Answer(lesson.rest[place].id, record)


def _alone(reader: Reader, lesson: Lesson) -> Iterator[Answer]:
    for start in range(0, len(lesson.rest), _BATCH):
        part = lesson.rest[start : start + _BATCH]
        found = reader.read([sample.example.document for sample in part], lesson.shown[start : start + _BATCH])
        yield from (Answer(sample.id, one.record) for sample, one in zip(part, found, strict=True))


@dataclass(frozen=True)
class ModelBesideTemplate:
    """Model and template together, the template learned from ``confirmed`` documents of the same vendor (and layout).

    A model that was trained with examples is shown the nearest of them.
    """

    name: str
    extractor: ServingExtractor
    confirmed: int

    @property
    def leaves_out(self) -> bool:
        """It leaves out the documents that it learns from."""
        return self.confirmed > 0

    def answers(self, samples: Sequence[Sample]) -> Iterator[Answer]:
        """As ``protocols.lessons`` deals the documents out."""
        for lesson in shown_after(samples, self.confirmed, self.extractor.examples):
            template = template_reader(lesson.taught)
            for start in range(0, len(lesson.rest), _BATCH):
                part = lesson.rest[start : start + _BATCH]
                documents = [sample.example.document for sample in part]
                found = self.extractor.extract_beside(documents, [template] * len(part), lesson.shown[start : start + _BATCH])
                yield from (Answer(sample.id, one.record) for sample, one in zip(part, found, strict=True))


def remembering(extractor: ServingExtractor, files: Sequence[Path] = ()) -> ServingExtractor:
    """The extractor with a reader that reads each document once, and none that ``files`` have kept; and so for what it asks about.

    Raises ``EvaluationError``.
    """
    kept = Kept.of(files, extractor.reads_as)
    asked = RememberingWeigher(extractor.weigher, kept.held) if extractor.weigher is not None else None
    return replace(extractor, reader=RememberingReader(extractor.reader, kept.read), weigher=asked)
