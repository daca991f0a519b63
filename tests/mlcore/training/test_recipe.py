"""The training loop on a tiny model: golden losses, exact resume, cancelling, weights of tokens, memory."""

from __future__ import annotations

import weakref
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from mlcore.base_model.loading import LoadedBase, load_base
from mlcore.errors import ArtifactError, BaseModelError, RecipeError
from mlcore.training import loss as loss_module
from mlcore.training import step as step_module
from mlcore.training.adapter import attach_adapter, read_weights, trainable
from mlcore.training.checkpoint import COMMIT, committed
from mlcore.training.config import Recipe, Schedule
from mlcore.training.events import EpochEnd, Event, Notice, Progress
from mlcore.training.examples import TrainingExample
from mlcore.training.loss import batch_of, weighted_loss
from mlcore.training.outcome import BEST
from mlcore.training.recipe import train
from mlcore.training.step import learning_rate
from tests.mlcore.tiny import write_tiny_base
from tests.mlcore.training.conftest import LORA, RECIPE


def test_losses_are_the_same_on_every_run(base: LoadedBase, examples: list[TrainingExample], tmp_path: Path) -> None:
    events: list[Event] = []
    outcome = train(base, RECIPE, examples[:8], examples[8:], tmp_path, listen=events.append)
    losses = [event.loss for event in events if isinstance(event, Progress)]
    assert outcome.finished
    assert len(losses) == outcome.steps == 4
    assert losses == pytest.approx([6.1014, 5.7774, 5.5445, 5.1469], abs=2e-3)
    ends = [event for event in events if isinstance(event, EpochEnd)]
    assert [end.best for end in ends] == [True, True]
    assert ends[1].validation_loss is not None
    assert ends[0].validation_loss is not None
    assert ends[1].validation_loss < ends[0].validation_loss


def test_it_learns(base: LoadedBase, examples: list[TrainingExample], tmp_path: Path) -> None:
    events: list[Event] = []
    recipe = replace(RECIPE, epochs=6, schedule=Schedule(learning_rate=0.05, warmup_steps=2))
    train(base, recipe, examples, [], tmp_path, listen=events.append)
    losses = [event.loss for event in events if isinstance(event, Progress)]
    assert losses[-1] < losses[0] - 0.8


@pytest.mark.thorough
@pytest.mark.parametrize("stop", [1, 2, 3])
def test_a_run_in_two_parts_ends_with_the_same_weights(folder: Path, examples: list[TrainingExample], tmp_path: Path, stop: int) -> None:
    """With dropout, so the random state counts too."""
    whole = train(load_base(folder, "fp32", "cpu"), RECIPE, examples[:8], examples[8:], tmp_path / "whole")
    part = train(load_base(folder, "fp32", "cpu"), RECIPE, examples[:8], examples[8:], tmp_path / "parts", stop_after=stop)
    assert not part.finished
    rest = train(load_base(folder, "fp32", "cpu"), RECIPE, examples[:8], examples[8:], tmp_path / "parts")
    assert rest.finished
    assert (rest.steps, rest.tokens) == (whole.steps, whole.tokens)
    one, other = load_file(whole.adapter), load_file(rest.adapter)
    assert one.keys() == other.keys()
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_a_torn_checkpoint_is_passed_over(folder: Path, examples: list[TrainingExample], tmp_path: Path) -> None:
    train(load_base(folder, "fp32", "cpu"), RECIPE, examples[:8], [], tmp_path, stop_after=3)
    newest = committed(tmp_path)[-1]
    (newest / COMMIT).unlink()
    events: list[Event] = []
    train(load_base(folder, "fp32", "cpu"), RECIPE, examples[:8], [], tmp_path, listen=events.append)
    assert Notice(2, "Goes on from step 2.") in events


def test_a_cancelled_run_leaves_a_checkpoint(base: LoadedBase, examples: list[TrainingExample], tmp_path: Path) -> None:
    asked = iter([False, True])
    outcome = train(base, RECIPE, examples[:8], [], tmp_path, cancelled=lambda: next(asked))
    assert (outcome.finished, outcome.steps) == (False, 1)
    assert [path.name for path in committed(tmp_path)] == ["step-000001"]


