"""What is known after the first N labeled documents of a dataset, whatever vendors they are of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mlcore.dataset.directory import MANIFEST, Split, read_split
from mlcore.dataset.leaks import check_leaks
from mlcore.documents import GoldExample
from mlcore.errors import EvaluationError
from mlcore.evaluation.samples import Sample
from mlcore.evaluation.systems import Answer
from mlcore.retrieval.examples import Shelf, confirmed_of
from mlcore.templates.extractor import TemplateExtractor
from mlcore.templates.learn import learn_template

_NEWEST = 40
"""Documents that a template is learned from at most, as in the station."""


def labeled_documents(folder: Path, count: int) -> list[GoldExample]:
    """The first ``count`` training documents of a dataset, all where it has fewer, as for ``train --documents``; it is mixed, so they are
    a sample of it.

    Raises ``DatasetError`` where the dataset leaks, ``EvaluationError`` where it is none.
    """
    if not (folder / MANIFEST).is_file():
        raise EvaluationError(f"{folder} is no dataset directory, so it has no labeled documents beside those to score; give a dataset.")
    found = [entry.gold for entry in read_split(folder, Split.TRAIN, count)] if count else []
    check_leaks(folder, retrieval={gold.vendor_key for gold in found})
    return found


def labeled_shelf(labeled: Sequence[GoldExample]) -> Shelf:
    """Labeled documents as examples to be shown."""
    return Shelf(one for gold in labeled if (one := confirmed_of(gold)) is not None)


@dataclass(frozen=True)
class TemplateOfLabeled:
    """The template reader, each vendor's template learned from those of the ``labeled`` documents that are the vendor's."""

    labeled: Sequence[GoldExample]
    leaves_out: bool = False
    _readers: dict[str, TemplateExtractor] = field(default_factory=dict, init=False)

    @property
    def name(self) -> str:
        """How the report calls it."""
        return f"template of {len(self.labeled)} labeled"

    def answers(self, samples: Sequence[Sample]) -> Iterator[Answer]:
        """In the order of the samples."""
        for sample in samples:
            reader = self._reader(sample.example.vendor_key)
            yield Answer(sample.id, reader.extract([sample.example.document])[0].record)

    def _reader(self, vendor_key: str) -> TemplateExtractor:
        if vendor_key not in self._readers:
            own = [gold for gold in self.labeled if gold.vendor_key == vendor_key][-_NEWEST:]
            self._readers[vendor_key] = TemplateExtractor(learn_template(vendor_key, own) if own else None)
        return self._readers[vendor_key]
