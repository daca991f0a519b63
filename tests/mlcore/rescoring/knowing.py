"""Documents with a model that knows which candidates are right, or has not been asked; and one that must not be asked to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from mlcore.confidence.sample import ConfidenceSample
from mlcore.dataset.synthetic import generate, vendor_catalogue
from mlcore.documents import DocumentText
from mlcore.inference.reading import DocumentReading, WeighedField
from mlcore.normalize import comparison_key
from mlcore.rescoring.open_fields import OpenFields, open_fields
from mlcore.rescoring.rescorer import Rescorer
from mlcore.schema import InvoiceRecord, spec_for, value_at
from mlcore.templates.extractor import TemplateExtractor

MODEL_ALONE = Rescorer(dict.fromkeys(("date", "total", "subtotal"), (0.0, 1.0, 0.0, 0.0)))
"""The model's word and nothing else decides."""


@cache
def known_samples(*, knows: bool) -> list[ConfidenceSample]:
    """Documents of composed vendors, with a model that knows which of the options is right, or one that has not been asked."""
    makers = [maker for maker in vendor_catalogue(composed=36, seed=5) if maker.key.startswith("composed")]
    found = []
    for document in generate(110, 5, makers):
        look = TemplateExtractor().look(document.text)
        weighed = tuple(_known(one.name, document.gold.record, open_fields(look)) for one in open_fields(look).fields) if knows else ()
        reading = DocumentReading(InvoiceRecord(), (), weighed=weighed)
        found.append(ConfidenceSample(document.id, document.vendor.key, document.text, look.extraction(), reading, document.gold, look))
    return found


def _known(name: str, record: InvoiceRecord, opened: OpenFields) -> WeighedField:
    kind, options = spec_for(name).kind, next(one.options for one in opened.fields if one.name == name)
    right = comparison_key(kind, value_at(record, name))
    held = [comparison_key(kind, one.candidate.value) if one.candidate else comparison_key(kind, None) for one in options]
    return WeighedField(name, tuple((one.text, -0.2 if key == right else -6.0) for one, key in zip(options, held, strict=True)))


@dataclass
class NeverReads:
    """Fails where it is asked to read; says how often it was asked about candidates."""

    asked: list[int] = field(default_factory=list)

    def read(self, documents: Sequence[DocumentText], shown: Sequence[object] = ()) -> list[DocumentReading]:
        raise AssertionError("nothing is to be read")

    def weigh(self, documents: Sequence[DocumentText], opened: Sequence[OpenFields]) -> list[tuple[WeighedField, ...]]:
        self.asked.append(len(documents))
        return [
            tuple(
                WeighedField(one.name, tuple((option.text, -float(place)) for place, option in enumerate(one.options)))
                for one in own.fields
            )
            for own in opened
        ]
