"""Runs that are really carried out: to the end, stopped, gone on with, on a disk that is full, in a folder that is held."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from django.db import connection
from safetensors.torch import load_file

from mlcore.artifacts import load_artifact
from mlcore.dataset.directory import Split, read_split, write_manifest, write_split
from mlcore.serving import load_extractor
from mlcore.training.config import LoraConfig
from mlcore.training.outcome import BEST
from modelops.folders import dataset_folder, run_folder
from modelops.models import DatasetVersion, ModelVersion, RunStage, RunState, TrainingRun
from modelops.runs import launching, working
from modelops.runs.launching import Command, Here
from modelops.runs.resuming import resume_run
from modelops.runs.stopping import stop_run
from modelops.runs.working import work_on
from tests.architecture.source import ROOT
from tests.modelops.runs.conftest import Started
from tests.modelops.runs.small import LONG, RECIPE, frozen, told

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def training_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first stage and no other."""
    first = {RunStage.TRAINING.value: working.STAGES[RunStage.TRAINING]}
    monkeypatch.setattr(working, "STAGES", first)
    monkeypatch.setattr(working, "_tidy", lambda _: None)


def carry_out(run: TrainingRun) -> TrainingRun:
    run.refresh_from_db()
    work_on(run.pk, run.attempts, fence=lambda: None)
    run.refresh_from_db()
    return run


def meanwhile(condition: Callable[[], bool], act: Callable[[], object]) -> threading.Thread:
    """Does something in a thread as soon as it may."""

    def wait() -> None:
        deadline = time.monotonic() + 240
        while not condition() and time.monotonic() < deadline:
            time.sleep(0.05)
        act()
        connection.close()

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


def checkpoints(run: TrainingRun) -> list[str]:
    return sorted(path.parent.name for path in run_folder(run).glob("step-*/COMMIT"))


def contents(folder: Path) -> Mapping[str, str]:
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}


def undisturbed(run: TrainingRun, folder: Path) -> bytes:
    """The weights of the same training in one go."""
    files = ["--out", str(folder), "--config", str(run_folder(run) / "recipe.json"), "--dataset", str(dataset_folder(run.dataset))]
    command = [sys.executable, "-m", "mlcore", "train", *files, "--every", "1000"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True, capture_output=True)
    return (folder / BEST).read_bytes()


@pytest.mark.usefixtures("training_alone")
def test_stopped_and_gone_on_with_it_ends_with_the_weights_of_one_go(started: Started, tmp_path: Path) -> None:
    run = started(LONG)
    thread = meanwhile(lambda: len(checkpoints(run)) > 1, lambda: stop_run(TrainingRun.objects.get(pk=run.pk), None))
    carry_out(run)
    thread.join()
    assert run.state == RunState.STOPPED
    assert 0 < run.step < run.steps
    assert checkpoints(run)[-1] == f"step-{run.step:06d}", "nothing of what was done is lost"
    assert told(run)[-1] == "Stopped; it can go on from here."
    before = run.step
    resume_run(run, None)
    carry_out(run)
    assert (run.state, run.step, run.stage) == (RunState.FINISHED, run.steps, RunStage.DONE)
    assert f"Goes on from step {before}." in told(run)
    assert list(run.points.order_by("step").values_list("step", flat=True)) == list(range(1, run.steps + 1))
    assert run.points.filter(validation_loss__isnull=False).count() == LONG.epochs
    assert (run_folder(run) / BEST).read_bytes() == undisturbed(run, tmp_path / "reference")


class Narrow(Here):
    """A launcher whose trainer may write no file of more than a few kilobytes, as on a full disk."""

    def command(self, arguments: list[str]) -> Command:  # type: ignore[override]
        return Command(("prlimit", "--fsize=8000", *super().command(arguments).line))


