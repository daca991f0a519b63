"""What a model says of each value after the true beginning of its document's answer. Imports torch.

One pass over a document, prompt and answer together, instead of one for every few tokens of the answer, and no error leads to the next: for
comparing models that are made alike. It is not what reading gives (docs/evaluation.md): a document is right here when the model, left alone
and held by no grammar, would say its answer; what is right in others comes after beginnings that a reader would not have had.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice

from mlcore.answers.form import AnswerForm
from mlcore.answers.printed import habits, printed_record, value_of
from mlcore.base_model.loading import LoadedBase
from mlcore.documents import GoldExample
from mlcore.inference.tokens import LoadedTokens
from mlcore.prompts import Example
from mlcore.schema import LINE_ITEM_FIELDS, InvoiceRecord, ItemType, LineItem, Value, ValueKind, record_with, spec_for, value_at
from mlcore.training.examples import TrainingExample, pieces_of, training_example
from mlcore.training.validation import counted_tokens, said_after_truth

_TOO_MUCH: dict[ValueKind, Value] = {
    ValueKind.DATE: dt.date.min,
    ValueKind.MONEY: Decimal(0),
    ValueKind.QUANTITY: Decimal(0),
    ValueKind.ITEM_TYPE: ItemType.STANDARD_MEDICATION,
}


def too_much(kind: ValueKind) -> Value:
    """Stands for a value that is said where there is none."""
    return _TOO_MUCH.get(kind, "-")


ANOTHER_LINE = LineItem(**{spec.name: too_much(spec.kind) for spec in LINE_ITEM_FIELDS})  # type: ignore[arg-type]  # kinds fit fields
"""Stands for the line item that a model has begun which does not end where the answer ends."""


@dataclass(frozen=True, slots=True)
class SaidPiece:
    """A piece of an answer, what leads to its value (a key, say) included, as it is ``wanted`` and as it was ``said``, up to the first
    token that is not wanted and with it. ``path`` is ``""`` for the end of the answer."""

    path: str
    wanted: str
    said: str
    right: bool


def said_records(
    base: LoadedBase, form: AnswerForm, golds: Sequence[GoldExample], shown: Sequence[Sequence[Example]], max_tokens: int, micro_batch: int
) -> Iterator[tuple[int, InvoiceRecord]]:
    """Places in ``golds``, shortest document first, each with the record of what is said; ``shown`` has what is shown before each.

    As in training, a document of more than ``max_tokens``, answer included, is left out, and examples that do not fit are not shown.
    """
    examples: list[TrainingExample] = []
    for at, (gold, own) in enumerate(zip(golds, shown, strict=True)):
        fitting = (training_example(str(at), gold, form, base.tokenizer, shown=own[:count]) for count in range(len(own), -1, -1))
        examples += islice((one for one in fitting if len(one.tokens) <= max_tokens), 1)
    decode = LoadedTokens(base.tokenizer).decode
    for one, said in said_after_truth(base.model, base, examples, micro_batch):
        gold = golds[int(one.name)]
        yield int(one.name), said_record(gold, form, said_pieces(one, said, pieces_of(gold, form), decode))


def said_pieces(one: TrainingExample, said: Sequence[int], paths: Sequence[str], decode: Callable[[list[int]], str]) -> Iterator[SaidPiece]:
    """The pieces of an answer in order; ``said`` as ``said_after_truth`` gives it, ``paths`` names the pieces.

    After a token that is not wanted nothing counts: it was said after a beginning that is not what was said before it.
    """
    wanted: list[list[int]] = [[] for _ in paths]
    spoken: list[list[int]] = [[] for _ in paths]
    for (piece, token), other in zip(counted_tokens(one), said, strict=True):
        if spoken[piece] == wanted[piece]:
            spoken[piece].append(other)
        wanted[piece].append(token)
    for path, want, say in zip(paths, wanted, spoken, strict=True):
        yield SaidPiece(path, decode(want), decode(say), want == say)


def said_record(gold: GoldExample, form: AnswerForm, pieces: Iterable[SaidPiece]) -> InvoiceRecord:
    """The record of a reader to whom each piece came as it was said. Pure.

    A piece that was said right has the confirmed value. Of one that was not, what was said of the value counts: too little of it, another
    one, or nothing where its key was not said. Where a value goes on too long, or one is said that is not there, the next one is absent,
    because something else stands where its key should.
    """
    printed, (order, style) = printed_record(gold), habits(gold.document)
    values: dict[str, Value] = {}
    ended = True
    for piece in pieces:
        if not piece.path:
            ended = piece.right
        elif piece.right:
            values[piece.path] = value_at(gold.record, piece.path)
        elif piece.path in printed:
            text = _value_in(piece, form.escaped(printed[piece.path]))
            values[piece.path] = value_of(spec_for(piece.path).kind, text, order, style)
        else:  # the form says what is absent
            values[piece.path] = too_much(spec_for(piece.path).kind)
    record = record_with(values, len(gold.record.line_items))
    items = tuple(item for item in record.line_items if item != LineItem())
    return replace(record, line_items=items if ended else (*items, ANOTHER_LINE))


def _value_in(piece: SaidPiece, wanted: str) -> str:
    """What was said after what leads to the value; ``""`` where something else leads there."""
    lead, found, _ = piece.wanted.rpartition(wanted)
    return piece.said[len(lead) :] if found and piece.said.startswith(lead) else ""
