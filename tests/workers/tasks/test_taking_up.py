"""The inference worker takes up what was deployed: without a restart, without loading the base again, without dropping work."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db.models.functions import Now

from invoices.models import Document, Prediction, ServingModel
from invoices.serving import falls_to_canary
from labeling.models import LabelingTask
from labeling.sampling import open_task
from mlcore.documents import Extraction
from mlcore.inference.model_names import authors_of
from modelops.deployment.promoting import serve_templates_alone
from modelops.deployment.rolling_back import roll_back
from modelops.models import Deployment, ModelVersion
from tests.conftest import Cast
from tests.modelops.deployment.conftest import Make, base_folder, calibrated, crown, make_model, run_folder, station
from tests.modelops.deployment.test_promoting import cut, flip, pickled
from workers import instance, model_process
from workers.health import look
from workers.models import Job, JobStatus, ModelReport
from workers.readers import Readers
from workers.signs import sign
from workers.tasks.deployment import fill_in_anew
from workers.tasks.inference import read_with_model, warm_model

__all__ = ["base_folder", "calibrated", "make_model", "run_folder", "station"]

pytestmark = pytest.mark.django_db

Prefilled = Callable[..., Document]


@pytest.fixture(autouse=True)
def fresh_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is in memory yet, and the process has a name on the health page."""
    monkeypatch.setattr(model_process, "_kept", model_process._Kept())
    monkeypatch.setattr(instance.this, "name", "inference@here#1.1@there")


def reads() -> list[str]:
    """Names of the models in this process."""
    readers = model_process.readers()
    return list(readers.names) if readers else []


def do_all(kind: str, task: Callable[[int], str]) -> list[str]:
    """Every job of a kind that waits, done."""
    Job.objects.filter(status=JobStatus.QUEUED).update(not_before=Now())
    waiting = Job.objects.filter(kind=kind, status=JobStatus.QUEUED).order_by("pk")
    return [task(pk) for pk in waiting.values_list("pk", flat=True)]


def settle() -> None:
    """What follows a deployment has happened."""
    do_all("fill_in_anew", fill_in_anew)
    do_all("read_with_model", read_with_model)
    for task in LabelingTask.objects.filter(state="open"):
        open_task(task.document_id)


def opened(prefilled: Prefilled, *numbers: str) -> list[Document]:
    documents = [prefilled(number) for number in numbers]
    for document in documents:
        open_task(document.pk)
    return documents


def opened_on_both_sides(prefilled: Prefilled, model_id: str) -> list[Document]:
    """Four documents or more, some of which fall to the canary at half of them and some not: which do is dealt by the model's name."""
    documents: list[Document] = []
    while len(documents) < 4 or len({falls_to_canary(one.sha256, model_id, 50) for one in documents}) < 2:
        documents += opened(prefilled, f"C-{len(documents)}")
    return documents


def shown(document: Document) -> str:
    """The model behind what the labeler of the document is shown; ``""``: templates alone."""
    prediction = LabelingTask.objects.get(document=document).prediction
    assert prediction is not None
    return authors_of(prediction.model_id).model


def test_a_promoted_model_is_taken_up_on_the_base_that_is_there(cast: Cast, make_model: Make, prefilled: Prefilled) -> None:
    first, second = make_model(), make_model()
    crown(first, by=cast.admin)
    documents = opened(prefilled, "A-1", "A-2")
    settle()
    assert reads() == [first.model_id]
    held = next(iter(model_process._kept.bases._held.values()))
    crown(second, by=cast.admin)
    settle()
    assert reads() == [second.model_id]
    assert len(model_process._kept.bases) == 1
    assert next(iter(model_process._kept.bases._held.values())).base is held.base
    assert held.adapters.names == (second.model_id,), "what serves no more takes no memory"
    for document in documents:
        assert shown(document) == second.model_id
        made = [authors_of(name).model for name in document.predictions.order_by("pk").values_list("model_id", flat=True)]
        assert made == ["", first.model_id, second.model_id], "what was said before stays"
    assert Deployment.objects.get(ended_at=None).taken_up_at is not None


