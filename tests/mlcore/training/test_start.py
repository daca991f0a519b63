"""A run that starts from a model: from its weights, to the same end each time, and from no model of another kind."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from mlcore.artifacts import load_artifact, start_from, write_artifact
from mlcore.artifacts.layout import CARD, WEIGHTS
from mlcore.base_model.loading import LoadedBase, load_base
from mlcore.errors import ArtifactError, RecipeError, RunError
from mlcore.training.adapter import attach_adapter, learner, read_weights
from mlcore.training.config import LoraConfig, Recipe, Schedule
from mlcore.training.events import Event, Notice, Progress
from mlcore.training.examples import TrainingExample
from mlcore.training.loss import batch_of, weighted_loss
from mlcore.training.recipe import train
from mlcore.training.run import begin
from mlcore.training.start import Start
from mlcore.training.team import ALONE
from tests.mlcore.tiny import write_tiny_base
from tests.mlcore.training.conftest import LORA, RECIPE

LEARNED = replace(RECIPE, name="learned", epochs=6, schedule=Schedule(learning_rate=0.05, warmup_steps=2))


@pytest.fixture(scope="module")
def model(folder: Path, examples: list[TrainingExample], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An artifact that has learned something."""
    run = tmp_path_factory.mktemp("start") / "run"
    train(load_base(folder, "fp32", "cpu"), LEARNED, examples[:8], examples[8:], run, data={"source": "gold"})
    return write_artifact(run.parent / "model", run).folder


@pytest.fixture
def start(model: Path, base: LoadedBase) -> Start:
    return start_from(model, RECIPE, base.identity)


def whole_loss(model: torch.nn.Module, examples: list[TrainingExample], base: LoadedBase) -> float:
    """Mean weighted loss of the documents, as a step tells it."""
    weight = sum(sum(one.weights[1:]) for one in examples)
    with torch.inference_mode():
        return sum(float(weighted_loss(model, batch_of([one], base.tokenizer.eos_token_id, base.device))) for one in examples) / weight


def first_loss(base: LoadedBase, examples: list[TrainingExample], folder: Path, start: Start | None) -> float:
    events: list[Event] = []
    recipe = replace(RECIPE, lora=replace(LORA, dropout=0.0), accumulate=4)
    train(base, recipe, examples[:8], [], folder, listen=events.append, stop_after=1, start=start)
    return next(event.loss for event in events if isinstance(event, Progress))


def test_the_first_loss_is_that_of_the_model_and_not_of_the_base(
    folder: Path, base: LoadedBase, examples: list[TrainingExample], model: Path, start: Start, tmp_path: Path
) -> None:
    bare = whole_loss(base.model.eval(), examples[:8], base)
    alone = attach_adapter(load_base(folder, "fp32", "cpu"), LORA)
    read_weights(alone, model / WEIGHTS)
    known = whole_loss(alone.eval(), examples[:8], base)
    assert known < bare - 0.8
    assert first_loss(load_base(folder, "fp32", "cpu"), examples, tmp_path / "start", start) == pytest.approx(known, abs=1e-4)
    assert first_loss(base, examples, tmp_path / "base", None) == pytest.approx(bare, abs=1e-4)


def test_without_a_step_it_is_the_model_itself_in_float32_with_a_fresh_optimizer(
    base: LoadedBase, examples: list[TrainingExample], start: Start, tmp_path: Path
) -> None:
    told: list[Event] = []
    run = begin(base, RECIPE, examples[:8], [], tmp_path, told.append, ALONE, start)
    there = load_file(start.weights)
    learned = {name.replace(".default", ""): one for name, one in run.model.named_parameters() if one.requires_grad}
    assert learned.keys() == there.keys()
    assert all(one.dtype is torch.float32 and torch.equal(one.detach().half(), there[name]) for name, one in learned.items())
    assert (run.step, run.optimizer.state, told) == (0, {}, [Notice(0, f"Starts from {start.model_id}.")])


@pytest.mark.parametrize("stop", [1, 3])
def test_in_two_parts_it_ends_with_the_same_weights(
    folder: Path, examples: list[TrainingExample], start: Start, tmp_path: Path, stop: int
) -> None:
    """With dropout, so the random state counts too."""

    def go(place: str, stop_after: int | None = None) -> Path:
        base = load_base(folder, "fp32", "cpu")
        return train(base, RECIPE, examples[:8], examples[8:], tmp_path / place, start=start, stop_after=stop_after).adapter

    whole = go("whole").read_bytes()
    assert go("again").read_bytes() == whole
    go("parts", stop)
    assert go("parts").read_bytes() == whole
    assert train(load_base(folder, "fp32", "cpu"), RECIPE, examples[:8], examples[8:], tmp_path / "base").adapter.read_bytes() != whole


