"""Traps of fine-tuning, each with the run that would fall into it: half precisions, packed weights, checkpointing, BOS, batches."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from tokenizers.processors import TemplateProcessing

from mlcore.answers import FORMS
from mlcore.base_model.loading import LoadedBase, load_base
from mlcore.documents import GoldExample
from mlcore.errors import RecipeError
from mlcore.schema import InvoiceRecord
from mlcore.training.adapter import attach_adapter, trainable
from mlcore.training.config import LoraConfig, Precision, Recipe, Schedule
from mlcore.training.events import Event, Progress
from mlcore.training.examples import TrainingExample, training_example
from mlcore.training.outcome import ADAPTER_CONFIG, BEST
from mlcore.training.recipe import train
from mlcore.training.validation import validate
from tests.mlcore.conftest import typewritten
from tests.mlcore.training.conftest import LORA, RECIPE

STEEP = replace(RECIPE, epochs=4, schedule=Schedule(learning_rate=0.03, warmup_steps=1))


def _losses(base: LoadedBase, recipe: Recipe, examples: list[TrainingExample], folder: Path) -> list[float]:
    events: list[Event] = []
    train(base, recipe, examples, [], folder, listen=events.append)
    return [event.loss for event in events if isinstance(event, Progress)]


@pytest.mark.thorough
@pytest.mark.parametrize("precision", ["bf16", "fp16", "nf4"])
def test_adapters_learn_in_float32_on_every_base(folder: Path, examples: list[TrainingExample], tmp_path: Path, precision: str) -> None:
    """A scaler refuses gradients in half precision, and bfloat16 loses small steps; the scaler of fp16 is real on a CPU too."""
    base = load_base(folder, precision, "cpu")
    frozen = {parameter.dtype for parameter in base.model.parameters()}
    assert frozen != {torch.float32} or precision == "nf4"
    losses = _losses(base, replace(STEEP, precision=Precision(precision)), examples[:8], tmp_path)
    assert {parameter.dtype for parameter in trainable(base.model)} == {torch.float32}
    assert losses[-1] < losses[0] - 0.5
    assert {tensor.dtype for tensor in load_file(tmp_path / BEST).values()} == {torch.float32}


def test_packed_weights_are_packed(folder: Path) -> None:
    model = load_base(folder, "nf4", "cpu").model
    packed = model.model.layers[0].self_attn.q_proj.weight
    assert packed.dtype == torch.uint8
    assert packed.quant_state.quant_type == "nf4"
    assert packed.quant_state.nested
    assert {model.model.norm.weight.dtype, model.get_input_embeddings().weight.dtype} == {torch.float32}


def test_checkpointing_learns_the_same(folder: Path, examples: list[TrainingExample], tmp_path: Path) -> None:
    plain = replace(RECIPE, lora=LoraConfig(rank=4, alpha=8.0))
    with_it = _losses(load_base(folder, "fp32", "cpu"), replace(plain, checkpointing=True), examples[:8], tmp_path / "a")
    without = _losses(load_base(folder, "fp32", "cpu"), plain, examples[:8], tmp_path / "b")
    assert with_it == pytest.approx(without, rel=1e-5)
    assert without[-1] < without[0] - 0.5


def test_a_tokenizer_that_begins_texts_with_a_sign_begins_none(base: LoadedBase) -> None:
    """Prompt and answer are spelled apart; a sign before the answer would stand in the middle of the text."""
    base.tokenizer.backend_tokenizer.post_processor = TemplateProcessing(single="<end> $A", special_tokens=[("<end>", 0)])
    assert base.tokenizer("a")["input_ids"][0] == 0
    gold = GoldExample(typewritten("Total  1.00"), InvoiceRecord(total=Decimal("1.00")), "v")
    made = training_example("x", gold, FORMS["rows-1"], base.tokenizer)
    assert [place for place, token in enumerate(made.tokens) if token == 0] == [len(made.tokens) - 1]


def test_a_batch_of_many_has_the_loss_of_ones(base: LoadedBase, examples: list[TrainingExample]) -> None:
    model = attach_adapter(base, LORA)
    alone = validate(model, base, examples, 1)
    assert len({len(one.tokens) for one in examples}) > 1
    for size in (2, 5, 10):
        together = validate(model, base, examples, size)
        assert together.loss == pytest.approx(alone.loss, rel=1e-5)
        assert together.accuracy == alone.accuracy


@pytest.mark.thorough
def test_full_fine_tuning_trains_all_weights_by_the_same_loop(folder: Path, examples: list[TrainingExample], tmp_path: Path) -> None:
    recipe = Recipe("full", lora=None, schedule=Schedule(learning_rate=1e-3, warmup_steps=1), epochs=4, micro_batch=2, accumulate=2)
    recipe = replace(recipe, max_tokens=4000, save_every_steps=2).checked()
    base = load_base(folder, "bf16", "cpu")
    outcome = train(base, recipe, examples[:8], examples[8:], tmp_path / "whole")
    assert outcome.trainable == outcome.parameters == base.model.num_parameters()
    held = [end.validation_loss for end in outcome.epochs if end.validation_loss is not None]
    assert held[-1] < held[0]
    assert not (tmp_path / "whole" / ADAPTER_CONFIG).exists()
    before, after = load_file(folder / "model.safetensors"), load_file(tmp_path / "whole" / BEST)
    assert before.keys() == after.keys()
    assert all(not torch.equal(before[name], after[name]) for name in before if "norm" not in name)
    train(load_base(folder, "bf16", "cpu"), recipe, examples[:8], examples[8:], tmp_path / "parts", stop_after=3)
    rest = load_file(train(load_base(folder, "bf16", "cpu"), recipe, examples[:8], examples[8:], tmp_path / "parts").adapter)
    assert all(torch.equal(rest[name], after[name]) for name in after)


def test_full_fine_tuning_has_its_own_faults() -> None:
    recipe = Recipe("full", lora=None, precision=Precision.NF4, schedule=Schedule(learning_rate=2e-3))
    with pytest.raises(RecipeError) as caught:
        recipe.checked()
    assert len(caught.value.faults) == 2
    assert "packed weights cannot learn" in str(caught.value)
    assert "at most 0.001" in str(caught.value)
    sound = replace(recipe, precision=Precision.BF16, schedule=Schedule(learning_rate=2e-4))
    assert Recipe.from_json(sound.to_json()) == sound
