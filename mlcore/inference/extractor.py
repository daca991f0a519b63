"""The protocols that every extractor implements: one for templates, one for a model that works beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from mlcore.documents import DocumentText, Extraction
from mlcore.templates.model import VendorTemplate


class Extractor(Protocol):
    """Reads documents. Deterministic: the same documents and ``model_id`` give the same extractions."""

    @property
    def model_id(self) -> str:
        """Content-addressed name of what decides (code version, template, adapter)."""
        ...

    def extract(self, documents: Sequence[DocumentText]) -> list[Extraction]:
        """One extraction for each document, in the order given. Never raises for odd content."""
        ...


class TemplatedExtractor(Protocol):
    """Reads documents with a model, each together with the template of its vendor if there is one. Deterministic as above.

    What it says of a document is stored under ``model_names.name_together(model_id, template)``.
    """

    @property
    def model_id(self) -> str:
        """Content-addressed name of the model (base, adapter, prompt, calibration), without templates."""
        ...

    def extract(self, documents: Sequence[DocumentText], templates: Sequence[VendorTemplate | None]) -> list[Extraction]:
        """One extraction for each document, in the order given; ``templates`` is as long as ``documents``."""
        ...
