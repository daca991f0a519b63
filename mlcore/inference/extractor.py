"""The protocol that every extractor implements: the template reader today, the fine-tuned model later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from mlcore.documents import DocumentText, Extraction


class Extractor(Protocol):
    """Reads documents. Deterministic: the same documents and ``model_id`` give the same extractions."""

    @property
    def model_id(self) -> str:
        """Content-addressed name of what decides (code version, template, adapter)."""
        ...

    def extract(self, documents: Sequence[DocumentText]) -> list[Extraction]:
        """One extraction for each document, in the order given. Never raises for odd content."""
        ...
