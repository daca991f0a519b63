"""The currency of the readers: one possible reading of one header field, with its place and its score."""

from __future__ import annotations

from dataclasses import dataclass

from mlcore.documents import Evidence
from mlcore.schema import Value


@dataclass(frozen=True, slots=True)
class Candidate:
    """One reading of one header field.

    ``name`` is the field (``total``, ``vendor.name``), ``raw`` the text as printed, ``score`` 0..1 how much
    speaks for it. ``source`` says what found it: ``label``, ``position``, ``template`` or ``format``.
    ``page`` counts from 1; ``word_indexes`` are indexes into that page's ``words``.
    """

    name: str
    value: Value
    raw: str
    evidence: tuple[Evidence, ...]
    score: float
    source: str
    page: int
    word_indexes: tuple[int, ...]
