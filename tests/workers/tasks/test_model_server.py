"""The inference worker with a model server: no torch in the worker, and a server that dies loses no job."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db.models.functions import Now

from invoices.models import Document
from mlcore.artifacts.load import load_artifact
from tests.architecture.source import ROOT
from tests.mlcore.artifacts.conftest import base_folder, calibrated, run_folder
from tests.mlcore.inference.remote.conftest import Running, start_server
from workers import instance, model_process
from workers.models import Job, JobStatus, ModelReport
from workers.tasks.inference import read_with_model

__all__ = ["base_folder", "calibrated", "run_folder"]

pytestmark = pytest.mark.django_db

Begin = Callable[..., Running]


@pytest.fixture
def artifact(calibrated: Path, base_folder: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The artifact serves, its model behind a server that each test starts."""
    settings.MODEL = str(calibrated)
    monkeypatch.setenv("COUNTERSIGN_BASE_MODEL", str(base_folder))
    monkeypatch.setattr(model_process, "_kept", model_process._Kept())
    monkeypatch.setattr(model_process, "SERVER_AGAIN_SECONDS", 0.0)
    monkeypatch.setattr("mlcore.inference.remote.client.WAITS", (0.0, 0.0))
    monkeypatch.setattr(instance.this, "name", "inference@here#1.1@there")
    return calibrated


@pytest.fixture
def begin(artifact: Path, base_folder: Path, settings: LazySettings) -> Iterator[Begin]:
    """``begin(*options)``: the server of the artifact, under its own name."""
    running: list[Running] = []

    def start(*options: str) -> Running:
        found = load_artifact(artifact)
        running.append(start_server(base_folder, *options, adapter=found.adapter, model=found.model_id))
        settings.MODEL_SERVER = running[-1].url
        return running[-1]

    yield start
    for one in running:
        one.stop()


def _asked(documents: list[Document]) -> list[Job]:
    """The jobs that the pre-fill of the documents asked for."""
    return [Job.objects.get(key=f"read:{document.pk}:1:{document.predictions.get().pk}") for document in documents]


@pytest.mark.thorough
def test_a_server_that_dies_in_a_batch_loses_no_job(begin: Begin, prefilled: Callable[..., Document]) -> None:
    documents = [prefilled("A-1"), prefilled("A-2"), prefilled("A-3")]
    jobs = _asked(documents)
    server = begin("--die-after", "5")
    assert read_with_model(jobs[0].pk) == "again"
    assert server.process.wait() == 9
    assert [Job.objects.get(pk=job.pk).status for job in jobs] == [JobStatus.QUEUED] * 3
    assert {Job.objects.get(pk=job.pk).error_code for job in jobs} == {"model_server_away"}
    report = ModelReport.objects.get()
    assert (report.state, server.url in report.message) == (ModelReport.State.UNUSABLE, True)
    Job.objects.update(not_before=Now())
    assert read_with_model(jobs[0].pk) == "no_model"
    assert Job.objects.get(pk=jobs[0].pk).attempts == 1, "while the server is away no attempt is counted"
    begin("--port", str(server.port))
    assert [read_with_model(job.pk) for job in jobs] == ["done"] * 3
    readers = model_process.readers()
    assert readers is not None
    extractor = readers.champion
    assert extractor is not None
    for document in documents:
        stored = document.predictions.order_by("pk").last()
        assert stored is not None
        assert stored.model_id.startswith(f"{extractor.model_id}+template-")
    assert ModelReport.objects.get().state == ModelReport.State.READY


@pytest.mark.thorough
def test_a_server_of_another_model_leaves_the_jobs_waiting_and_says_why(
    begin: Begin, prefilled: Callable[..., Document], settings: LazySettings
) -> None:
    settings.MODEL_SERVER_MODEL = "another"
    begin()
    (job,) = _asked([prefilled("A-1")])
    assert read_with_model(job.pk) == "no_model"
    assert "serves no 'another'" in ModelReport.objects.get().message


_READ = """
import sys
from pathlib import Path
from mlcore.inference.remote.server import ModelServer
from mlcore.serving import load_extractor
from tests.mlcore.conftest import typewritten
extractor = load_extractor(Path(sys.argv[1]), Path(sys.argv[2]), calibrated=True, server=ModelServer(sys.argv[3]))
(found,) = extractor.extract([typewritten("Apex  Total 5.00")], [None])
assert found.model_id.startswith(extractor.model_id)
assert extractor.reads_as.endswith(":completions+grammar"), extractor.reads_as
sys.exit(bool({"torch", "transformers"} & set(sys.modules)))
"""


@pytest.mark.thorough
def test_a_process_that_reads_through_a_server_imports_no_torch(begin: Begin, artifact: Path, base_folder: Path) -> None:
    words = [sys.executable, "-c", _READ, str(artifact), str(base_folder.parent), begin().url]
    assert subprocess.run(words, cwd=ROOT, check=False).returncode == 0
