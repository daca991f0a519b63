"""A small real extractor behind the protocol of the serving model: the template reader, sure of all it reads.

It is what a model worker needs to be tested without a model in memory; it fails on a document that says ``POISON``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from mlcore.documents import DocumentText, Extraction
from mlcore.templates import VendorTemplate
from mlcore.templates.extractor import TemplateExtractor

POISON = "UNREADABLE"
SURE = 0.97


@dataclass
class SecondReader:
    """``batches`` are the sizes of what it was asked to read."""

    model_id: str = "adapter-0123456789abcdef"
    batches: list[int] = field(default_factory=list)

    def extract(self, documents: Sequence[DocumentText], templates: Sequence[VendorTemplate | None]) -> list[Extraction]:
        """As the protocol says; raises ``ValueError`` for the poison."""
        self.batches.append(len(documents))
        return [self._read(document, template) for document, template in zip(documents, templates, strict=True)]

    def _read(self, document: DocumentText, template: VendorTemplate | None) -> Extraction:
        if POISON in document.text:
            raise ValueError("this document cannot be read")
        [found] = TemplateExtractor(template).extract([document])
        return replace(found, fields=tuple(replace(value, confidence=SURE) for value in found.fields))