def test_the_window_is_divided_by_all_of_its_weights(folder: Path, examples: list[TrainingExample]) -> None:
    """One batch of four and four batches of one give the same gradient, whatever the lengths."""
    gradients = []
    for size in (4, 1):
        base = load_base(folder, "fp32", "cpu")
        model = attach_adapter(base, LORA, seed=3)
        model.eval()
        weight = sum(sum(one.weights[1:]) for one in examples[:4])
        for first in range(0, 4, size):
            batch = batch_of(examples[first : first + size], 0, base.device)
            (weighted_loss(model, batch) / weight).backward()  # type: ignore[no-untyped-call]
        gradients.append([parameter.grad for parameter in trainable(model)])
    for one, other in zip(*gradients, strict=True):
        assert one is not None
        assert other is not None
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-6)


def test_the_loss_is_cross_entropy_of_the_weighted_tokens(base: LoadedBase, examples: list[TrainingExample]) -> None:
    """As with a mask that hides the padding, which training does without."""
    batch = batch_of(examples[:3], 0, base.device)
    lengths = torch.tensor([len(one.tokens) for one in examples[:3]])
    mask = (torch.arange(batch.tokens.shape[1]) < lengths[:, None]).long()
    assert not mask.all()
    with torch.inference_mode():
        logits = base.model(input_ids=batch.tokens, attention_mask=mask).logits[:, :-1].log_softmax(-1)
        plain = -(logits.gather(-1, batch.tokens[:, 1:, None])[..., 0] * batch.weights[:, 1:]).sum()
        assert float(weighted_loss(base.model, batch)) == pytest.approx(float(plain), rel=1e-5)


def test_the_end_is_learned_though_padding_has_its_id(base: LoadedBase, examples: list[TrainingExample]) -> None:
    batch = batch_of(examples[:4], base.tokenizer.eos_token_id, base.device)
    for row, one in enumerate(examples[:4]):
        last = len(one.tokens) - 1
        assert int(batch.tokens[row, last]) == base.tokenizer.eos_token_id
        assert float(batch.weights[row, last]) == 1.0
        assert float(batch.weights[row, last + 1 :].sum()) == 0.0


def test_only_the_adapter_learns_and_it_is_float32(base: LoadedBase) -> None:
    model = attach_adapter(base, LORA)
    assert {parameter.dtype for parameter in trainable(model)} == {torch.float32}
    assert all("lora" in name for name, parameter in model.named_parameters() if parameter.requires_grad)


def test_gradient_checkpointing_gives_the_same_gradient(folder: Path, examples: list[TrainingExample]) -> None:
    gradients = []
    for checkpointing in (False, True):
        base = load_base(folder, "fp32", "cpu")
        model = attach_adapter(base, replace(LORA, dropout=0.0), checkpointing=checkpointing, seed=3)
        model.train()
        weighted_loss(model, batch_of(examples[:2], 0, base.device)).backward()  # type: ignore[no-untyped-call]
        gradients.append([parameter.grad for parameter in trainable(model)])
    for one, other in zip(*gradients, strict=True):
        assert one is not None
        assert other is not None
        torch.testing.assert_close(one, other)


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("too large"),
        torch.AcceleratorError("CUDA error: out of memory\nSearch for `cudaErrorMemoryAllocation'"),
        RuntimeError("cuDNN error: CUDNN_STATUS_NOT_SUPPORTED. This error may appear if you passed in a non-contiguous input."),
    ],
    ids=["torch", "driver", "cudnn"],
)
def test_memory_that_runs_out_halves_the_micro_batch_once(
    base: LoadedBase, examples: list[TrainingExample], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: RuntimeError
) -> None:
    """The allocator is the one thing that a machine without a GPU has to pretend."""
    real = loss_module.weighted_loss
    held: list[weakref.ref[torch.Tensor]] = []
    still_held: list[bool] = []
    monkeypatch.setattr(torch.cuda, "empty_cache", lambda: still_held.extend(one() is not None for one in held))

    def small_memory(model: object, batch: object) -> torch.Tensor:
        if batch.tokens.shape[0] > 1:  # type: ignore[attr-defined]
            activations = torch.ones(1)
            held.append(weakref.ref(activations))
            raise error
        return real(model, batch)  # type: ignore[arg-type]

    monkeypatch.setattr(step_module, "weighted_loss", small_memory)
    events: list[Event] = []
    outcome = train(base, replace(RECIPE, epochs=1), examples[:8], [], tmp_path, listen=events.append)
    assert outcome.finished
    assert [event.message for event in events if isinstance(event, Notice)] == ["Memory ran out; the micro-batch is 1 from here on."]
    assert still_held == [False], "what was computed is to be let go before memory is given back"


