"""A run goes on from its own checkpoints only, knows when it has ended, and tells what it took."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from mlcore.base_model.loading import LoadedBase, load_base
from mlcore.errors import RunError
from mlcore.training import recipe as recipe_module
from mlcore.training.adapter import attach_adapter, trainable
from mlcore.training.checkpoint import committed, load_checkpoint, read_state, save_checkpoint
from mlcore.training.config import LoraConfig, Precision, Recipe
from mlcore.training.events import Event, Notice, Progress
from mlcore.training.examples import TrainingExample
from mlcore.training.identity import examples_hash
from mlcore.training.outcome import BEST, OUTCOME, STOP
from mlcore.training.recipe import train
from mlcore.training.validation import Validation
from tests.mlcore.full_disk import no_more_than
from tests.mlcore.tiny import write_tiny_base
from tests.mlcore.training.conftest import LORA, RECIPE


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda one: replace(one, epochs=3), r"epochs \(2 there, 3 here\)"),
        (lambda one: replace(one, lora=LoraConfig(rank=8, alpha=8.0, dropout=0.1)), r"lora.rank \(4 there, 8 here\)"),
        (lambda one: replace(one, seed=8), r"seed \(7 there, 8 here\)"),
    ],
)
def test_another_recipe_is_refused(
    folder: Path, examples: list[TrainingExample], tmp_path: Path, change: Callable[[Recipe], Recipe], told: str
) -> None:
    train(load_base(folder, "fp32", "cpu"), RECIPE, examples[:8], [], tmp_path, stop_after=1)
    with pytest.raises(RunError, match=told + r".*train into a new folder"):
        train(load_base(folder, "fp32", "cpu"), change(RECIPE), examples[:8], [], tmp_path)
    assert json.loads((tmp_path / "recipe.json").read_text()) == json.loads(json.dumps(RECIPE.to_json()))


def test_other_documents_and_another_base_are_refused_together(folder: Path, examples: list[TrainingExample], tmp_path: Path) -> None:
    train(load_base(folder, "fp32", "cpu"), RECIPE, examples[:8], examples[8:], tmp_path / "run", stop_after=1)
    other = write_tiny_base(tmp_path / "other", seed=5)
    with pytest.raises(RunError) as caught:
        train(load_base(other, "fp32", "cpu"), RECIPE, examples[1:9], examples[8:], tmp_path / "run")
    told = str(caught.value)
    assert "the training documents" in told
    assert "the base model" in told
    assert "validation" not in told


def test_one_weight_of_one_token_makes_other_documents(examples: list[TrainingExample]) -> None:
    one = examples[0]
    heavier = replace(one, weights=(*one.weights[:-1], 2.0))
    assert examples_hash([heavier]) != examples_hash([one])
    assert examples_hash([replace(one, name="other")]) == examples_hash([one])
    assert examples_hash(examples[:2]) != examples_hash(examples[1::-1])


def test_how_often_a_run_is_saved_may_change(folder: Path, examples: list[TrainingExample], tmp_path: Path) -> None:
    train(load_base(folder, "fp32", "cpu"), RECIPE, examples[:8], [], tmp_path, stop_after=1)
    assert train(load_base(folder, "fp32", "cpu"), replace(RECIPE, save_every_steps=1), examples[:8], [], tmp_path).finished


def test_patience_ends_a_run_and_it_stays_ended(
    folder: Path, examples: list[TrainingExample], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Held-out losses are given, because a tiny model rarely gets worse when asked to; the loop around them is real."""
    losses = iter([3.0, 2.0, 2.5, 2.0, 1.0])
    monkeypatch.setattr(recipe_module, "validate", lambda *_: Validation(next(losses), 0.5))
    recipe, events = replace(RECIPE, epochs=5, patience=2), list[Event]()
    outcome = train(load_base(folder, "fp32", "cpu"), recipe, examples[:4], examples[8:], tmp_path, listen=events.append)
    assert (outcome.finished, outcome.steps, outcome.total_steps) == (True, 4, 5)
    assert [end.best for end in outcome.epochs] == [True, True, False, False]
    assert Notice(4, "Stopped: 2 epochs without a better validation loss.") in events
    again = train(load_base(folder, "fp32", "cpu"), recipe, examples[:4], examples[8:], tmp_path)
    assert (again.finished, again.steps, again.epochs) == (True, 4, outcome.epochs)


