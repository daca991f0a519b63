"""The preflight over real rows and a real directory: what is read, in how many statements, and that nothing is changed."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from invoices.models import AuditEntry
from mlcore.dataset.directory import data_hash_of
from modelops.folders import dataset_folder
from modelops.models import (
    DatasetVersion,
    GatePolicyVersion,
    ModelEvaluation,
    ModelVersion,
    RunState,
    TrainingRun,
    TriggerPolicy,
    VendorSide,
)
from modelops.runs import corrections, workplaces
from modelops.runs.corrections import count_corrections
from modelops.runs.preflight import facts_of, preflight
from tests.modelops.runs import gold_sets as gold
from tests.modelops.runs.small import RECIPE, frozen
from workers import signs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Rows of another test have the same ids."""
    corrections._kept.cache_clear()


def codes(dataset: DatasetVersion) -> tuple[set[str], set[str]]:
    answer = preflight(dataset, RECIPE)
    return {one.code for one in answer.refusals}, {one.code for one in answer.warnings}


def test_corrections_are_those_that_the_last_trained_set_had_not(dataset: DatasetVersion) -> None:
    old = gold.gold_of("Apex", {"total": gold.CORRECTED})
    first = frozen(number=9)
    gold.put_in(first, old)
    TrainingRun.objects.create(dataset=first, recipe=RECIPE.to_json(), state=RunState.FINISHED)
    new = [
        gold.gold_of("Apex", {"total": gold.CORRECTED, "date": gold.CONFIRMED, "line_items[0].total": gold.TYPED}),
        gold.gold_of("Zenith", {"total": gold.SETTLED, "date": gold.AGREED, "line_items[3].total": gold.REVIEWED}),
    ]
    gold.put_in(dataset, old, *new)
    found = facts_of(dataset).corrections
    assert (found.since, found.records, found.changed, found.vendor_count) == (9, 2, 4, 2)
    fields = {one.name: (one.values, one.corrected, one.typed, one.settled) for one in found.fields}
    assert fields == {"Row: amount": (2, 1, 1, 0), "Total": (2, 1, 0, 1), "Invoice date": (2, 0, 0, 0)}
    assert [(one.name, one.changed, one.values) for one in found.vendors] == [("Apex", 2, 3), ("Zenith", 2, 3)]


def test_without_a_trained_set_everything_is_new(dataset: DatasetVersion) -> None:
    gold.put_in(dataset, gold.gold_of(), gold.gold_of())
    TrainingRun.objects.create(dataset=frozen(number=2), recipe=RECIPE.to_json(), state=RunState.FAILED)
    found = facts_of(dataset).corrections
    assert (found.since, found.records, found.changed) == (None, 2, 0)


def test_an_unknown_field_of_an_old_record_is_counted_by_its_path() -> None:
    found = count_corrections([("Apex", {"po_number": gold.TYPED})])
    assert [(one.name, one.typed) for one in found.fields] == [("po_number", 1)]


def test_suspect_superseded_and_removed_records_are_found(dataset: DatasetVersion) -> None:
    records = [gold.gold_of(f"Vendor {n}") for n in range(4)]
    gold.put_in(dataset, *records[:3])
    gold.put_in(dataset, records[3], side="test")
    gold.suspect(records[0])
    gold.suspect(records[3])
    type(records[1]).objects.filter(pk=records[1].pk).update(is_current=False)
    labels = facts_of(dataset).labels
    assert (labels.disputed, labels.superseded) == ({"train": 1, "test": 1}, 1)
    assert {"labels_disputed", "labels_superseded"} <= codes(dataset)[1]
    assert "2 of its records are suspect" in " ".join(one.sentence for one in preflight(dataset, RECIPE).warnings)


def test_a_vendor_that_belongs_to_a_held_out_one_by_now_is_a_leak(dataset: DatasetVersion) -> None:
    gold.put_in(dataset, gold.gold_of("Apex"))
    gold.put_in(dataset, gold.gold_of("Apex Ltd"), side="test")
    assert "dataset_leaks" not in codes(dataset)[0]
    VendorSide.objects.update(group="apex")
    answer = preflight(dataset, RECIPE)
    assert [one.code for one in answer.refusals] == ["dataset_leaks"]
    assert "looks or is called like a held-out vendor" in answer.refusals[0].sentence