def test_memory_that_never_suffices_is_an_error(
    base: LoadedBase, examples: list[TrainingExample], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_memory(model: object, batch: object) -> torch.Tensor:
        raise torch.OutOfMemoryError("too large")

    monkeypatch.setattr(torch.cuda, "empty_cache", lambda: None)
    monkeypatch.setattr(step_module, "weighted_loss", no_memory)
    with pytest.raises(torch.OutOfMemoryError):
        train(base, RECIPE, examples[:8], [], tmp_path)


def test_another_error_than_too_little_memory_is_not_tried_again(
    base: LoadedBase, examples: list[TrainingExample], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[object] = []

    def broken(model: object, batch: object) -> torch.Tensor:
        calls.append(batch)
        raise RuntimeError("a shape is wrong")

    monkeypatch.setattr(step_module, "weighted_loss", broken)
    with pytest.raises(RuntimeError, match="a shape is wrong"):
        train(base, RECIPE, examples[:8], [], tmp_path)
    assert len(calls) == 1


def test_weights_of_another_adapter_are_refused(folder: Path, examples: list[TrainingExample], tmp_path: Path) -> None:
    train(load_base(folder, "fp32", "cpu"), replace(RECIPE, epochs=1), examples[:4], [], tmp_path)
    other = attach_adapter(load_base(folder, "fp32", "cpu"), replace(LORA, rank=8))
    with pytest.raises(ArtifactError):
        read_weights(other, tmp_path / BEST)


@pytest.mark.parametrize("name", ["adapter.safetensors", "optimizer.safetensors"])
def test_a_damaged_checkpoint_is_refused(folder: Path, examples: list[TrainingExample], tmp_path: Path, name: str) -> None:
    train(load_base(folder, "fp32", "cpu"), RECIPE, examples[:8], [], tmp_path, stop_after=1)
    (committed(tmp_path)[-1] / name).write_bytes(b"torn")
    with pytest.raises(ArtifactError):
        train(load_base(folder, "fp32", "cpu"), RECIPE, examples[:8], [], tmp_path)


def test_damaged_weights_of_a_base_are_refused(tmp_path: Path) -> None:
    (write_tiny_base(tmp_path) / "model.safetensors").write_bytes(b"torn")
    with pytest.raises(BaseModelError, match="cannot be loaded"):
        load_base(tmp_path, "fp32", "cpu")


def test_too_long_documents_are_left_out_and_counted(base: LoadedBase, examples: list[TrainingExample], tmp_path: Path) -> None:
    limit = sorted(len(one.tokens) for one in examples)[5]
    outcome = train(base, replace(RECIPE, epochs=1, max_tokens=limit), examples, [], tmp_path)
    assert outcome.left_out == sum(len(one.tokens) > limit for one in examples)


def test_a_run_without_a_document_that_fits_is_a_fault(base: LoadedBase, examples: list[TrainingExample], tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="max_tokens is 64"):
        train(base, replace(RECIPE, max_tokens=64), examples, [], tmp_path)


def test_the_rate_warms_up_and_falls_to_its_floor() -> None:
    recipe = Recipe("r", schedule=Schedule(learning_rate=1.0e-2, warmup_steps=4, floor=0.1))
    rates = [learning_rate(recipe, step, 20) for step in range(20)]
    assert rates[:5] == pytest.approx([0.0025, 0.005, 0.0075, 0.01, 0.01])
    assert rates[4:] == sorted(rates[4:], reverse=True)
    assert learning_rate(recipe, 20, 20) == pytest.approx(0.001)
