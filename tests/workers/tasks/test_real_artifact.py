"""The inference worker with a real artifact: a run on a tiny base, packed, verified, loaded, and read with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings

from invoices.models import Document
from tests.mlcore.artifacts.conftest import base_folder, calibrated, packed, run_folder
from workers import model_process
from workers.kinds import READ_WITH_MODEL
from workers.ledger import enqueue_many
from workers.models import Job
from workers.tasks.inference import read_with_model

__all__ = ["base_folder", "calibrated", "packed", "run_folder"]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def serving(calibrated: Path, base_folder: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The artifact serves in this process."""
    settings.MODEL = str(calibrated)
    monkeypatch.setenv("COUNTERSIGN_BASE_MODEL", str(base_folder))
    monkeypatch.setattr(model_process, "_kept", model_process._Kept())
    return calibrated


def test_documents_are_read_with_it_in_one_batch(prefilled: Callable[..., Document]) -> None:
    documents = [prefilled("A-1"), prefilled("A-2")]
    enqueue_many(READ_WITH_MODEL, [(f"read now:{document.pk}", {"document_id": document.pk}) for document in documents])
    assert read_with_model(Job.objects.get(key=f"read now:{documents[0].pk}").pk) == "done"
    readers = model_process.readers()
    assert readers is not None
    extractor = readers.champion
    assert extractor is not None
    for document in documents:
        stored = document.predictions.order_by("pk").last()
        assert stored is not None
        assert stored.model_id.startswith(f"{extractor.model_id}+template-")
        assert stored.record["total"] is not None
        assert any(field["evidence"] for field in stored.fields)


def test_one_that_nobody_calibrated_is_refused(
    packed: Path, settings: LazySettings, prefilled: Callable[..., Document], caplog: pytest.LogCaptureFixture
) -> None:
    settings.MODEL = str(packed)
    document = prefilled("A-1")
    job = Job.objects.get(key=f"read:{document.pk}:1:{document.predictions.get().pk}")
    assert read_with_model(job.pk) == "no_model"
    assert "Run python -m mlcore calibrate" in caplog.text


def test_a_damaged_one_is_refused_with_the_reason(serving: Path, prefilled: Callable[..., Document]) -> None:
    (serving / "artifact.json").write_text("{}")
    document = prefilled("A-1")
    key = f"read:{document.pk}:1:{document.predictions.get().pk}"
    assert read_with_model(Job.objects.get(key=key).pk) == "no_model"
    assert Job.objects.get(key=key).attempts == 0
