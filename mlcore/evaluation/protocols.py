"""How readers that learn from confirmed documents are measured: what they may have learned before they read a document."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar

from mlcore.documents import GoldExample
from mlcore.errors import EvaluationError
from mlcore.templates.extractor import TemplateExtractor
from mlcore.templates.learn import learn_template

SEED = 7


class Labeled(Protocol):
    """A gold example with a name; ``layout`` is ``""`` where layouts are not told apart."""

    @property
    def id(self) -> str: ...

    @property
    def example(self) -> GoldExample: ...

    @property
    def layout(self) -> str: ...


D = TypeVar("D", bound=Labeled)


def lessons(documents: Sequence[D], confirmed: int, seed: int = SEED) -> Iterator[tuple[Sequence[D], Sequence[D]]]:
    """Confirmed documents, each time with those that are read after them.

    With ``confirmed == 0`` everything is read after none. Else each vendor (and layout) is put in an order drawn from ``seed``; its first
    ``confirmed`` documents are confirmed and the others read. A vendor with no document to spare is left out. The documents read after
    3 are among those read after 1, and all were read after 0.
    """
    if confirmed < 0:
        raise ValueError(f"{confirmed} confirmed documents; the least is 0.")
    if not confirmed:
        yield (), documents
        return
    groups: dict[tuple[str, str], list[D]] = {}
    for document in documents:
        groups.setdefault((document.example.vendor_key, document.layout), []).append(document)
    for key in sorted(groups):
        group = sorted(groups[key], key=lambda document: document.id)
        random.Random(seed).shuffle(group)  # noqa: S311 - reproducible, nothing secret
        if len(group) > confirmed:
            yield group[:confirmed], group[confirmed:]


def wrong_lessons(documents: Sequence[D], confirmed: int, seed: int = SEED) -> Iterator[tuple[Sequence[D], Sequence[D]]]:
    """As ``lessons``, each time with the confirmed documents of the next other vendor instead: what a wrongly recognised vendor does.

    Raises ``EvaluationError`` where one vendor alone has documents to spare.
    """
    if confirmed < 1:
        raise ValueError(f"{confirmed} confirmed documents of another vendor; the least is 1.")
    dealt = list(lessons(documents, confirmed, seed))
    for place, (own, rest) in enumerate(dealt):
        after = [taught for taught, _ in dealt[place + 1 :] + dealt[:place] if _vendor(taught) != _vendor(own)]
        if not after:
            raise EvaluationError("All documents are of one vendor, so there is no other whose documents could be shown; take more.")
        yield after[0], rest


def template_lessons(documents: Sequence[D], confirmed: int, seed: int = SEED) -> Iterator[tuple[TemplateExtractor, Sequence[D]]]:
    """As ``lessons``, each time with the reader that has learned from the confirmed documents."""
    for taught, rest in lessons(documents, confirmed, seed):
        yield template_reader(taught), rest


def template_reader(taught: Sequence[Labeled]) -> TemplateExtractor:
    """The reader that has learned from documents of one vendor; without any it reads without a template."""
    if not taught:
        return TemplateExtractor()
    return TemplateExtractor(learn_template(_vendor(taught), [document.example for document in taught]))


def _vendor(documents: Sequence[Labeled]) -> str:
    return documents[0].example.vendor_key