def test_the_weights_of_the_best_epoch_are_kept(
    folder: Path, examples: list[TrainingExample], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    losses = iter([2.0, 3.0])
    monkeypatch.setattr(recipe_module, "validate", lambda *_: Validation(next(losses), 0.5))
    train(load_base(folder, "fp32", "cpu"), RECIPE, examples[:8], examples[8:], tmp_path)
    newest = committed(tmp_path)[-1] / "adapter.safetensors"
    monkeypatch.setattr(recipe_module, "validate", lambda *_: Validation(2.0, 0.5))
    train(load_base(folder, "fp32", "cpu"), RECIPE, examples[:8], examples[8:], tmp_path / "one", stop_after=2)
    assert (tmp_path / BEST).read_bytes() == (tmp_path / "one" / BEST).read_bytes() != newest.read_bytes()


def test_a_file_stops_a_run_which_then_goes_on(folder: Path, examples: list[TrainingExample], tmp_path: Path) -> None:
    def stop(event: Event) -> None:
        (tmp_path / STOP).touch()

    outcome = train(load_base(folder, "fp32", "cpu"), RECIPE, examples[:8], [], tmp_path, listen=stop)
    assert (outcome.finished, outcome.steps) == (False, 1)
    assert not (tmp_path / STOP).exists()
    assert json.loads((tmp_path / OUTCOME).read_text())["finished"] is False
    assert train(load_base(folder, "fp32", "cpu"), RECIPE, examples[:8], [], tmp_path).finished


def test_a_disk_that_fills_up_is_told_and_what_was_complete_goes_on(folder: Path, examples: list[TrainingExample], tmp_path: Path) -> None:
    whole = train(load_base(folder, "fp32", "cpu"), RECIPE, examples[:8], examples[8:], tmp_path / "whole")
    parts = tmp_path / "parts"
    with contextlib.ExitStack() as disk:

        def fills_up(event: Event) -> None:
            if isinstance(event, Progress) and event.step == 3:
                disk.enter_context(no_more_than(2_000))

        with pytest.raises(RunError, match=r"cannot be written to .*parts .*the same command goes on from step-000002, which is complete"):
            train(load_base(folder, "fp32", "cpu"), RECIPE, examples[:8], examples[8:], parts, listen=fills_up)
        assert [place.name for place in parts.glob("step-*")] == ["step-000002"]
        assert not list(parts.glob("*.part*"))
    assert load_file(parts / BEST).keys() == load_file(whole.adapter).keys()
    rest = train(load_base(folder, "fp32", "cpu"), RECIPE, examples[:8], examples[8:], parts)
    assert rest.finished
    assert rest.adapter.read_bytes() == whole.adapter.read_bytes()


def test_without_room_for_a_first_checkpoint_the_run_begins_again(folder: Path, examples: list[TrainingExample], tmp_path: Path) -> None:
    with no_more_than(2_000), pytest.raises(RunError, match="begins again, as no checkpoint is complete yet"):
        train(load_base(folder, "fp32", "cpu"), replace(RECIPE, save_every_steps=1), examples[:8], [], tmp_path)
    assert not committed(tmp_path)
    assert train(load_base(folder, "fp32", "cpu"), RECIPE, examples[:8], [], tmp_path).finished


def test_a_complete_checkpoint_of_a_step_is_not_written_again(base: LoadedBase, tmp_path: Path) -> None:
    model = attach_adapter(base, LORA)
    optimizer = torch.optim.AdamW(trainable(model))
    place = save_checkpoint(tmp_path, 3, model, optimizer, {})
    with no_more_than(100):
        assert save_checkpoint(tmp_path, 3, model, optimizer, {}) == place
    assert committed(tmp_path) == [place]


def test_the_outcome_tells_what_all_parts_took(folder: Path, examples: list[TrainingExample], tmp_path: Path) -> None:
    part = train(load_base(folder, "fp32", "cpu"), RECIPE, examples[:8], examples[8:], tmp_path, stop_after=3)
    base = load_base(folder, "fp32", "cpu")
    whole = train(base, RECIPE, examples[:8], examples[8:], tmp_path, hourly_rate=3600.0, data={"source": "receipts"})
    told = json.loads((tmp_path / OUTCOME).read_text())
    assert told["tokens"] == 2 * sum(len(one.tokens) for one in examples[:8])
    assert whole.wall_seconds > part.wall_seconds >= part.seconds > 0
    assert told["cost"] == pytest.approx(told["device_seconds"]) == pytest.approx(whole.wall_seconds)
    assert (told["documents"], told["validation_documents"], told["data"]) == (8, 2, {"source": "receipts"})
    assert [end["epoch"] for end in told["epochs"]] == [0, 1]
    assert told["trainable"] == sum(parameter.numel() for parameter in trainable(base.model)) > 0
    assert told["parameters"] == base.model.num_parameters() > told["trainable"]
    assert told["memory"] > 1 << 20
    assert told["run"]["base"]["sha256"] == base.identity.sha256
    assert "cost" not in part.to_json()


def test_a_checkpoint_keeps_the_scaler_and_the_random_state(base: LoadedBase, tmp_path: Path) -> None:
    model = attach_adapter(base, LORA)
    optimizer = torch.optim.AdamW(trainable(model))
    scaler = torch.amp.GradScaler("cpu", init_scale=512.0)
    place = save_checkpoint(tmp_path, 3, model, optimizer, {"scaler": scaler.state_dict()})
    drawn = torch.rand(4)
    assert read_state(place)["scaler"]["scale"] == 512.0
    load_checkpoint(place, model, optimizer)
    assert torch.equal(torch.rand(4), drawn)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_a_checkpoint_keeps_the_random_state_of_the_gpu(folder: Path, tmp_path: Path) -> None:
    model = attach_adapter(load_base(folder, "bf16", "cuda"), LORA)
    optimizer = torch.optim.AdamW(trainable(model))
    place = save_checkpoint(tmp_path, 3, model, optimizer, {})
    drawn = torch.rand(4, device="cuda")
    load_checkpoint(place, model, optimizer)
    assert torch.equal(torch.rand(4, device="cuda"), drawn)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("precision", ["bf16", "fp16", "nf4"])
def test_a_run_on_a_gpu_goes_on_where_it_stopped(folder: Path, examples: list[TrainingExample], tmp_path: Path, precision: str) -> None:
    """With dropout, which a GPU draws from a random state of its own."""
    recipe = replace(RECIPE, precision=Precision(precision))
    whole = train(load_base(folder, precision, "cuda"), recipe, examples[:8], examples[8:], tmp_path / "whole")
    train(load_base(folder, precision, "cuda"), recipe, examples[:8], examples[8:], tmp_path / "parts", stop_after=2)
    rest = train(load_base(folder, precision, "cuda"), recipe, examples[:8], examples[8:], tmp_path / "parts")
    one, other = load_file(whole.adapter), load_file(rest.adapter)
    for name in one:
        torch.testing.assert_close(other[name], one[name], rtol=1e-3, atol=1e-5)