def test_a_run_does_not_go_on_with_another_start(
    folder: Path, base: LoadedBase, examples: list[TrainingExample], start: Start, tmp_path: Path
) -> None:
    train(load_base(folder, "fp32", "cpu"), RECIPE, examples[:8], [], tmp_path / "one", stop_after=1, start=start)
    with pytest.raises(RunError, match=rf"what it starts from \({start.model_id} there, the base here\)"):
        train(base, RECIPE, examples[:8], [], tmp_path / "one")
    train(load_base(folder, "fp32", "cpu"), RECIPE, examples[:8], [], tmp_path / "other", stop_after=1)
    with pytest.raises(RunError, match=rf"what it starts from \(the base there, {start.model_id} here\)"):
        train(base, RECIPE, examples[:8], [], tmp_path / "other", start=start)


def test_a_run_from_the_base_is_the_run_that_it_always_was(base: LoadedBase, examples: list[TrainingExample], tmp_path: Path) -> None:
    """Checkpoints from before a run could start from a model go on."""
    assert "lineage" not in train(base, RECIPE, examples[:8], [], tmp_path, stop_after=1).run


def test_the_artifact_tells_all_that_it_comes_from(
    folder: Path, base: LoadedBase, examples: list[TrainingExample], model: Path, start: Start, tmp_path: Path
) -> None:
    parent = load_artifact(model)
    assert parent.description.lineage == ()
    assert "lineage" not in json.loads((model / "artifact.json").read_text())
    train(load_base(folder, "fp32", "cpu"), RECIPE, examples[:8], [], tmp_path / "run", start=start, data={"source": "dataset"})
    child = write_artifact(tmp_path / "child", tmp_path / "run")
    assert [(one.model_id, one.data_hash, one.source) for one in child.description.lineage] == [
        (parent.model_id, parent.description.data_hash, "gold")
    ]
    assert f"| started from | `{parent.model_id}` (8 documents, gold)" in (child.folder / CARD).read_text()
    train(base, RECIPE, examples[:8], [], tmp_path / "more", start=start_from(child.folder, RECIPE, base.identity))
    grandchild = write_artifact(tmp_path / "grandchild", tmp_path / "more")
    assert [one.model_id for one in grandchild.description.lineage] == [child.model_id, parent.model_id]
    assert len({parent.model_id, child.model_id, grandchild.model_id}) == 3


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda one: replace(one, lora=replace(LORA, rank=8)), r"lora.rank is 8, and adapter-\w+ has 4; take 4, or start from the base"),
        (lambda one: replace(one, lora=replace(LORA, alpha=4.0)), r"lora.alpha is 4, and adapter-\w+ has 8; take 8"),
        (lambda one: replace(one, lora=replace(LORA, targets=("q_proj", "v_proj"))), r"lora.targets are q_proj, v_proj, and .* all-linear"),
        (lambda one: replace(one, form="keyed-1"), r"form is keyed-1, and adapter-\w+ answers in rows-1"),
        (lambda one: replace(one, lora=None, schedule=Schedule(learning_rate=1e-4)), r"has no lora, so every weight learns"),
    ],
)
def test_another_kind_of_model_is_refused(model: Path, base: LoadedBase, change: Callable[[Recipe], Recipe], told: str) -> None:
    with pytest.raises(RecipeError, match=told):
        start_from(model, change(RECIPE), base.identity)


def test_all_faults_are_told_together_another_base_among_them(model: Path, tmp_path: Path) -> None:
    other = load_base(write_tiny_base(tmp_path / "other", seed=5), "fp32", "cpu")
    with pytest.raises(RecipeError) as caught:
        start_from(model, replace(RECIPE, lora=LoraConfig(rank=2, alpha=3.0)), other.identity)
    assert len(caught.value.faults) == 3
    assert other.identity.sha256[:12] in caught.value.faults[0]
    assert "Set that base, or start from the base" in caught.value.faults[0]


def test_what_may_differ_does(model: Path, base: LoadedBase) -> None:
    shown = replace(RECIPE, lora=replace(LORA, dropout=0.0), seed=3, epochs=1, max_tokens=900, shown_share=0.5)
    assert start_from(model, shown, base.identity).weights == model / WEIGHTS


def test_a_damaged_model_is_no_start(model: Path, base: LoadedBase, tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="no such directory"):
        start_from(tmp_path / "none", RECIPE, base.identity)


def test_weights_that_do_not_fit_are_refused(model: Path, base: LoadedBase) -> None:
    with pytest.raises(ArtifactError, match="are of another shape"):
        read_weights(learner(base, replace(LORA, rank=2)), model / WEIGHTS)