@pytest.mark.thorough
def test_a_return_shows_again_what_was_read_before_and_reads_nothing_twice(cast: Cast, make_model: Make, prefilled: Prefilled) -> None:
    first, second = make_model(), make_model()
    crown(first, by=cast.admin)
    [old] = opened(prefilled, "A-1")
    settle()
    said = Prediction.objects.latest("pk")
    crown(second, by=cast.admin)
    [new] = opened(prefilled, "A-2")
    settle()
    assert [shown(old), shown(new)] == [second.model_id] * 2
    waiting = prefilled("A-3")
    assert Job.objects.filter(kind="read_with_model", status=JobStatus.QUEUED, args__document_id=waiting.pk).exists()
    row = roll_back(by=cast.admin)
    settle()
    assert [shown(old), shown(new)] == [first.model_id] * 2
    again = Prediction.objects.get(document=old, model_id=f"{said.model_id}~again-{row.pk}")
    assert (again.record, again.fields, again.route) == (said.record, said.fields, said.route)
    names = {authors_of(name).model for name in waiting.predictions.values_list("model_id", flat=True)}
    assert names == {"", first.model_id}, "what waited in the queue is read by what serves now"


def test_templates_alone_show_the_templates_and_end_the_queue(cast: Cast, make_model: Make, prefilled: Prefilled) -> None:
    model = make_model()
    crown(model, by=cast.admin)
    [document] = opened(prefilled, "A-1")
    settle()
    assert shown(document) == model.model_id
    job = prefilled("A-2").pk
    serve_templates_alone(by=cast.admin, reason="It misreads")
    settle()
    assert shown(document) == ""
    assert not Job.objects.filter(kind="read_with_model", status=JobStatus.QUEUED).exists()
    assert Document.objects.get(pk=job).predictions.count() == 1
    assert len(model_process._kept.bases) == 0, "what is not needed leaves the memory"
    roll_back(by=cast.admin)
    settle()
    assert shown(document) == model.model_id


def test_what_a_person_has_begun_or_finished_does_not_change(cast: Cast, make_model: Make, prefilled: Prefilled) -> None:
    first, second = make_model(), make_model()
    crown(first, by=cast.admin)
    held, done = opened(prefilled, "A-1", "A-2")
    settle()
    LabelingTask.objects.filter(document=held).update(assignee=cast.biller1, lease_expires_at="2099-01-01T00:00:00Z")
    LabelingTask.objects.filter(document=done).update(state="done")
    Document.objects.filter(pk=done.pk).update(status="labeled")
    before = {document.pk: document.predictions.count() for document in (held, done)}
    crown(second, by=cast.admin)
    settle()
    roll_back(by=cast.admin)
    settle()
    assert [shown(held), shown(done)] == [first.model_id] * 2
    assert {document.pk: document.predictions.count() for document in (held, done)} == before


