"""Asking a model about the open fields of documents, whatever engine computes. Pure but for the engine given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mlcore.answers.form import AnswerForm
from mlcore.documents import DocumentText
from mlcore.inference.document_reader import DocumentReader
from mlcore.inference.reading import WeighedField
from mlcore.inference.tokens import Tokens
from mlcore.rescoring.branches import Tree, tree_of
from mlcore.rescoring.open_fields import OpenFields

Score = Callable[[Sequence[int], Tree], list[float]]
"""The log-probability of every branch of a tree behind the tokens of a prompt, by the free model."""


@dataclass(frozen=True)
class Weighing:
    """``reader`` says what is asked behind which prompt, in ``form`` and ``tokens``; ``score`` computes."""

    reader: DocumentReader
    form: AnswerForm
    tokens: Tokens
    score: Score

    def weigh(self, documents: Sequence[DocumentText], opened: Sequence[OpenFields]) -> list[tuple[WeighedField, ...]]:
        """How likely the model holds each option of the open fields of each document, in the order given. Documents are shown nothing.

        Raises what ``score`` raises.
        """
        found: list[list[WeighedField]] = [[] for _ in documents]
        for job in self.reader.weighing(documents, opened):
            numbers = iter(self.score(job.prompt, tree_of(job.opened, self.form, self.tokens)))
            for field in job.opened.fields:
                found[job.document].append(WeighedField(field.name, tuple((option.text, next(numbers)) for option in field.options)))
        return [tuple(own) for own in found]
