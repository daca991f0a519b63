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

Score = Callable[[Sequence[int], Tree], list[float] | None]
"""The log-probability of every branch of a tree behind the tokens of a prompt, by the free model; ``None`` where that cannot be told."""


@dataclass(frozen=True, slots=True)
class Weighing:
    """``reader`` says what is asked behind which prompt, in ``form`` and ``tokens``; ``score`` computes."""

    reader: DocumentReader
    form: AnswerForm
    tokens: Tokens
    score: Score

    def weigh(self, documents: Sequence[DocumentText], opened: Sequence[OpenFields]) -> list[tuple[WeighedField, ...]]:
        """How likely the model holds each option of the open fields of each document, in the order given. Documents are shown nothing.

        What is longer than the reader reads, and what cannot be told, is left out. Raises what ``score`` raises.
        """
        found: list[list[WeighedField]] = [[] for _ in documents]
        for job in self.reader.weighing(documents, opened):
            tree = tree_of(job.opened, self.form, self.tokens)
            numbers = self.score(job.prompt, tree) if len(job.prompt) + tree.longest <= self.reader.max_tokens else None
            told = iter(numbers or ())
            for field in job.opened.fields if numbers is not None else ():
                found[job.document].append(WeighedField(field.name, tuple((option.text, next(told)) for option in field.options)))
        return [tuple(own) for own in found]