@pytest.mark.parametrize("damage", [flip, cut, pickled])
def test_one_that_is_damaged_after_its_promotion_is_refused_and_the_one_before_goes_on(
    cast: Cast, make_model: Make, prefilled: Prefilled, damage: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = make_model(), make_model()
    crown(first, by=cast.admin)
    assert warm_model() == "ready"
    crown(second, by=cast.admin)
    damage(Path(second.folder))
    document = prefilled("A-1")
    open_task(document.pk)
    settle()
    assert shown(document) == first.model_id, "work goes on with what was there"
    sign("inference@here", "inference")
    report = ModelReport.objects.get()
    assert (report.state, report.model_id) == (ModelReport.State.READY, first.model_id)
    assert f"{first.model_id} goes on reading" in report.message
    assert any("could not be taken up" in problem for problem in look().problems)
    row = Deployment.objects.get(ended_at=None)
    assert (row.model, row.taken_up_at) == (second, None)
    assert str(second.folder) in row.refusal
    assert len(model_process._kept.bases) == 1


def test_a_mended_one_is_taken_up_without_a_restart(cast: Cast, make_model: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = make_model(), make_model()
    crown(first, by=cast.admin)
    reads()
    crown(second, by=cast.admin)
    weights = Path(second.folder) / "adapter" / "adapter_model.safetensors"
    whole = weights.read_bytes()
    flip(Path(second.folder))
    assert reads() == [first.model_id]
    weights.write_bytes(whole)
    assert reads() == [first.model_id], "it is not looked at before each batch"
    model_process._kept.look_again_at = 0.0
    assert reads() == [second.model_id]
    row = Deployment.objects.get(ended_at=None)
    assert (row.taken_up_at is not None, row.refusal) == (True, "")


def test_a_folder_that_holds_another_model_is_not_served_under_the_deployed_name(cast: Cast, make_model: Make) -> None:
    first, second = make_model(), make_model()
    crown(first, by=cast.admin)
    reads()
    crown(second, by=cast.admin)
    ModelVersion.objects.filter(pk=second.pk).update(folder=first.folder)
    ServingModel.objects.update(folder=first.folder)
    model_process._kept.readers = Readers(None)
    assert reads() == []
    assert "deployed was" in Deployment.objects.get(ended_at=None).refusal


@pytest.mark.thorough
def test_both_read_in_one_process_each_its_share_and_say_who(cast: Cast, make_model: Make, prefilled: Prefilled) -> None:
    champion, canary = make_model(), make_model()
    crown(champion, by=cast.admin)
    crown(canary, by=cast.admin, share=50)
    documents = opened_on_both_sides(prefilled, canary.model_id)
    settle()
    wanted = {one.pk: canary if falls_to_canary(one.sha256, canary.model_id, 50) else champion for one in documents}
    assert {one.pk: shown(one) for one in documents} == {pk: model.model_id for pk, model in wanted.items()}
    assert reads() == [champion.model_id, canary.model_id]
    assert len(model_process._kept.bases) == 1
    roll_back(by=cast.admin)
    settle()
    assert {shown(one) for one in documents} == {champion.model_id}


class Interrupted:
    """A real extractor, and something that happens while it reads."""

    def __init__(self, real: object, meanwhile: Callable[[], object]) -> None:
        self.real, self.meanwhile = real, meanwhile
        self.model_id: str = real.model_id  # type: ignore[attr-defined]

    def extract(self, documents: list[object], templates: list[object]) -> list[Extraction]:
        found: list[Extraction] = self.real.extract(documents, templates)  # type: ignore[attr-defined]
        self.meanwhile()
        return found


def test_a_return_while_a_batch_is_in_work_throws_its_answers_away(cast: Cast, make_model: Make, prefilled: Prefilled) -> None:
    first, second = make_model(), make_model()
    crown(first, by=cast.admin)
    [document] = opened(prefilled, "A-1")
    settle()
    crown(second, by=cast.admin)
    do_all("fill_in_anew", fill_in_anew)
    readers = model_process.readers()
    assert readers is not None
    interrupted = Interrupted(readers.champion, lambda: roll_back(by=cast.admin))
    model_process._kept.readers = Readers(interrupted, choice=readers.choice)  # type: ignore[arg-type]  # as far as it is asked
    job = Job.objects.get(kind="read_with_model", status=JobStatus.QUEUED, args__document_id=document.pk)
    assert read_with_model(job.pk) == "done"
    assert second.model_id not in {authors_of(one.model_id).model for one in document.predictions.all()}
    settle()
    assert shown(document) == first.model_id


def test_a_promotion_while_a_batch_is_in_work_loses_no_document(cast: Cast, make_model: Make, prefilled: Prefilled) -> None:
    first, second = make_model(), make_model()
    crown(first, by=cast.admin)
    [document] = opened(prefilled, "A-1")
    readers = model_process.readers()
    assert readers is not None
    interrupted = Interrupted(readers.champion, lambda: crown(second, by=cast.admin))
    model_process._kept.readers = Readers(interrupted, choice=readers.choice)  # type: ignore[arg-type]  # as far as it is asked
    do_all("read_with_model", read_with_model)
    settle()
    assert shown(document) == second.model_id


def test_a_newer_change_ends_the_work_of_the_one_before(cast: Cast, make_model: Make, prefilled: Prefilled) -> None:
    first, second = make_model(), make_model()
    opened(prefilled, "A-1")
    crown(first, by=cast.admin)
    crown(second, by=cast.admin)
    older, newer = Job.objects.filter(kind="fill_in_anew").order_by("pk")
    assert fill_in_anew(older.pk) == "done"
    assert not Job.objects.filter(key__startswith="anew:", kind="read_with_model").exists()
    assert fill_in_anew(newer.pk) == "done"
    assert Job.objects.filter(key__startswith="anew:", kind="read_with_model").count() == 1


def test_what_the_model_that_was_taken_back_let_through_is_read_again(cast: Cast, make_model: Make, prefilled: Prefilled) -> None:
    first, second = make_model(), make_model()
    crown(first, by=cast.admin)
    crown(second, by=cast.admin)
    document = prefilled("A-1")
    template = document.predictions.get()
    values = {name: getattr(template, name) for name in ("record", "fields", "checks", "examples", "parse_revision")}
    name = f"{second.model_id}+{template.model_id}"
    Prediction.objects.create(document=document, model_id=name, route="accepted", **values)
    LabelingTask.objects.create(document=document, kind="label", state="withdrawn")
    Job.objects.all().delete()
    roll_back(by=cast.admin)
    settle()
    newest = document.predictions.latest("pk")
    assert authors_of(newest.model_id).model == first.model_id
    open_task(document.pk)
    assert LabelingTask.objects.get(document=document, kind__in=["label", "review"]).state == "open", "a person looks at it now"
