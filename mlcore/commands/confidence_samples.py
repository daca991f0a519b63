"""Documents to learn confidence from, as a command is given them: gold or data sets, beside readings that were kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from mlcore.commands.sources import samples_of
from mlcore.confidence.sample import ConfidenceSample
from mlcore.dataset.directory import Split
from mlcore.errors import DatasetError
from mlcore.evaluation.kept_readings import Kept, reading_key
from mlcore.evaluation.protocols import lessons, template_reader
from mlcore.evaluation.samples import Sample
from mlcore.evaluation.shown_lessons import shown_after
from mlcore.inference.reading import DocumentReading, WeighedField
from mlcore.prompts import examples_id
from mlcore.rescoring.open_fields import open_fields
from mlcore.rescoring.rescorer import covers
from mlcore.templates.reading import TemplateReading

Watch = Callable[[str, int], None]


def samples_of_files(
    data: Iterable[str], kept: Kept, confirmed: Sequence[int], most: int, *, reads: bool, watch: Watch | None = None
) -> list[ConfidenceSample]:
    """Of all files together, as documents are read or (``unread_samples``) only asked about. One that is in two of them teaches once.

    ``watch`` hears of every sample, of which file it is and how many that file has given.
    """
    found: list[ConfidenceSample] = []
    for one in data:
        known = {sample.document_id for sample in found}
        samples = confidence_samples(one, kept, confirmed, most) if reads else unread_samples(one, kept, confirmed)
        for count, sample in enumerate(samples, start=1):
            if watch is not None:
                watch(one, count)
            if sample.document_id not in known:
                found.append(sample)
    return found


def unread_samples(data: str, kept: Kept, confirmed: Sequence[int]) -> Iterator[ConfidenceSample]:
    """The documents of ``data`` of no seen vendor as the model was asked about them, after each number of confirmed documents.

    One that nothing is open in is kept nowhere and comes too. Raises ``DatasetError``.
    """
    new = _new_samples(data)
    for count in confirmed:
        for taught, rest in lessons(new, count):
            reader = template_reader(taught)
            for sample in rest:
                look = reader.look(sample.example.document)
                yield _sample(sample, look, None, kept.told(sample.example.document.content_id, open_fields(look)))


def confidence_samples(data: str, kept: Kept, confirmed: Sequence[int], most: int) -> Iterator[ConfidenceSample]:
    """The documents of ``data`` (``PATH[@SPLIT]``) that are kept and of no seen vendor.

    Those that were read come after each number of confirmed documents, those that were only asked about as of new vendors. A model that
    was trained with examples is judged with the ``most`` that it is shown where documents are confirmed. Raises ``DatasetError``.
    """
    new = _new_samples(data)
    read = [sample for sample in new if sample.example.document.content_id in kept.read]
    for count in confirmed:
        for lesson in shown_after(read, count, most):
            reader = template_reader(lesson.taught)
            for sample, shown in zip(lesson.rest, lesson.shown, strict=True):
                model = kept.read.get(reading_key(sample.example.document.content_id, examples_id(shown)))
                if model is not None:
                    told = kept.asked.get(sample.example.document.content_id, ())
                    yield _weighed(_sample(sample, reader.look(sample.example.document), model, ()), told)
    stranger = template_reader(())
    for sample in new:
        document = sample.example.document
        told = kept.asked.get(document.content_id, ())
        if told and document.content_id not in kept.read:
            yield _sample(sample, stranger.look(document), None, told)


def _new_samples(data: str) -> list[Sample]:
    path, _, split = data.partition("@")
    if split and split not in set(Split):
        raise DatasetError(f"{data}: after @ stands a split, one of {', '.join(Split)}.")
    found, _ = samples_of(Path(path), Split(split or Split.TEST.value), None)
    return [sample for sample in found if not sample.seen]


def _weighed(sample: ConfidenceSample, told: tuple[WeighedField, ...]) -> ConfidenceSample:
    """The same with what the model was asked beside its reading, where the reading was not weighed, or by other readers."""
    if sample.model is None or covers(sample.weighed, sample.opened) or not covers(told, sample.opened):
        return sample
    return replace(sample, model=replace(sample.model, weighed=told))


def _sample(sample: Sample, look: TemplateReading, model: DocumentReading | None, told: tuple[WeighedField, ...]) -> ConfidenceSample:
    example = sample.example
    document, vendor = example.document, f"{sample.set_name}:{example.vendor_key}"
    return ConfidenceSample(document.content_id, vendor, document, look.extraction(), model, example, look, told, sample.set_name)
