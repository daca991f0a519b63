"""How far a document is trusted: the weight of its loss, held against sums made by hand; 1 everywhere changes no bit."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from mlcore.answers import FORMS
from mlcore.base_model.loading import LoadedBase
from mlcore.dataset.directory import Entry, Split, entry_from_json, read_split, write_manifest, write_split
from mlcore.errors import DatasetError
from mlcore.training.examples import TrainingExample, training_example
from mlcore.training.loss import batch_of, weighted_loss
from mlcore.training.recipe import train
from mlcore.training.shown import Maker
from mlcore.training.validation import validate
from tests.mlcore.training.conftest import RECIPE, receipt

FORM = FORMS["rows-1"]


def example(base: LoadedBase, number: int, weight: float = 1.0) -> TrainingExample:
    return training_example(f"r{number}", receipt(number), FORM, base.tokenizer, weight=weight)


def test_a_weight_of_a_half_halves_every_weight_of_the_document_and_no_other(base: LoadedBase) -> None:
    whole, half = example(base, 3), example(base, 3, 0.5)
    assert half.tokens == whole.tokens
    assert half.weights == tuple(one / 2 for one in whole.weights)
    assert whole == training_example("r3", receipt(3), FORM, base.tokenizer)


def test_the_loss_of_a_window_is_the_weighted_mean_made_by_hand(base: LoadedBase) -> None:
    one, other = example(base, 1), example(base, 2)
    light = example(base, 2, 0.5)
    base.model.eval()

    def summed(*documents: TrainingExample) -> float:
        with torch.inference_mode():
            return float(weighted_loss(base.model, batch_of(documents, base.tokenizer.eos_token_id, base.device)))

    tokens = [sum(document.weights[1:]) for document in (one, other)]
    by_hand = (summed(one) + 0.5 * summed(other)) / (tokens[0] + 0.5 * tokens[1])
    told = validate(base.model, base, [one, light], micro_batch=1).loss
    assert math.isclose(told, by_hand, rel_tol=1e-5)
    assert not math.isclose(told, validate(base.model, base, [one, other], micro_batch=1).loss, rel_tol=1e-4)


def gradients(base: LoadedBase, documents: list[TrainingExample]) -> list[torch.Tensor]:
    """Of the loss of one window, as a step makes it."""
    base.model.train()
    base.model.zero_grad(set_to_none=True)
    weight = sum(sum(document.weights[1:]) for document in documents)
    for document in documents:
        (weighted_loss(base.model, batch_of([document], base.tokenizer.eos_token_id, base.device)) / weight).backward()  # type: ignore[no-untyped-call]
    return [one.grad.clone() for one in base.model.parameters() if one.grad is not None]


def test_a_light_document_pulls_half_as_far(base: LoadedBase) -> None:
    for one in base.model.parameters():
        one.requires_grad_(True)
    first, second, light = example(base, 1), example(base, 2), example(base, 2, 0.5)
    tokens = [sum(document.weights[1:]) for document in (first, second)]
    of_first, of_second, of_both = (gradients(base, found) for found in ([first], [second], [first, light]))
    whole = tokens[0] + 0.5 * tokens[1]
    for one, other, both in zip(of_first, of_second, of_both, strict=True):
        by_hand = (one * tokens[0] + 0.5 * other * tokens[1]) / whole
        assert torch.allclose(both, by_hand, atol=1e-5)


def test_weight_1_everywhere_trains_to_the_same_bits(base: LoadedBase, folder: Path, tmp_path: Path) -> None:
    from mlcore.base_model.loading import load_base

    plain = [training_example(f"r{n}", receipt(n), FORM, base.tokenizer) for n in range(6)]
    maker = Maker(FORM, base.tokenizer, RECIPE)
    named, _ = maker.make([(f"r{n}", receipt(n), 1.0) for n in range(6)])
    assert named == plain
    first = train(base, RECIPE, plain, plain[:2], tmp_path / "one")
    again = train(load_base(folder, "fp32", "cpu"), RECIPE, named, named[:2], tmp_path / "two")
    assert first.run == again.run
    assert (tmp_path / "one" / "best.safetensors").read_bytes() == (tmp_path / "two" / "best.safetensors").read_bytes()
    light, _ = maker.make([(f"r{n}", receipt(n), 0.5 if n else 1.0) for n in range(6)])
    other = train(load_base(folder, "fp32", "cpu"), RECIPE, light, light[:2], tmp_path / "three")
    assert other.run["training"] != first.run["training"], "it is another run"
    assert (tmp_path / "three" / "best.safetensors").read_bytes() != (tmp_path / "one" / "best.safetensors").read_bytes()


def test_a_weight_is_kept_in_a_data_set_and_absent_when_it_is_1(tmp_path: Path) -> None:
    entries = [Entry("a", "l", receipt(1), weight=0.3), Entry("b", "l", receipt(2))]
    files = {split: write_split(tmp_path, split, entries if split is Split.TRAIN else []) for split in Split}
    write_manifest(tmp_path, {}, files)
    assert [entry.weight for entry in read_split(tmp_path, Split.TRAIN)] == [0.3, 1.0]
    assert "weight" not in entries[1].to_json()
    assert entry_from_json(entries[0].to_json()).weight == 0.3


@pytest.mark.parametrize("weight", [0, -1, "none", float("nan"), None])
def test_a_weight_that_is_none_is_refused(weight: object) -> None:
    with pytest.raises(DatasetError):
        entry_from_json({**replace(Entry("a", "l", receipt(1)), weight=0.5).to_json(), "weight": weight})
