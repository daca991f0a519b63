"""A document that has to go: what used it is marked, its lines and files are gone, and it is never taken again."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.storage import storages
from django.db import models

from invoices import blobs
from invoices.audit.entries import AuditEntry
from invoices.errors import IntakeRefused
from invoices.intake import receive
from invoices.models import Document, Page
from invoices.rereading import reread_documents
from labeling.models import GoldRecord, LabelingTask
from mlcore.dataset.directory import Split, read_manifest, read_split
from modelops.datasets.collecting import collect
from modelops.datasets.freezing import freeze
from modelops.datasets.leaks import refuse_leaks
from modelops.datasets.removal import affected, held_of, remove
from modelops.datasets.removal_files import take_out
from modelops.errors import NotFound, Refused, RequestInvalid
from modelops.folders import dataset_folder, evaluation_folder, run_folder
from modelops.models import (
    DatasetVersion,
    Deployment,
    DocumentRemoval,
    ModelEvaluation,
    ModelVersion,
    ShadowDocument,
    ShadowRun,
    TrainingRun,
)
from modelops.registry.lineage import removed_behind
from tests.conftest import Cast
from tests.modelops.datasets.conftest import Station

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(gold: Station, cast: Cast) -> DatasetVersion:
    """A frozen version of ten vendors, of their documents alone."""
    return freeze(collect(by=cast.admin, synthetic={"validation": 0, "test": 0}).pk)


@pytest.fixture
def used(version: DatasetVersion) -> dict[str, Any]:
    """A run, a model and a deployment that came of it, with files that name its documents."""
    run = TrainingRun.objects.create(dataset=version, recipe={}, folder="run-1")
    model = ModelVersion.objects.create(number=4, model_id="adapter-1", origin="shipped", folder="a", run=run, dataset=version)
    evaluation = ModelEvaluation.objects.create(model=model, dataset=version, folder="e-1", documents=1)
    deployment = Deployment.objects.create(kind="first", model=model, slot="champion", at=version.created_at)
    for folder in (run_folder(run), evaluation_folder(evaluation)):
        folder.mkdir(parents=True)
    return {"run": run, "model": model, "evaluation": evaluation, "deployment": deployment}


def trained(version: DatasetVersion) -> GoldRecord:
    return version.items.filter(side="train").order_by("gold")[0].gold


def test_what_used_a_document_is_known(version: DatasetVersion, used: dict[str, Any]) -> None:
    learned, held = trained(version), version.items.filter(side="test")[0].gold
    told = affected(learned.document_id)
    assert (told.versions, told.trained, told.models) == ([1], [1], [4])
    assert (told.runs, told.deployments) == ([used["run"].pk], [used["deployment"].pk])
    assert affected(held.document_id).trained == [], "it was tested with alone"
    assert affected(10**9).to_json() == {"versions": [], "trained": [], "runs": [], "models": [], "deployments": []}


def test_everything_that_used_it_is_marked(version: DatasetVersion, used: dict[str, Any], cast: Cast) -> None:
    record = trained(version)
    removal = remove(record.document_id, "patient", " She asked  for it ", cast.admin)
    assert (removal.ground, removal.reason, removal.touched["versions"], removal.touched["models"]) == (
        "patient",
        "She asked for it",
        [1],
        [4],
    )
    assert version.items.get(gold=record).removed_at is not None
    assert version.items.filter(removed_at=None).count() == version.items.count() - 1
    was, model = version.data_hash, used["model"]
    version.refresh_from_db()
    model.refresh_from_db()
    assert (version.removed_documents, version.data_hash, model.removed_documents) == (1, was, 1)
    with pytest.raises(Refused, match="had to go") as error:
        refuse_leaks(version)
    assert error.value.code == "dataset_has_removed_documents"
    assert AuditEntry.objects.filter(action="document.removed", document_id=record.document_id).count() == 1


def test_what_started_from_a_model_that_learned_from_it_is_marked_too(version: DatasetVersion, used: dict[str, Any], cast: Cast) -> None:
    """At whatever distance, once for each document, also where it was learned from again."""
    of_model = {"model_id": "adapter-1", "number": 4, "dataset": version.number, "trained_on": "dataset", "documents": 9}
    between = {"model_id": "adapter-2", "number": 5, "dataset": None, "trained_on": "dataset", "documents": 9}
    told = {"origin": "trained", "folder": "a"}
    ModelVersion.objects.create(number=5, model_id="adapter-2", lineage=[of_model], dataset=version, **told)
    ModelVersion.objects.create(number=6, model_id="adapter-3", lineage=[between, of_model], **told)
    ModelVersion.objects.create(number=7, model_id="adapter-4", lineage=[between], **told)
    held, learned = version.items.filter(side="test")[0].gold, trained(version)
    assert affected(learned.document_id).models == [4, 5, 6]
    remove(held.document_id, "retention", "Seven years", cast.admin)
    remove(learned.document_id, "patient", "Asked", cast.admin)
    marked = dict(ModelVersion.objects.order_by("number").values_list("number", "removed_documents"))
    assert marked == {4: 1, 5: 1, 6: 1, 7: 0}


def test_what_is_registered_after_a_removal_is_marked(version: DatasetVersion, cast: Cast) -> None:
    remove(trained(version).document_id, "patient", "Asked", cast.admin)
    assert (removed_behind([version.number]), removed_behind([])) == (1, 0)


def test_a_model_that_was_only_tested_with_it_has_learned_nothing(version: DatasetVersion, used: dict[str, Any], cast: Cast) -> None:
    remove(version.items.filter(side="test")[0].gold.document_id, "retention", "Seven years", cast.admin)
    used["model"].refresh_from_db()
    assert used["model"].removed_documents == 0
    assert DatasetVersion.objects.get().removed_documents == 1


def test_its_lines_leave_the_frozen_files(version: DatasetVersion, cast: Cast) -> None:
    record, folder = trained(version), dataset_folder(version)
    before = {split: [entry.id for entry in read_split(folder, split)] for split in Split}
    remove(record.document_id, "patient", "Asked", cast.admin)
    after = {split: [entry.id for entry in read_split(folder, split)] for split in Split}
    assert set(before[Split.TRAIN]) - set(after[Split.TRAIN]) == {f"gold-{record.pk}"}
    assert (after[Split.TEST], after[Split.VALIDATION]) == (before[Split.TEST], before[Split.VALIDATION])
    manifest = read_manifest(folder)
    assert manifest["data_hash"] != version.data_hash
    assert manifest["frozen"]["data_hash"] == version.data_hash
    assert manifest["splits"]["train"]["documents"] == len(after[Split.TRAIN])
    number = record.record["invoice_number"]
    assert number
    assert all(str(number).encode() not in path.read_bytes() for path in folder.iterdir())


def test_a_second_document_leaves_the_same_version(version: DatasetVersion, cast: Cast) -> None:
    first, second = (item.gold for item in version.items.filter(side="train").order_by("gold")[:2])
    for record in (first, second):
        remove(record.document_id, "other", "Wrong recipient", cast.admin)
    manifest = read_manifest(dataset_folder(version))
    assert (manifest["removed_documents"], manifest["frozen"]["data_hash"]) == (2, version.data_hash)
    assert DatasetVersion.objects.get().removed_documents == 2


def test_packed_files_and_torn_ones_are_mended(version: DatasetVersion, tmp_path: Path) -> None:
    from mlcore.dataset.directory import write_manifest, write_split

    folder = tmp_path / "packed"
    folder.mkdir()
    entries = {split: list(read_split(dataset_folder(version), split)) for split in Split}
    write_manifest(folder, {}, {split: write_split(folder, split, entries[split], compress=True) for split in Split})
    gone = entries[Split.TRAIN][0].id
    assert take_out(folder, [gone]) == 1
    assert [one.id for one in read_split(folder, Split.TRAIN)] == [one.id for one in entries[Split.TRAIN][1:]]
    manifest = (folder / "dataset.json").read_bytes()
    assert take_out(folder, [gone]) == 0
    assert (folder / "dataset.json").read_bytes().count(b"frozen") == manifest.count(b"frozen")


def test_what_runs_and_evaluations_wrote_of_it_goes(version: DatasetVersion, used: dict[str, Any], cast: Cast) -> None:
    record = trained(version)
    name, other = f"gold-{record.pk}", f"gold-{record.pk}0"
    run, evaluation = run_folder(used["run"]), evaluation_folder(used["evaluation"])
    (run / "readings.jsonl").write_text(f'{{"id":"{name}","text":"Jane"}}\n{{"id":"{other}"}}\n')
    (evaluation / "report.html").write_text(f"<p>{name}: Jane</p>")
    (evaluation / "evidence.json").write_text(f'{{"{name}": 0.9}}')
    (evaluation / "other.html").write_text(f"<p>{other}</p>")
    remove(record.document_id, "patient", "Asked", cast.admin)
    assert (run / "readings.jsonl").read_text() == f'{{"id":"{other}"}}\n'
    assert sorted(path.name for path in evaluation.iterdir()) == ["evidence.json", "other.html"]


def texts_of_station() -> str:
    """Every text and JSON of every table but the trail and the row of the removal."""
    found = []
    for model in apps.get_models():
        if model._meta.app_label not in ("invoices", "labeling", "modelops", "workers") or model is DocumentRemoval:
            continue
        wanted = [
            field.name for field in model._meta.concrete_fields if isinstance(field, models.CharField | models.TextField | models.JSONField)
        ]
        found += [repr(row) for row in model._default_manager.values_list(*wanted)] if wanted else []
    return "\n".join(found)


def test_nothing_of_its_values_is_left_in_the_database(version: DatasetVersion, used: dict[str, Any], cast: Cast) -> None:
    record = trained(version)
    number, name = str(record.record["invoice_number"]), record.document.name
    words = [word[0] for page in record.document.pages.all() for word in page.words if re.fullmatch(r"[A-Z]{2,}-?\d{4,}.*", word[0])]
    shadow = ShadowRun.objects.create(model=used["model"], wanted=1, chosen=[record.document_id])
    ShadowDocument.objects.create(
        run=shadow,
        document=record.document,
        route_before="review",
        route_after="review",
        changed=[{"path": "invoice_number", "after": number}],
    )
    assert number in texts_of_station()
    remove(record.document_id, "patient", "Asked", cast.admin)
    left = texts_of_station()
    assert number not in left
    assert name not in left
    assert all(word not in left for word in words)
    assert not Page.objects.filter(document=record.document_id).exists()
    assert held_of(record.document_id).pages == 0
    assert GoldRecord.objects.get(pk=record.pk).is_current is False


def test_its_files_are_deleted_and_the_same_file_is_not_taken_again(cast: Cast, data_dir: Path) -> None:
    from tests.invoices.paper import invoice_pdf

    data = invoice_pdf()
    document = receive(name="invoice.pdf", data=data).document
    image = blobs.store_bytes(b"picture of the page")
    Page.objects.create(document=document, number=1, width=1, height=1, source="ocr", image_sha256=image, image_width=1, image_height=1)
    task = LabelingTask.objects.create(document=document)
    removal = remove(document.pk, "patient", "Asked", cast.admin)
    assert removal.finished_at is not None
    assert removal.files == []
    assert not any(storages["blobs"].exists(blobs.path_of(sha256)) for sha256 in (document.sha256, image))
    with pytest.raises(IntakeRefused) as refused:
        receive(name="again.pdf", data=data)
    assert refused.value.code == "document_removed"
    assert not storages["blobs"].exists(blobs.path_of(document.sha256))
    assert reread_documents(document_ids=[document.pk], user=cast.admin) == 0
    task.refresh_from_db()
    document.refresh_from_db()
    assert (task.state, document.status, document.error_code) == ("withdrawn", "failed", "removed")


def test_a_file_that_another_document_shares_stays(cast: Cast, data_dir: Path) -> None:
    image = blobs.store_bytes(b"the same blank page")
    for name in ("one", "two"):
        document = Document.objects.create(sha256=(name * 30)[:64].ljust(64, "0"), name=name, media_type="application/pdf", size=1)
        Page.objects.create(document=document, number=1, width=1, height=1, source="ocr", image_sha256=image, image_width=1, image_height=1)
    documents = list(Document.objects.order_by("pk"))
    Document.objects.filter(pk=documents[0].pk).update(sha256="a" * 64)
    remove(documents[0].pk, "other", "Sent by mistake", cast.admin)
    assert storages["blobs"].exists(blobs.path_of(image))


def test_it_is_in_no_later_version(version: DatasetVersion, cast: Cast) -> None:
    record = trained(version)
    remove(record.document_id, "patient", "Asked", cast.admin)
    later = freeze(collect(by=cast.admin, since=version.created_at.date(), parent=version).pk)
    assert (later.number, later.items.count()) == (2, version.items.count() - 1)
    assert later.left_out == {"removed": 1}
    assert later.data_hash != version.data_hash
    refuse_leaks(later)


@pytest.mark.thorough
def test_a_removal_while_a_version_is_put_together_is_not_missed(version: DatasetVersion, cast: Cast) -> None:
    record, asked = trained(version), collect(by=cast.admin, note="again")

    def meanwhile() -> None:
        if not DocumentRemoval.objects.exists():
            remove(record.document_id, "patient", "Asked", cast.admin)

    with pytest.raises(Refused, match="was removed while"):
        freeze(asked.pk, fence=meanwhile)
    later = freeze(asked.pk)
    assert later.pk == asked.pk
    assert not later.items.filter(gold=record).exists()


def test_a_second_call_finishes_what_was_left(version: DatasetVersion, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    record = trained(version)
    with monkeypatch.context() as patch:
        patch.setattr("mlcore.new_file.os.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        with pytest.raises(OSError, match="No space"):
            remove(record.document_id, "patient", "Asked", cast.admin)
    assert DocumentRemoval.objects.get().finished_at is None
    assert remove(record.document_id, "other", "Again", cast.admin).finished_at is not None
    assert DocumentRemoval.objects.get().ground == "patient", "the first reason stays"
    assert len(list(read_split(dataset_folder(version), Split.TRAIN))) == version.documents - 1


def test_what_is_refused(version: DatasetVersion, cast: Cast) -> None:
    document = trained(version).document_id
    for ground, reason, code in (
        ("whim", "x", "ground_unknown"),
        ("patient", "  ", "reason_missing"),
        ("patient", "x" * 501, "reason_too_long"),
    ):
        with pytest.raises(RequestInvalid) as invalid:
            remove(document, ground, reason, cast.admin)
        assert invalid.value.code == code
    with pytest.raises(Refused, match="admins"):
        remove(document, "patient", "x", cast.senior)
    with pytest.raises(NotFound):
        remove(10**9, "patient", "x", cast.admin)
    assert not DocumentRemoval.objects.exists()
