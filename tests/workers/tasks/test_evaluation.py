"""A job evaluates and judges with a real artifact, goes on after an interruption, and says where it was asked what could not be done."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings

from modelops.folders import artifact_folder
from modelops.models import DatasetVersion, EvaluationAsk, GateResult, ModelEvaluation, ModelVersion
from modelops.registry import reading_held_out
from modelops.registry.asking import ask_for_evaluation
from modelops.registry.registering import register
from tests.mlcore.artifacts.conftest import base_folder, calibrated, packed, run_folder
from tests.modelops.held_out import frozen_dataset
from workers.models import Job, JobStatus
from workers.tasks.evaluation import evaluate_model

__all__ = ["base_folder", "calibrated", "packed", "run_folder"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def dataset(tmp_path: Path, base_folder: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> DatasetVersion:
    monkeypatch.setenv("COUNTERSIGN_BASE_MODEL", str(base_folder))
    settings.DATA_DIR = tmp_path / "station"
    return frozen_dataset(documents=10)


@pytest.fixture
def model(calibrated: Path, dataset: DatasetVersion) -> ModelVersion:
    return register(calibrated, origin="trained", dataset=dataset)


def job_of(ask: EvaluationAsk) -> Job:
    return Job.objects.get(key=f"evaluate:{ask.pk}")


def test_a_model_is_evaluated_beside_the_templates_and_judged(model: ModelVersion, dataset: DatasetVersion) -> None:
    ask = ask_for_evaluation(model, dataset)
    assert evaluate_model(job_of(ask).pk) == "done"
    ask.refresh_from_db()
    assert (ask.state, ask.done, ask.documents) == ("done", 10, 10)
    result = GateResult.objects.get()
    assert (result.model, result.champion, result.dataset, result.passed) == (model, None, dataset, False)
    assert ModelEvaluation.objects.filter(dataset=dataset).count() == 2, "the templates alone were evaluated first"
    again = ask_for_evaluation(model, dataset)
    assert again != ask
    assert evaluate_model(job_of(again).pk) == "done"
    assert GateResult.objects.count() == 1


@pytest.mark.thorough
def test_one_that_was_interrupted_is_gone_on_with(model: ModelVersion, dataset: DatasetVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_held_out, "BATCH", 4)
    ask = ask_for_evaluation(model, dataset)
    with monkeypatch.context() as patch:
        patch.setattr("modelops.gate.judging.timed_against", lambda *_: (_ for _ in ()).throw(MemoryError("no room")))
        assert evaluate_model(job_of(ask).pk) == "again"
    ask.refresh_from_db()
    assert ask.state == "reading"
    Job.objects.update(not_before="2020-01-01T00:00Z")
    assert evaluate_model(job_of(ask).pk) == "done"
    assert GateResult.objects.count() == 1


def test_what_cannot_be_done_is_said_and_not_tried_again(model: ModelVersion, dataset: DatasetVersion) -> None:
    ask = ask_for_evaluation(model, dataset)
    (artifact_folder(model) / "README.md").write_text("another")
    assert evaluate_model(job_of(ask).pk) == "done"
    ask.refresh_from_db()
    assert ask.state == "failed"
    assert "damaged" in ask.error


@pytest.mark.thorough
def test_one_that_dies_says_so_and_is_asked_for_anew(model: ModelVersion, dataset: DatasetVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = ask_for_evaluation(model, dataset)
    with monkeypatch.context() as patch:
        patch.setattr("modelops.gate.answering.judge", lambda *_, **__: (_ for _ in ()).throw(MemoryError("no room")))
        for expected in ("again", "again", "dead"):
            Job.objects.update(not_before="2020-01-01T00:00Z")
            assert evaluate_model(job_of(ask).pk) == expected
    ask.refresh_from_db()
    assert ask.state == "failed"
    assert "three times" in ask.error
    again = ask_for_evaluation(model, dataset)
    assert again != ask
    assert evaluate_model(job_of(again).pk) == "done"


@pytest.mark.thorough
def test_one_that_died_is_brought_back_when_it_is_asked_again(model: ModelVersion, dataset: DatasetVersion) -> None:
    ask = ask_for_evaluation(model, dataset)
    Job.objects.update(status=JobStatus.DEAD, attempts=3)
    assert ask_for_evaluation(model, dataset) == ask
    assert job_of(ask).status == JobStatus.QUEUED
    assert evaluate_model(job_of(ask).pk) == "done"
