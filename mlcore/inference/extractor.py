"""The protocol of what reads documents with a model: the artifact that serves (``mlcore.serving``) and whatever takes its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from mlcore.documents import DocumentText, Extraction
from mlcore.templates.model import VendorTemplate


class TemplatedExtractor(Protocol):
    """Reads documents with a model, each together with the template of its vendor if there is one.

    Deterministic: the same documents, templates and ``model_id`` give the same extractions.

    What it says of a document is stored under ``model_names.name_together(model_id, template)``.
    """

    @property
    def model_id(self) -> str:
        """Content-addressed name of the model (base, adapter, prompt, calibration), without templates."""
        ...

    def extract(self, documents: Sequence[DocumentText], templates: Sequence[VendorTemplate | None]) -> list[Extraction]:
        """One extraction for each document, in the order given; ``templates`` is as long as ``documents``. Never raises for odd content."""
        ...
