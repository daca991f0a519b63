"""The inference worker: what is read together, what is stored of it, and what people are shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db.models.functions import Now

from invoices.models import Document, DocumentStatus, Prediction
from invoices.parsing import document_text
from invoices.prefill import learn_vendor, prefill_document
from labeling.models import LabelingTask, TaskDraft
from labeling.sampling import open_task
from mlcore.documents import GoldExample
from mlcore.record_json import record_from_json
from mlcore.templates.extractor import TemplateExtractor
from tests.conftest import Cast
from tests.workers.second_reader import POISON, SURE, SecondReader
from workers import instance, ledger, model_process, unread
from workers.kinds import READ_WITH_MODEL
from workers.models import Job, JobStatus, ModelReport
from workers.readers import Readers
from workers.tasks.inference import read_with_model, warm_model

pytestmark = pytest.mark.django_db

Prefilled = Callable[..., Document]


def ask(*documents: Document) -> list[int]:
    """Ids of new jobs, one for each document."""
    keys = [(f"test:{document.pk}:{Job.objects.count()}:{n}", {"document_id": document.pk}) for n, document in enumerate(documents)]
    ledger.enqueue_many(READ_WITH_MODEL, keys)
    wanted = Job.objects.filter(key__in=[key for key, _ in keys])
    return list(wanted.order_by("pk").values_list("pk", flat=True))


def names(document: Document) -> list[str]:
    return list(document.predictions.order_by("pk").values_list("model_id", flat=True))


def shown(document: Document) -> str:
    """Whose pre-fill the labeler of the document gets, after everything that was asked for has happened."""
    open_task(document.pk)
    prediction = LabelingTask.objects.get(document=document).prediction
    assert prediction is not None
    return prediction.model_id


ALONE = TemplateExtractor().model_id
TOGETHER = f"{SecondReader().model_id}+{ALONE}"


def test_documents_that_wait_are_read_together_and_what_was_read_is_shown(second_reader: SecondReader, prefilled: Prefilled) -> None:
    documents = [prefilled(f"A-{number}") for number in range(3)]
    assert [shown(document) for document in documents] == [ALONE] * 3
    first, *_ = ask(*documents)
    assert read_with_model(first) == "done"
    assert second_reader.batches == [3]
    assert [names(document) for document in documents] == [[ALONE, TOGETHER]] * 3
    assert [shown(document) for document in documents] == [TOGETHER] * 3
    newest = Prediction.objects.get(document=documents[0], model_id=TOGETHER)
    assert newest.record["invoice_number"] == "A-0"
    total = next(field for field in newest.fields if field["path"] == "total")
    assert (total["confidence"], total["evidence"][0]["page"]) == (SURE, 1)


def test_a_new_prediction_asks_for_the_task_to_be_looked_after(second_reader: SecondReader, prefilled: Prefilled) -> None:
    document = prefilled("A-1")
    read_with_model(ask(document)[0])
    key = f"open:{document.pk}:1:{Prediction.objects.get(model_id=TOGETHER).pk}"
    assert Job.objects.filter(kind="open_labeling_task", key=key).exists()


def test_a_document_that_fails_does_not_fail_the_others(second_reader: SecondReader, prefilled: Prefilled) -> None:
    sound, poison, other = prefilled("A-1"), prefilled("A-2", POISON), prefilled("A-3")
    ids = ask(sound, poison, other)
    assert read_with_model(ids[0]) == "done"
    assert [names(document)[-1] for document in (sound, poison, other)] == [TOGETHER, ALONE, TOGETHER]
    assert second_reader.batches == [3, 1, 1, 1]
    for _ in range(2):
        Job.objects.update(not_before=Now())
        read_with_model(ids[1])
    job = Job.objects.get(pk=ids[1])
    assert (job.status, job.attempts, job.error_code) == (JobStatus.DEAD, 3, "ValueError")
    poison.refresh_from_db()
    assert poison.status == DocumentStatus.PREFILLED, "without the model the template's pre-fill stands"


@pytest.mark.parametrize("begun", ["held", "draft", "labeled"])
def test_what_a_person_has_begun_is_left_alone(second_reader: SecondReader, prefilled: Prefilled, cast: Cast, begun: str) -> None:
    document, other = prefilled("A-1"), prefilled("A-2")
    task = LabelingTask.objects.get(pk=open_task(document.pk))
    if begun == "held":
        LabelingTask.objects.filter(pk=task.pk).update(assignee=cast.biller1, lease_expires_at="2099-01-01T00:00:00Z")
    elif begun == "draft":
        TaskDraft.objects.create(task=task, author=cast.biller1, saved_at=document.received_at)
    else:
        LabelingTask.objects.filter(pk=task.pk).update(state="done")
        Document.objects.filter(pk=document.pk).update(status=DocumentStatus.LABELED)
    assert read_with_model(ask(document, other)[0]) == "done"
    assert second_reader.batches == [1]
    assert names(document) == [ALONE]
    assert shown(document) == ALONE


def test_begun_between_reading_and_storing_is_left_alone(
    second_reader: SecondReader, prefilled: Prefilled, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = prefilled("A-1")
    open_task(document.pk)
    real = second_reader._read

    def claimed_meanwhile(*args: object) -> object:
        LabelingTask.objects.update(assignee=cast.biller1, lease_expires_at="2099-01-01T00:00:00Z")
        return real(*args)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(second_reader, "_read", claimed_meanwhile)
    assert read_with_model(ask(document)[0]) == "done"
    assert names(document) == [ALONE]


def test_a_learned_template_gives_its_own_prediction_at_once_and_the_models_again(
    second_reader: SecondReader, prefilled: Prefilled, settings: LazySettings, tmp_path: Path
) -> None:
    settings.MODEL = str(tmp_path)
    document, other = prefilled("A-1"), prefilled("A-2")
    open_task(document.pk)
    read_with_model(Job.objects.get(key=f"read:{document.pk}:1:{document.predictions.get().pk}").pk)
    assert shown(document) == TOGETHER
    record = record_from_json(other.predictions.order_by("pk")[0].record)
    other.refresh_from_db()
    assert other.vendor_id is not None
    template = learn_vendor(other.vendor_id, [GoldExample(document_text(other), record, "apex")])
    assert template is not None
    prefill_document(document.pk)
    assert shown(document).endswith(f":{template.template_id}")
    waiting = Job.objects.filter(kind="read_with_model", status=JobStatus.QUEUED, args__document_id=document.pk)
    assert read_with_model(waiting.get().pk) == "done"
    assert shown(document).startswith(SecondReader().model_id)
    assert shown(document).endswith(f":{template.template_id}")
    assert Prediction.objects.get(document=document, model_id=shown(document)).examples == 1


def test_what_the_model_has_read_is_not_read_again(second_reader: SecondReader, prefilled: Prefilled) -> None:
    document = prefilled("A-1")
    first, second = ask(document, document)
    assert read_with_model(first) == "done"
    assert read_with_model(ask(document)[0]) == "done"
    assert second_reader.batches == [1]
    assert Job.objects.get(pk=second).status == JobStatus.DONE
    assert names(document) == [ALONE, TOGETHER]


def test_a_document_that_is_gone_cancels_its_job_only(second_reader: SecondReader, prefilled: Prefilled) -> None:
    document = prefilled("A-1")
    ledger.enqueue(READ_WITH_MODEL, "gone", {"document_id": 999_999})
    ask(document)
    gone = Job.objects.get(key="gone")
    assert read_with_model(gone.pk) == "cancelled"
    assert names(document) == [ALONE, TOGETHER]


def test_a_model_that_cannot_be_used_leaves_the_jobs_waiting_and_says_why(
    prefilled: Prefilled, settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MODEL = str(tmp_path / "nothing here")
    monkeypatch.setattr(model_process, "_kept", model_process._Kept())
    monkeypatch.setattr(instance.this, "name", "inference@here#1.1@there")
    document = prefilled("A-1")
    [job] = ask(document)
    assert [read_with_model(job), warm_model()] == ["no_model", "no_model"]
    waiting = Job.objects.get(pk=job)
    assert (waiting.status, waiting.attempts) == (JobStatus.QUEUED, 0)
    report = ModelReport.objects.get()
    assert (report.worker, report.state) == ("inference@here", ModelReport.State.UNUSABLE)
    assert "nothing here" in report.message


def test_a_model_that_is_loaded_asks_for_what_it_has_not_read(
    second_reader: SecondReader, prefilled: Prefilled, cast: Cast, settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, waiting, held = prefilled("A-1"), prefilled("A-2"), prefilled("A-3")
    for document in (read, waiting, held):
        open_task(document.pk)
    read_with_model(ask(read)[0])
    open_task(read.pk)
    LabelingTask.objects.filter(document=held).update(assignee=cast.biller1, lease_expires_at="2099-01-01T00:00:00Z")
    settings.MODEL = str(tmp_path)
    monkeypatch.setattr(model_process, "_kept", model_process._Kept())
    monkeypatch.setattr(model_process, "load_serving", lambda artifact, bases: second_reader)
    assert [warm_model(), warm_model()] == ["ready", "ready"]
    assert Job.objects.filter(kind="read_with_model", status=JobStatus.QUEUED).get().args == {"document_id": waiting.pk}
    assert unread.ask_for_unread(Readers(second_reader)) == 0, "asking twice is asking once"
    assert Job.objects.filter(kind="read_with_model", status=JobStatus.QUEUED).count() == 1


def test_what_was_given_back_untouched_is_read_after_the_next_start(
    second_reader: SecondReader, prefilled: Prefilled, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = prefilled("A-1")
    open_task(document.pk)
    for start, assignee, asked in ((1, cast.biller1, 1), (2, None, 1), (3, None, 0)):
        monkeypatch.setattr(instance.this, "name", f"inference@here#{start}.1@there")
        LabelingTask.objects.update(assignee=None, lease_expires_at=None)
        assert unread.ask_for_unread(Readers(second_reader)) == asked
        LabelingTask.objects.update(assignee=assignee, lease_expires_at="2099-01-01T00:00:00Z" if assignee else None)
        for job in Job.objects.filter(kind="read_with_model", status=JobStatus.QUEUED):
            assert read_with_model(job.pk) == "done"
        open_task(document.pk)
    assert names(document) == [ALONE, TOGETHER]


def test_what_was_read_is_counted_for_the_health_page(
    second_reader: SecondReader, prefilled: Prefilled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instance.this, "name", "inference@here#1.1@there")
    ModelReport.objects.create(worker="inference@here", state=ModelReport.State.READY, model_id=second_reader.model_id)
    for size in (2, 1):
        documents = [prefilled(f"B-{size}-{number}") for number in range(size)]
        read_with_model(ask(*documents)[0])
    report = ModelReport.objects.get()
    assert (report.documents, report.last_batch) == (3, 1)
    assert report.last_seconds > 0
