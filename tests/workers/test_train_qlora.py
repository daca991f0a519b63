"""``manage.py train_qlora``: the same way as from the dashboard, with a worker or without."""

from __future__ import annotations

import json
import threading
import time
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from modelops.models import DatasetVersion, RunLine, RunStage, RunState, TrainingRun
from modelops.runs import working
from modelops.runs.fitting import fitted
from tests.architecture.source import ROOT
from tests.modelops.runs.conftest import dataset, station, tiny_base
from tests.modelops.runs.from_models import model_of
from tests.modelops.runs.small import RECIPE, frozen
from workers import signs
from workers.models import Job, JobStatus

__all__ = ["dataset", "station", "tiny_base"]

pytestmark = pytest.mark.django_db(transaction=True)


def train(*arguments: str) -> str:
    out = StringIO()
    call_command("train_qlora", *arguments, stdout=out)
    return out.getvalue()


def config(folder: Path) -> str:
    path = folder / "tiny.json"
    path.write_text(json.dumps(RECIPE.to_json()))
    return str(path)


def test_the_specifications_command_asks_for_a_run(dataset: DatasetVersion) -> None:
    told = train("--config", str(ROOT / "docs/invoice_config.yaml"), "--detach")
    run = TrainingRun.objects.get()
    assert f"Training run {run.pk} on data set 1 from the base, recipe invoice_config, 3 steps." in told
    assert "Note: The warm-up takes 100 of 3 steps" in told
    assert (run.state, run.recipe["lora"]["rank"], run.recipe["precision"]) == (RunState.QUEUED, 8, "nf4")
    assert Job.objects.get(key=f"train:{run.pk}:1").status == JobStatus.QUEUED


def test_without_a_configuration_the_shipped_recipe_is_fitted_to_the_newest_data_set(dataset: DatasetVersion) -> None:
    newer = frozen(number=2, train=16)
    train("--detach")
    run = TrainingRun.objects.get()
    assert run.dataset == newer
    assert run.recipe == json.loads(json.dumps(fitted(16).to_json()))


def test_a_run_goes_on_from_what_is_said_or_from_what_fits(dataset: DatasetVersion, tiny_base: Path, tmp_path: Path) -> None:
    champion = model_of(tiny_base, dataset, state="champion")
    frozen(number=2, train=8)

    def newest() -> TrainingRun:
        return TrainingRun.objects.select_related("start_model").latest("pk")

    assert f"from model {champion.number}, recipe further" in train("--detach"), "more documents are behind it than there are"
    assert newest().recipe["lora"] == RECIPE.to_json()["lora"] | {"targets": ["all-linear"]}
    assert f"from model {champion.number}, recipe tiny" in train("--config", config(tmp_path), "--start", "champion", "--detach")
    assert newest().start_model == champion
    assert "from the base, recipe default" in train("--start", "base", "--detach")
    assert "from the base, recipe tiny" in train("--config", config(tmp_path), "--detach"), "a configuration means the base"
    with pytest.raises(CommandError, match="no model 9 to start from"):
        train("--start", "9", "--detach")
    with pytest.raises(CommandError, match=r"lora\.rank is 8, and model 1 has 4"):
        train("--config", str(ROOT / "docs/invoice_config.yaml"), "--start", "1", "--detach")


def test_what_cannot_be_is_said_with_the_remedy(station: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"make one with manage\.py collect_corrections"):
        train()
    frozen()
    with pytest.raises(CommandError, match="There is no data set 7; frozen are: 1"):
        train("--dataset", "7")
    (tmp_path / "bad.yaml").write_text("optim: sgd\nepochs: 0\n")
    with pytest.raises(CommandError, match=r"optim is 'sgd'.*\n.*epochs is 0"):
        train("--config", str(tmp_path / "bad.yaml"))
    with pytest.raises(CommandError, match="launcher is 'ssh'"):
        train("--launcher", "ssh", "--detach")
    DatasetVersion.objects.update(removed_documents=1)
    with pytest.raises(CommandError, match="1 documents of data set 1 had to go"):
        train("--detach")
    assert not TrainingRun.objects.exists()


def worker(state: RunState) -> threading.Thread:
    """A worker elsewhere takes the run up and ends it."""

    def work() -> None:
        deadline = time.monotonic() + 60
        while not TrainingRun.objects.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        run = TrainingRun.objects.get()
        RunLine.objects.create(run=run, text="Read by another process.")
        ended = {"error_code": "disk_full", "error_message": "Make room."} if state == RunState.FAILED else {}
        TrainingRun.objects.update(state=state, step=4, loss=1.25, **ended)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_a_training_worker_is_waited_for_and_what_it_tells_is_shown(dataset: DatasetVersion) -> None:
    signs.sign("training@here", "training")
    thread = worker(RunState.FINISHED)
    told = train()
    thread.join()
    assert "A training worker takes it up." in told
    assert "Read by another process." in told
    assert "loss 1.2500" in told
    assert told.rstrip().splitlines()[-1].startswith("Finished after ")


def test_a_run_that_fails_elsewhere_is_an_error_of_the_command(dataset: DatasetVersion) -> None:
    signs.sign("training@here", "training")
    thread = worker(RunState.FAILED)
    with pytest.raises(CommandError, match=r"failed \(disk_full\): Make room\."):
        train()
    thread.join()


@pytest.mark.slow
def test_without_a_worker_the_command_claims_the_job_and_does_it(
    dataset: DatasetVersion, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "STAGES", {RunStage.TRAINING.value: working.STAGES[RunStage.TRAINING]})
    told = train("--config", config(tmp_path))
    run = TrainingRun.objects.get()
    job = Job.objects.get(key=f"train:{run.pk}:1")
    assert (run.state, job.status, job.fence) == (RunState.FINISHED, JobStatus.DONE, 1)
    assert job.worker.startswith("train_qlora@")
    assert "No training worker is running, so it is trained here." in told
    assert "Trained 12 steps on 12 documents." in told
