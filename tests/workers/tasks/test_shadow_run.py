"""A model reads recent documents in the dark: what would change is told, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from invoices.models import Document, Prediction
from labeling.models import Annotation, GoldRecord, LabelingTask
from labeling.sampling import open_task
from modelops.deployment.shadow import shadow_run as run_of
from modelops.deployment.shadow import start_shadow, take_away
from modelops.errors import ModelopsError
from modelops.models import ShadowDocument, ShadowRun
from modelops.selectors.shadow import shadow_documents, shadow_view
from tests.conftest import Cast
from tests.modelops.deployment.conftest import Make, base_folder, calibrated, crown, make_model, run_folder, station
from tests.modelops.deployment.test_promoting import flip
from workers.models import Job, JobStatus
from workers.tasks.deployment import shadow_run

__all__ = ["base_folder", "calibrated", "make_model", "run_folder", "station"]

pytestmark = pytest.mark.django_db

Prefilled = Callable[..., Document]


@pytest.fixture
def documents(prefilled: Prefilled, cast: Cast) -> list[Document]:
    """Three documents; of the first the truth is known: what the template reads, but for another number."""
    made = [prefilled(f"A-{number}") for number in range(3)]
    for one in made:
        open_task(one.pk)
    truth = made[0].predictions.get().record | {"invoice_number": "B-0"}
    GoldRecord.objects.create(document=made[0], record=truth)
    Document.objects.filter(pk=made[0].pk).update(status="gold")
    return made


def do(run: ShadowRun) -> str:
    outcome: str = shadow_run(Job.objects.get(key=f"shadow:{run.pk}").pk)
    return outcome


def test_it_says_what_would_change_and_stores_no_prediction(cast: Cast, make_model: Make, documents: list[Document]) -> None:
    model = make_model(passed=None)
    before = Prediction.objects.count()
    run = start_shadow(model, by=cast.admin, documents=10)
    assert do(run) == "done"
    assert Prediction.objects.count() == before
    run.refresh_from_db()
    assert (run.state, run.against, len(run.chosen)) == (ShadowRun.State.FINISHED, None, 3)
    summary = run.summary
    assert summary["documents"] == 3
    assert summary["judged_documents"] == 1
    assert summary["judged"] >= summary["right_before"] > 0
    rows = list(ShadowDocument.objects.filter(run=run))
    assert summary["changed_documents"] == sum(bool(row.changed) for row in rows)
    assert summary["won"] == sum(row.won for row in rows)
    assert sum(move["documents"] for move in summary["routes"]) == 3
    assert summary["minutes_spared"] is None, "nobody has labeled enough to say what a document costs"
    assert {row.work_before for row in rows} == {"label"}
    assert not LabelingTask.objects.filter(prediction__model_id__startswith=model.model_id).exists()


@pytest.mark.thorough
def test_minutes_are_told_once_enough_was_labeled(cast: Cast, make_model: Make, documents: list[Document]) -> None:
    task = LabelingTask.objects.filter(document=documents[1]).get()
    for number in range(20):
        other = LabelingTask.objects.create(document=documents[1], kind="second_label", ordinal=number + 2)
        Annotation.objects.create(
            task=other, document=documents[1], author=cast.biller1, record={}, active_ms=60_000, request_hash=str(number)
        )
    run = start_shadow(make_model(), by=cast.admin)
    do(run)
    run.refresh_from_db()
    assert run.summary["minutes_each"] == {"label": 1.0, "review": 1.0, "nothing": 0.0}
    assert run.summary["minutes_spared"] == 0.0
    assert task.kind == "label"


@pytest.mark.thorough
def test_killed_on_the_way_it_goes_on_with_the_documents_that_are_left(
    cast: Cast, make_model: Make, documents: list[Document], settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "MODEL_BATCH", 1)
    run = start_shadow(make_model(), by=cast.admin)
    job = Job.objects.get(key=f"shadow:{run.pk}")
    real = ShadowDocument.objects.bulk_create
    stored: list[int] = []

    def once(rows: list[ShadowDocument], **options: object) -> object:
        if stored:
            raise KeyboardInterrupt  # as abrupt as a process can end and a test go on
        stored.extend(row.document_id for row in rows)
        return real(rows, **options)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(ShadowDocument.objects, "bulk_create", once)
        with pytest.raises(KeyboardInterrupt):
            shadow_run(job.pk)
    assert ShadowRun.objects.get(pk=run.pk).state == ShadowRun.State.RUNNING
    assert shadow_view(run_of(run.pk)).read == 1
    Job.objects.filter(pk=job.pk).update(status=JobStatus.QUEUED, lease_until=None)
    assert shadow_run(job.pk) == "done"
    assert ShadowDocument.objects.filter(run=run).count() == 3
    assert ShadowRun.objects.get(pk=run.pk).state == ShadowRun.State.FINISHED


def test_taken_away_it_ends(cast: Cast, make_model: Make, documents: list[Document]) -> None:
    run = start_shadow(make_model(), by=cast.admin)
    job = Job.objects.get(key=f"shadow:{run.pk}")
    take_away(run, by=cast.admin)
    assert shadow_run(job.pk) == "cancelled"
    assert not ShadowDocument.objects.exists()


def test_one_that_was_damaged_fails_the_run_and_says_why(cast: Cast, make_model: Make, documents: list[Document]) -> None:
    model = make_model()
    run = start_shadow(model, by=cast.admin)
    flip(Path(model.folder))
    assert do(run) == "done"
    run.refresh_from_db()
    assert (run.state, "SHA-256" in run.error) == (ShadowRun.State.FAILED, True)
    with pytest.raises(ModelopsError) as caught:
        start_shadow(model, by=cast.admin)
    assert caught.value.code == "artifact_damaged"


def test_one_at_a_time_and_never_what_serves(cast: Cast, make_model: Make) -> None:
    champion, model = make_model(), make_model()
    crown(champion, by=cast.admin)
    with pytest.raises(ModelopsError) as caught:
        start_shadow(champion, by=cast.admin)
    assert caught.value.code == "already_serves"
    first = start_shadow(model, by=cast.admin)
    assert first.against == champion
    with pytest.raises(ModelopsError) as caught:
        start_shadow(model, by=cast.admin)
    assert caught.value.code == "shadow_under_way"
    for wanted in (0, 2001, True, "5"):
        with pytest.raises(ModelopsError) as caught:
            start_shadow(model, by=cast.admin, documents=wanted)  # type: ignore[arg-type]  # what comes in from outside
        assert caught.value.code == "documents_invalid"
    with pytest.raises(ModelopsError) as caught:
        start_shadow(model, by=cast.senior)
    assert caught.value.status == 403


def test_a_run_that_died_says_so(cast: Cast, make_model: Make, documents: list[Document], monkeypatch: pytest.MonkeyPatch) -> None:
    run = start_shadow(make_model(), by=cast.admin)
    job = Job.objects.get(key=f"shadow:{run.pk}")
    monkeypatch.setattr("modelops.deployment.shadow_reading.load_serving", lambda folder: 1 / 0)
    for _ in range(3):
        Job.objects.update(not_before="2026-01-01T00:00:00Z")
        shadow_run(job.pk)
    assert Job.objects.get(pk=job.pk).status == JobStatus.DEAD
    run.refresh_from_db()
    assert (run.state, "three times" in run.error) == (ShadowRun.State.FAILED, True)


def test_its_documents_come_in_pages(cast: Cast, make_model: Make, documents: list[Document]) -> None:
    run = start_shadow(make_model(), by=cast.admin)
    do(run)
    everything = [row.document_id for row in shadow_documents(run, show="all").rows]
    assert everything == sorted((one.pk for one in documents), reverse=True)
    assert shadow_documents(run, show="all").after == 0
    after = shadow_documents(run, show="all", after=everything[0]).rows
    assert [row.document_id for row in after] == everything[1:]
