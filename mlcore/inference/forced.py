"""What a model says of each value after the true beginning of its document's answer ("teacher forcing"). Imports torch.

One pass over a document instead of an answer token by token, and no error leads to the next: a tenth of the time of reading, for comparing
models that are made alike. It flatters: a document is right here when the model, left alone and held by no grammar, would say its answer
word for word, but what is right in other documents comes after beginnings that a reader would not have had.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from mlcore.answers.form import AnswerForm
from mlcore.answers.printed import habits, printed_record, value_of
from mlcore.base_model.loading import LoadedBase
from mlcore.documents import GoldExample
from mlcore.prompts import Example
from mlcore.schema import InvoiceRecord, LineItem, record_with, spec_for, value_at
from mlcore.training.examples import TrainingExample, pieces_of, training_example
from mlcore.training.validation import counted_tokens, said_after_truth

TOO_MUCH = LineItem(description="-")
"""Stands for what a model says where there is nothing to say, such as one more line item where the answer ends."""


@dataclass(frozen=True, slots=True)
class SaidPiece:
    """A piece of an answer with what leads to its value (a key, say), as it should be and as it was said; ``path`` ``""`` is its end."""

    path: str
    wanted: str
    said: str


def forced_records(
    base: LoadedBase, form: AnswerForm, golds: Sequence[GoldExample], shown: Sequence[Sequence[Example]], max_tokens: int, micro_batch: int
) -> Iterator[tuple[int, InvoiceRecord]]:
    """Places in ``golds``, shortest document first, each with the record of what is said; ``shown`` has what is shown before each.

    As in training, a document of more than ``max_tokens``, answer included, is left out, and examples that do not fit are not shown.
    """
    examples: list[TrainingExample] = []
    for at, (gold, own) in enumerate(zip(golds, shown, strict=True)):
        fitting = (training_example(str(at), gold, form, base.tokenizer, shown=own[:count]) for count in range(len(own), -1, -1))
        examples += islice((one for one in fitting if len(one.tokens) <= max_tokens), 1)
    for one, said in said_after_truth(base.model, base, examples, micro_batch):
        gold = golds[int(one.name)]
        yield int(one.name), said_record(gold, form, _pieces(one, said, pieces_of(gold, form), base.tokenizer))


def said_record(gold: GoldExample, form: AnswerForm, pieces: Iterable[SaidPiece]) -> InvoiceRecord:
    """The record of a reader to whom each piece came as it was said. Pure.

    A piece that was said right has the confirmed value. A value of which the key was not said is absent. Where a value would have been said
    that is not there, the next one is absent (before it stood another key) or, where the form says what is absent, an item is too many.
    """
    printed, (order, style) = printed_record(gold), habits(gold.document)
    values, too_much = {}, False
    for piece in pieces:
        right = piece.said == piece.wanted
        if piece.path not in printed:
            too_much = too_much or not right
        elif right:
            values[piece.path] = value_at(gold.record, piece.path)
        else:
            text = _value_in(piece, form.escaped(printed[piece.path]))
            values[piece.path] = value_of(spec_for(piece.path).kind, text, order, style)
    record = record_with(values, len(gold.record.line_items))
    return replace(record, line_items=(*record.line_items, TOO_MUCH)) if too_much else record


def _value_in(piece: SaidPiece, wanted: str) -> str:
    """What was said after what leads to the value; ``""`` where something else leads there."""
    lead, found, tail = piece.wanted.rpartition(wanted)
    return piece.said[len(lead) :].removesuffix(tail) if found and piece.said.startswith(lead) else ""


def _pieces(one: TrainingExample, said: Sequence[int], paths: Sequence[str], tokenizer: Any) -> Iterator[SaidPiece]:
    """The pieces with a token that counts, in order; ``paths`` names all."""
    wanted: dict[int, list[int]] = {}
    spoken: dict[int, list[int]] = {}
    for (piece, token), other in zip(counted_tokens(one), said, strict=True):
        wanted.setdefault(piece, []).append(token)
        spoken.setdefault(piece, []).append(other)
    for piece, tokens in wanted.items():
        yield SaidPiece(paths[piece], tokenizer.decode(tokens), tokenizer.decode(spoken[piece]))
