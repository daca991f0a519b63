"""Held-out documents are read with the model as it serves; what was interrupted goes on; what came of it can be read back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from modelops.errors import Refused
from modelops.folders import evaluation_folder, evaluations_folder
from modelops.models import DatasetVersion, ModelEvaluation, ModelVersion
from modelops.registry.alone import alone_in
from modelops.registry.evaluating import READINGS, evaluate, folder_name
from modelops.registry.evidence import EVIDENCE, evidence_json, system_from
from modelops.registry.registering import register
from modelops.registry.timing import timed_against
from modelops.registry.wrong_values import answered
from tests.modelops.held_out import frozen_dataset

pytestmark = pytest.mark.django_db


@pytest.fixture
def dataset() -> DatasetVersion:
    return frozen_dataset(documents=20)


@pytest.fixture
def model(calibrated: Path, dataset: DatasetVersion) -> ModelVersion:
    return register(calibrated, origin="trained", dataset=dataset)


@pytest.mark.thorough
def test_a_model_is_evaluated_once(model: ModelVersion, dataset: DatasetVersion) -> None:
    heard: list[tuple[int, int]] = []
    row = evaluate(model, dataset, listen=lambda done, count: heard.append((done, count)))
    assert heard == [(0, 20), (8, 20), (16, 20), (20, 20)]
    assert (row.documents, row.vendors) == (20, 2)
    assert 0 <= row.overall["field_accuracy"]["value"] <= 1
    assert row.calibration is not None
    assert sum(way["documents"] for way in row.overall["routes"].values()) == 20
    assert evaluate(model, dataset, listen=lambda done, count: pytest.fail("it is read again")) == row
    assert not list(evaluations_folder().glob("*.reading"))
    system = system_from(row)
    assert system.trained_vendors == frozenset({"901", "902"})
    assert system.vendors_known
    assert sum(evidence_json(row)["served"]["histogram"]) == system.calibration.n  # type: ignore[union-attr]
    wrong = answered(evaluation_folder(row) / "wrong.jsonl")
    assert {one.id for one in wrong.values()} == {document.id for document in system.evaluation.documents}
    exact = sum(document.count("exact") for document in system.evaluation.documents)
    assert exact == sum(not one.wrong for one in wrong.values())


def test_the_templates_alone_are_a_system_too(dataset: DatasetVersion) -> None:
    row = evaluate(None, dataset)
    assert system_from(row).name == "The templates alone"
    assert ModelEvaluation.objects.get(model=None) == row
    assert evaluate(None, dataset) == row


@pytest.mark.thorough
def test_an_interrupted_evaluation_goes_on(model: ModelVersion, dataset: DatasetVersion) -> None:
    def interrupt(done: int, count: int) -> None:
        if done == 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        evaluate(model, dataset, listen=interrupt)
    assert not ModelEvaluation.objects.exists()
    kept = evaluations_folder() / f"{folder_name(model, dataset)}.reading" / READINGS
    before = kept.read_bytes()
    assert before.count(b"\n") == 8
    kept.write_bytes(before + b'{"torn": ')
    row = evaluate(model, dataset)
    told = evidence_json(row)
    assert told["seconds"]["n"] == 12, "eight were read before"
    row.delete()
    (evaluation_folder(row) / EVIDENCE).unlink()
    assert evidence_json(evaluate(model, dataset))["evaluation"] == told["evaluation"], "read in one go it is the same"


@pytest.mark.thorough
def test_a_folder_without_its_row_is_not_read_again(model: ModelVersion, dataset: DatasetVersion) -> None:
    evaluate(model, dataset).delete()
    evaluate(model, dataset, listen=lambda done, count: pytest.fail("it is read again"))
    assert ModelEvaluation.objects.count() == 1


def test_two_processes_do_not_read_the_same(model: ModelVersion, dataset: DatasetVersion) -> None:
    with alone_in(evaluations_folder() / f"{folder_name(model, dataset)}.reading", "It"), pytest.raises(Refused, match="under way"):
        evaluate(model, dataset)


@pytest.mark.thorough
def test_both_are_timed_by_turns_and_the_times_are_kept(model: ModelVersion, dataset: DatasetVersion) -> None:
    row = evaluate(model, dataset)
    own, theirs = timed_against(row, model)
    assert theirs is not None
    assert (own.n, theirs.n) == (15, 15)
    assert timed_against(row, model) == (own, theirs)
    alone, nobody = timed_against(row, None)
    assert nobody is None
    assert json.loads((evaluation_folder(row) / "timed.json").read_text())["against"] == ""
    assert ModelEvaluation.objects.get(pk=row.pk).seconds == alone.value


def test_what_cannot_serve_is_not_evaluated(packed: Path, dataset: DatasetVersion) -> None:
    bare = register(packed, origin="imported")
    with pytest.raises(Refused) as refused:
        evaluate(bare, dataset)
    assert refused.value.code == "model_not_calibrated"
    (packed / "artifact.json").write_text("{}")
    with pytest.raises(Refused) as refused:
        evaluate(bare, dataset)
    assert refused.value.code == "artifact_damaged"


def test_a_model_whose_base_is_another_is_refused(model: ModelVersion, dataset: DatasetVersion, tmp_path: Path) -> None:
    from tests.mlcore.tiny import write_tiny_base

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COUNTERSIGN_BASE_MODEL", str(write_tiny_base(tmp_path / "other", seed=9)))
        with pytest.raises(Refused, match="cannot be loaded"):
            evaluate(model, dataset)


def test_a_version_without_held_out_documents_judges_nobody(model: ModelVersion) -> None:
    with pytest.raises(Refused) as refused:
        evaluate(model, frozen_dataset(2, documents=0))
    assert refused.value.code == "nothing_held_out"
    with pytest.raises(Refused) as refused:
        evaluate(model, frozen_dataset(3, state="collecting"))
    assert refused.value.code == "dataset_not_frozen"


def test_a_changed_file_of_the_version_is_refused(model: ModelVersion, dataset: DatasetVersion) -> None:
    from modelops.folders import dataset_folder

    path = dataset_folder(dataset) / "test.jsonl"
    path.write_text(path.read_text().replace("Apex", "Apax"))
    with pytest.raises(Refused) as refused:
        evaluate(model, dataset)
    assert refused.value.code == "dataset_unreadable"
