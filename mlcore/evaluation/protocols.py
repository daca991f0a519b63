"""How the template reader is measured: what it may have learned before it reads a document."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar

from mlcore.documents import GoldExample
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


def template_lessons(documents: Sequence[D], confirmed: int, seed: int = SEED) -> Iterator[tuple[TemplateExtractor, Sequence[D]]]:
    """Readers, each with the documents that it has not learned from.

    With ``confirmed == 0`` one reader without a template reads everything. Else each vendor (and layout) is put in an order
    drawn from ``seed``; its reader has learned from the first ``confirmed`` documents and reads the others. A vendor with no
    document to spare is left out. The documents read after 3 are among those read after 1, and all were read after 0.
    """
    if confirmed < 0:
        raise ValueError(f"{confirmed} confirmed documents; the least is 0.")
    if not confirmed:
        yield TemplateExtractor(), documents
        return
    groups: dict[tuple[str, str], list[D]] = {}
    for document in documents:
        groups.setdefault((document.example.vendor_key, document.layout), []).append(document)
    for key in sorted(groups):
        group = sorted(groups[key], key=lambda document: document.id)
        random.Random(seed).shuffle(group)  # noqa: S311 - reproducible, nothing secret
        if len(group) > confirmed:
            template = learn_template(key[0], [document.example for document in group[:confirmed]])
            yield TemplateExtractor(template), group[confirmed:]