@pytest.mark.usefixtures("training_alone")
def test_a_full_disk_ends_it_with_the_remedy_and_it_goes_on_when_there_is_room(
    started: Started, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run = started(LONG)
    thread = meanwhile(lambda: len(checkpoints(run)) > 1, lambda: stop_run(TrainingRun.objects.get(pk=run.pk), None))
    carry_out(run)
    thread.join()
    last = run_folder(run) / checkpoints(run)[-1]
    before = contents(last)
    resume_run(run, None)
    with monkeypatch.context() as patch:
        patch.setitem(launching._SEVERAL, "narrow", Narrow)
        TrainingRun.objects.filter(pk=run.pk).update(launcher="narrow:1")
        carry_out(run)
    assert (run.state, run.error_code) == (RunState.FAILED, "disk_full")
    assert str(run_folder(run)) in run.error_message
    assert "Make room there" in run.error_message
    assert f"goes on from {last.name}, which is complete" in run.error_message
    assert contents(last) == before
    TrainingRun.objects.filter(pk=run.pk).update(launcher="here")
    run.refresh_from_db()
    resume_run(run, None)
    assert carry_out(run).state == RunState.FINISHED
    assert (run_folder(run) / BEST).read_bytes() == undisturbed(run, tmp_path / "reference")


@pytest.mark.usefixtures("training_alone")
@pytest.mark.parametrize("launcher", ["torchrun:2", "accelerate:2"])
def test_two_processes_stop_when_asked_go_on_and_end_with_the_weights_of_one(started: Started, launcher: str, tmp_path: Path) -> None:
    alike = replace(LONG, lora=LoraConfig(rank=4, alpha=8.0), epochs=6)  # each process draws its own dropout
    run = started(alike, launcher=launcher)
    thread = meanwhile(lambda: len(checkpoints(run)) > 0, lambda: stop_run(TrainingRun.objects.get(pk=run.pk), None))
    carry_out(run)
    thread.join()
    assert run.state == RunState.STOPPED, run.error_message
    resume_run(run, None)
    carry_out(run)
    assert (run.state, run.step) == (RunState.FINISHED, run.steps)
    assert list(run.points.order_by("step").values_list("step", flat=True)) == list(range(1, run.steps + 1)), "one of the two tells"
    assert json.loads((run_folder(run) / "outcome.json").read_text())["processes"] == 2
    undisturbed(run, tmp_path / "reference")
    weights, wanted = load_file(run_folder(run) / BEST), load_file(tmp_path / "reference" / BEST)
    assert weights.keys() == wanted.keys()
    for name, weight in weights.items():
        torch.testing.assert_close(weight, wanted[name], rtol=1e-3, atol=1e-4)


@pytest.mark.usefixtures("training_alone")
def test_a_run_stopped_at_once_is_let_go_within_seconds(started: Started) -> None:
    run = started(LONG)

    def stop_twice() -> None:
        for _ in range(2):
            stop_run(TrainingRun.objects.get(pk=run.pk), None)

    thread = meanwhile(lambda: len(checkpoints(run)) > 0, stop_twice)
    carry_out(run)
    thread.join()
    assert run.state == RunState.STOPPED
    assert told(run)[-1].startswith("Stopped at once"), "the worker writes nothing after that"


def test_a_trainer_that_was_overtaken_ends_and_writes_nothing(started: Started) -> None:
    class Overtaken(Exception):
        """As the fence of the ledger."""

    run = started(LONG)
    lost = threading.Event()

    def fence() -> None:
        if lost.is_set():
            raise Overtaken

    thread = meanwhile(lambda: len(checkpoints(run)) > 0, lost.set)
    with pytest.raises(Overtaken):
        work_on(run.pk, run.attempts, fence=fence)
    thread.join()
    step = max(int(name.partition("-")[2]) for name in checkpoints(run))
    time.sleep(2)
    assert max(int(name.partition("-")[2]) for name in checkpoints(run)) == step, "no trainer is left"
    run.refresh_from_db()
    assert run.state == RunState.RUNNING, "whoever holds the job now goes on with it"


@pytest.mark.usefixtures("training_alone")
def test_a_folder_that_another_trainer_still_holds_is_waited_for(started: Started) -> None:
    run = started()
    folder = run_folder(run)
    folder.mkdir(parents=True)
    code = "import fcntl, sys, time; file = open(sys.argv[1], 'w'); fcntl.flock(file, 2); print('held', flush=True); time.sleep(600)"
    other = subprocess.Popen([sys.executable, "-c", code, str(folder / "lock")], stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    seen: list[bool] = []
    thread = meanwhile(lambda: TrainingRun.objects.get(pk=run.pk).state == RunState.RUNNING, lambda: time.sleep(3))

    def end_it() -> None:
        seen.append((folder / "train.log").exists())
        other.kill()

    ender = meanwhile(lambda: not thread.is_alive(), end_it)
    carry_out(run)
    thread.join()
    ender.join()
    other.wait()
    other.stdout.close()
    assert seen == [False], "nothing was trained while the other held it"
    assert run.state == RunState.FINISHED


def test_a_data_set_that_leaks_is_refused_before_training(started: Started, dataset: DatasetVersion) -> None:
    folder = dataset_folder(dataset)
    entries = {split: list(read_split(folder, split)) for split in Split}
    entries[Split.TRAIN].append(entries[Split.TEST][0])
    manifest = write_manifest(folder, {"plan": {}}, {split: write_split(folder, split, found) for split, found in entries.items()})
    DatasetVersion.objects.filter(pk=dataset.pk).update(data_hash=manifest["data_hash"])
    dataset.refresh_from_db()
    run = carry_out(started())
    assert (run.state, run.error_code) == (RunState.FAILED, "dataset_leaks")
    assert "testvendor0" in run.error_message
    assert not (run_folder(run) / "train.log").exists()


def test_a_recipe_that_fits_no_document_fails_with_the_trainers_sentence(dataset: DatasetVersion, started: Started) -> None:
    run = carry_out(started(replace(RECIPE, max_tokens=64)))
    assert (run.state, run.error_code) == (RunState.FAILED, "training_refused")
    assert run.error_message.startswith("max_tokens is 64; no document is that short")


def test_a_run_goes_through_every_stage(station: Path, started: Started) -> None:
    version = frozen(number=2, validation=20)
    run = carry_out(started(dataset=version))
    assert (run.state, run.stage, run.error_message) == (RunState.FINISHED, RunStage.DONE, "")
    assert run.base["name"] == "tiny-base"
    assert run.device.startswith("CPU, ")
    model = ModelVersion.objects.get(run=run)
    artifact = load_artifact(station / "artifacts" / model.folder)
    assert (artifact.model_id, model.origin, model.dataset) == (model.model_id, ModelVersion.Origin.TRAINED, version)
    assert load_extractor(artifact.folder, station / "models", calibrated=True).model_id == model.model_id
    assert model.evaluations.get().documents == version.test_documents
    assert model.gate_results.get().passed is False, "a tiny model of random weights"
    said = told(run)
    for words in (
        "Trained 12 steps",
        "20 of 20 documents read",
        "Confidence was learned from",
        "Packed as adapter-",
        "The gate says: not passed",
    ):
        assert any(words in line for line in said), words
    assert not list(run_folder(run).glob("step-*")), "checkpoints make room"
    before = (ModelVersion.objects.count(), told(run), run.attempts)
    work_on(run.pk, run.attempts, fence=lambda: None)
    run.refresh_from_db()
    assert (ModelVersion.objects.count(), told(run), run.attempts) == before, "what is over is over"


def test_nothing_is_packed_of_a_document_that_had_to_go_meanwhile(station: Path, started: Started, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "STAGES", {RunStage.PACKING.value: working.STAGES[RunStage.PACKING]})
    run = started()
    DatasetVersion.objects.update(removed_documents=1)
    carry_out(run)
    assert (run.state, run.error_code) == (RunState.FAILED, "dataset_has_removed_documents")
    assert not (station / "artifacts").exists()


def test_few_validation_documents_leave_a_model_without_confidence_that_cannot_serve(station: Path, started: Started) -> None:
    run = carry_out(started())
    assert run.state == RunState.FINISHED
    model = ModelVersion.objects.get(run=run)
    assert load_artifact(station / "artifacts" / model.folder).confidence is None
    assert not model.evaluations.exists()
    assert any(line.startswith("No confidence was learned: ") and "cannot serve" in line for line in told(run))
    assert told(run)[-2:] == ["Without an evaluation the gate is not asked.", "Finished."]
