"""What a model is shown before each document that it is measured on: confirmed documents, never the document itself. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mlcore.evaluation.protocols import lessons, wrong_lessons
from mlcore.evaluation.samples import Sample
from mlcore.prompts import Example
from mlcore.retrieval.examples import Confirmed, Shelf, confirmed_of, nearest


@dataclass(frozen=True, slots=True)
class Lesson:
    """``rest`` is read after ``taught`` were confirmed; ``shown`` has for each of ``rest`` what it is shown, the nearest first."""

    taught: Sequence[Sample]
    rest: Sequence[Sample]
    shown: Sequence[tuple[Example, ...]]


def shown_nothing(samples: Sequence[Sample]) -> Iterator[Lesson]:
    """Every document, shown nothing else."""
    yield Lesson((), samples, [()] * len(samples))


def shown_after(samples: Sequence[Sample], confirmed: int, most: int) -> Iterator[Lesson]:
    """As ``protocols.lessons`` deals the documents out; each is shown at most ``most`` of its vendor's (and layout's) confirmed ones."""
    for taught, rest in lessons(samples, confirmed):
        yield Lesson(taught, rest, _nearest(taught, rest, most))


def shown_wrong(samples: Sequence[Sample], confirmed: int, most: int) -> Iterator[Lesson]:
    """The same documents, each shown what another vendor has confirmed. Raises ``EvaluationError`` for documents of one vendor."""
    for taught, rest in wrong_lessons(samples, confirmed):
        yield Lesson(taught, rest, _nearest(taught, rest, most))


def shown_of(samples: Sequence[Sample], shelf: Shelf, most: int) -> Iterator[Lesson]:
    """Every document, shown what ``shelf`` has for it: its vendor's, else of its layout, else nothing."""
    yield Lesson((), samples, [shelf.shown_to(one.example.document, one.example.vendor_key, most) for one in samples])


def _nearest(taught: Sequence[Sample], rest: Sequence[Sample], most: int) -> list[tuple[Example, ...]]:
    known: list[Confirmed] = [one for sample in taught if most and (one := confirmed_of(sample.example)) is not None]
    return [tuple(one.example for one in nearest(sample.example.document, known, most)) for sample in rest]
