"""Documents to learn confidence from, as a command is given them: gold or data sets, beside readings that were kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from mlcore.commands.sources import samples_of
from mlcore.confidence.sample import ConfidenceSample
from mlcore.dataset.directory import Split
from mlcore.errors import DatasetError
from mlcore.evaluation.kept_readings import reading_key
from mlcore.evaluation.protocols import template_reader
from mlcore.evaluation.samples import Sample
from mlcore.evaluation.shown_lessons import shown_after
from mlcore.inference.reading import DocumentReading
from mlcore.prompts import examples_id
from mlcore.templates.reading import TemplateReading


def confidence_samples(data: str, known: Mapping[str, DocumentReading], confirmed: Sequence[int], most: int) -> Iterator[ConfidenceSample]:
    """The documents of ``data`` (``PATH[@SPLIT]``) that were read and are of no seen vendor, after each number of confirmed documents.

    A model that was trained with examples is judged with the ``most`` that it is shown where documents are confirmed. Raises
    ``DatasetError``.
    """
    path, _, split = data.partition("@")
    if split and split not in set(Split):
        raise DatasetError(f"{data}: after @ stands a split, one of {', '.join(Split)}.")
    found, _ = samples_of(Path(path), Split(split or Split.TEST.value), None)
    read = [sample for sample in found if sample.example.document.content_id in known and not sample.seen]
    for count in confirmed:
        for lesson in shown_after(read, count, most):
            reader = template_reader(lesson.taught)
            for sample, shown in zip(lesson.rest, lesson.shown, strict=True):
                model = known.get(reading_key(sample.example.document.content_id, examples_id(shown)))
                if model is not None:
                    yield _sample(sample, reader.look(sample.example.document), model)


def _sample(sample: Sample, look: TemplateReading, model: DocumentReading) -> ConfidenceSample:
    example = sample.example
    document, vendor = example.document, f"{sample.set_name}:{example.vendor_key}"
    return ConfidenceSample(document.content_id, vendor, document, look.extraction(), model, example, look)
