"""Which values of held-out documents are said in full, counted of a model whose every word is known."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from mlcore.answers import FORMS
from mlcore.answers.printed import printed_record
from mlcore.base_model.loading import LoadedBase
from mlcore.training.examples import TrainingExample, training_example
from mlcore.training.validation import validate
from tests.mlcore.training.conftest import receipt


class Reciter(torch.nn.Module):
    """Says the next token of whatever it reads, but for the tokens ``missed``, by document (told by its length) and place."""

    def __init__(self, vocabulary: int, end: int, missed: Collection[tuple[int, int]] = ()) -> None:
        super().__init__()
        self._vocabulary, self._end, self._missed = vocabulary, end, missed

    def get_decoder(self) -> Any:
        return self._read

    def get_output_embeddings(self) -> Any:
        return torch.nn.Identity()

    def _read(self, input_ids: torch.Tensor, use_cache: bool) -> Any:
        said = input_ids.roll(-1, 1)
        ends = (input_ids == self._end).flip(1).long().cumprod(1).sum(1)  # the end of the answer, and the padding, which has its id
        for row, length in enumerate((input_ids.shape[1] + 1 - ends).tolist()):
            for place in range(length):
                if (length, place) in self._missed:
                    said[row, place - 1] = (said[row, place - 1] + 1) % self._vocabulary
        return SimpleNamespace(last_hidden_state=torch.nn.functional.one_hot(said, self._vocabulary).float())


def _accuracy(base: LoadedBase, held: Sequence[TrainingExample], missed: Collection[tuple[int, int]] = (), micro_batch: int = 2) -> float:
    return validate(Reciter(len(base.tokenizer), base.tokenizer.eos_token_id, missed), base, held, micro_batch).accuracy


@pytest.mark.parametrize("form", FORMS)
def test_a_piece_ends_with_its_value_and_the_last_one_with_the_answer(base: LoadedBase, form: str) -> None:
    gold = receipt(2)
    made = training_example("r", gold, FORMS[form], base.tokenizer)
    pieces = [
        base.tokenizer.decode([token for token, piece in zip(made.tokens, made.pieces, strict=True) if piece == number])
        for number in range(max(made.pieces) + 1)
    ]
    values = list(printed_record(gold).values())
    told = [piece.rstrip('"') for piece in pieces[:-1] if not piece.endswith("null")]
    assert len(told) == len(values)
    assert all(piece.endswith(value) for piece, value in zip(told, values, strict=True))
    assert made.pieces[-1] == max(made.pieces)


def test_a_value_counts_when_all_of_it_is_said(base: LoadedBase) -> None:
    held = [training_example(f"r{n}", receipt(n), FORMS["keyed-1"], base.tokenizer) for n in range(3)]
    assert len({len(one.tokens) for one in held}) == 3
    many = sum(len({*one.pieces} - {-1}) for one in held)
    assert _accuracy(base, held) == 1.0
    second = held[1]
    places = [place for place, piece in enumerate(second.pieces) if piece == 1]
    assert len(places) > 1
    one_lost = pytest.approx((many - 1) / many)
    for missed in (places[:1], places[-1:], places):
        assert _accuracy(base, held, [(len(second.tokens), place) for place in missed]) == one_lost
    end = len(held[2].tokens) - 1
    assert _accuracy(base, held, [(len(second.tokens), places[0]), (end + 1, end)]) == pytest.approx((many - 2) / many)
    assert _accuracy(base, held, [(len(second.tokens), places[0])], micro_batch=1) == one_lost


def test_what_nobody_labeled_counts_neither_way(base: LoadedBase) -> None:
    gold = receipt(1)
    whole = training_example("r", gold, FORMS["json-1"], base.tokenizer)
    part = training_example("r", replace(gold, label_fields=frozenset({"total"})), FORMS["json-1"], base.tokenizer)
    unlabeled = [place for place, weight in enumerate(part.weights) if not weight and part.pieces[place] >= 0]
    assert unlabeled
    assert _accuracy(base, [part], [(len(part.tokens), place) for place in unlabeled]) == 1.0
    assert _accuracy(base, [whole], [(len(whole.tokens), place) for place in range(len(whole.tokens))]) == 0.0