def test_a_directory_that_leaks_is_refused(station: Path) -> None:
    leaking = frozen(number=5, test=2)
    folder = dataset_folder(leaking)
    (folder / "test.jsonl").write_bytes((folder / "train.jsonl").read_bytes())
    told = json.loads((folder / "dataset.json").read_text())
    told["splits"]["test"] = {**told["splits"]["train"], "file": "test.jsonl"}
    told["data_hash"] = data_hash_of({name: one["sha256"] for name, one in told["splits"].items()})
    (folder / "dataset.json").write_text(json.dumps(told))
    DatasetVersion.objects.filter(pk=leaking.pk).update(data_hash=told["data_hash"])
    leaking.refresh_from_db()
    answer = preflight(leaking, RECIPE)
    assert [one.code for one in answer.refusals] == ["dataset_leaks"]
    assert str(folder) not in answer.refusals[0].sentence


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda version: DatasetVersion.objects.filter(pk=version.pk).update(state="collecting"), "dataset_not_frozen"),
        (lambda version: DatasetVersion.objects.filter(pk=version.pk).update(removed_documents=1), "dataset_has_removed_documents"),
        (lambda version: (dataset_folder(version) / "dataset.json").unlink(), "dataset_unreadable"),
        (lambda version: DatasetVersion.objects.filter(pk=version.pk).update(data_hash="0" * 64), "dataset_changed"),
    ],
)
def test_a_data_set_that_cannot_be_used_is_refused(dataset: DatasetVersion, spoil: object, code: str) -> None:
    spoil(dataset)  # type: ignore[operator]
    dataset.refresh_from_db()
    assert codes(dataset)[0] == {code}


def test_no_training_documents_no_base_and_no_room_are_refusals(dataset: DatasetVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    assert codes(frozen(number=7, train=0))[0] == {"dataset_empty"}
    monkeypatch.setenv("COUNTERSIGN_BASE_MODEL", "/nowhere/at/all")
    assert codes(dataset)[0] == {"base_missing"}


def test_workers_are_asked_for_where_somebody_watches(dataset: DatasetVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def watch(queue: str) -> int:
        asked.append(queue)
        return 0

    monkeypatch.setattr(workplaces, "_watching", [watch])
    assert "no_worker" in codes(dataset)[1]
    assert asked == ["training"]
    monkeypatch.setattr(workplaces, "_watching", [])
    assert "no_worker" not in codes(dataset)[1]


def test_the_gate_is_asked_by_the_policy_that_counts(dataset: DatasetVersion) -> None:
    assert "gate_cannot_judge" in codes(dataset)[1]
    GatePolicyVersion.objects.create(policy={"documents": 2, "vendors": 1})
    assert "gate_cannot_judge" not in codes(dataset)[1]


def test_the_champion_is_what_it_will_be_compared_with(dataset: DatasetVersion) -> None:
    champion = ModelVersion.objects.create(
        number=3, model_id="m3", state="champion", origin="trained", folder="m3", trained_vendors=["testvendor0", "elsewhere"]
    )
    comparison = facts_of(dataset).comparison
    assert (comparison.champion, comparison.leaked, comparison.evaluated) == (3, 1, False)
    assert "champion_knows_vendors" in codes(dataset)[1]
    before = preflight(dataset, RECIPE).expected.evaluating_minutes
    ModelEvaluation.objects.create(model=champion, dataset=dataset, folder="x", documents=2)
    assert preflight(dataset, RECIPE).expected.evaluating_minutes == before / 2


def test_time_comes_from_runs_and_money_from_the_policy(dataset: DatasetVersion) -> None:
    assert preflight(dataset, RECIPE).expected.cost is None
    TriggerPolicy.objects.create(hourly_rate=Decimal("1.5"), every_days=182)
    TrainingRun.objects.create(
        dataset=dataset, recipe=RECIPE.to_json(), state=RunState.STOPPED, step=10, tokens=2000, tokens_per_second=50.0, device="cuda"
    )
    expected = preflight(dataset, RECIPE).expected
    assert (expected.pace.tokens_per_document, expected.pace.tokens_per_second, expected.runs_per_year) == (100.0, 50.0, 2)
    assert expected.training_minutes == pytest.approx((12 * 2 * 100 + 3 * 2 * 100 / 3) / 50 / 60)
    assert expected.cost is not None


def test_the_number_of_statements_does_not_grow(dataset: DatasetVersion) -> None:
    def statements() -> int:
        corrections._kept.cache_clear()
        with CaptureQueriesContext(connection) as seen:
            preflight(dataset, RECIPE)
        return len(seen)

    gold.put_in(dataset, gold.gold_of())
    TrainingRun.objects.create(dataset=frozen(number=2), recipe=RECIPE.to_json(), state=RunState.FINISHED)
    ModelVersion.objects.create(number=3, model_id="m3", state="champion", origin="trained", folder="m3")
    few = statements()
    for n in range(12):
        gold.put_in(dataset, gold.gold_of(f"Vendor {n}", {"total": gold.CORRECTED}), side=("train", "test", "validation")[n % 3])
        TrainingRun.objects.create(dataset=dataset, recipe=RECIPE.to_json(), state=(RunState.FINISHED, RunState.QUEUED)[n % 2])
    assert statements() == few
    assert few <= 28


def test_it_changes_nothing(dataset: DatasetVersion) -> None:
    before = AuditEntry.objects.count()
    answer = preflight(dataset, RECIPE)
    assert json.loads(json.dumps(answer.to_json()))["expected"] == answer.to_json()["expected"], "stored with the run as it is"
    assert TrainingRun.objects.count() == 0
    assert AuditEntry.objects.count() == before


def test_the_station_counts_the_workers_of_the_training_queue(db: None) -> None:
    assert workplaces.workers_of("training") == 0
    signs.sign("gpu@one", "training")
    signs.sign("cpu@one", "documents,light")
    assert workplaces.workers_of("training") == 1
