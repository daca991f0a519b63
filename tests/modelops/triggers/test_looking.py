"""What asks for a run, from what the station has stored; and what becomes of a proposal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone

from invoices.models import Document, Vendor, VendorStatus
from labeling.models import GoldRecord
from mlcore.alerting.finding import Severity, Standing
from mlcore.training.presets import DEFAULT
from modelops.alerts.deciding import resolve
from modelops.alerts.opening import report
from modelops.errors import NotFound, Refused, RequestInvalid
from modelops.models import DatasetItem, DatasetVersion, ModelVersion, RunState, TrainingRun, TriggerPolicy, TriggerProposal, VendorSide
from modelops.triggers.deciding import dismiss
from modelops.triggers.looking import look
from modelops.triggers.policies import set_trigger_policy
from tests.conftest import Cast
from tests.modelops.alerts.conftest import finding

pytestmark = pytest.mark.django_db
State = TriggerProposal.State


@pytest.fixture
def apex(db: None) -> Vendor:
    return Vendor.objects.create(name="Apex Infusion", status=VendorStatus.CONFIRMED)


@pytest.fixture
def gold_of(db: None) -> Callable[..., list[GoldRecord]]:
    """Stores so many gold records of a vendor."""

    def store(vendor: Vendor, count: int, days_ago: float = 0) -> list[GoldRecord]:
        start = Document.objects.count()
        documents = Document.objects.bulk_create(
            Document(sha256=f"{start + number:064x}", name="d.pdf", media_type="application/pdf", size=1) for number in range(count)
        )
        records = GoldRecord.objects.bulk_create(GoldRecord(document=document, vendor=vendor, record={}) for document in documents)
        then = timezone.now() - dt.timedelta(days=days_ago)
        GoldRecord.objects.filter(pk__in=[one.pk for one in records]).update(created_at=then)
        return records

    return store


def frozen(number: int, days_ago: float = 0) -> DatasetVersion:
    then = timezone.now() - dt.timedelta(days=days_ago)
    return DatasetVersion.objects.create(number=number, state=DatasetVersion.State.FROZEN, data_hash="a" * 64, frozen_at=then)


def finished(dataset: DatasetVersion, state: str = RunState.FINISHED) -> TrainingRun:
    return TrainingRun.objects.create(dataset=dataset, state=state, recipe=DEFAULT.to_json(), finished_at=timezone.now())


def open_keys() -> set[str]:
    return set(TriggerProposal.objects.filter(state=State.OPEN).values_list("key", flat=True))


def fall_of(vendor: Vendor, standing: Standing = Standing.FIRES) -> None:
    report(finding(f"vendor_accuracy:{vendor.pk}", standing, vendor=vendor.pk, value=0.08, limit=0.05, severity=Severity.NOW))


def test_a_fresh_station_proposes_nothing(db: None) -> None:
    assert look().proposed == 0


def test_a_quarter_after_the_last_data_set_one_is_due(apex: Vendor, gold_of: Callable[..., object]) -> None:
    frozen(4, days_ago=90)
    gold_of(apex, 3)
    assert look().proposed == 0
    DatasetVersion.objects.update(frozen_at=timezone.now() - dt.timedelta(days=92))
    assert look().proposed == 1
    proposal = TriggerProposal.objects.get()
    assert proposal.evidence == {"age_days": 92.0, "every_days": 91, "dataset": 4, "gold_since": 3}
    assert look().proposed == 0, "one waits for each key"


def test_before_the_first_data_set_the_first_record_counts(apex: Vendor, gold_of: Callable[..., object]) -> None:
    gold_of(apex, 1, days_ago=92)
    look()
    assert open_keys() == {"schedule"}


def test_a_vendor_is_new_until_a_model_has_learned_from_it(apex: Vendor, gold_of: Callable[..., object]) -> None:
    gold_of(apex, 199)
    look()
    assert open_keys() == set()
    gold_of(apex, 1)
    look()
    assert open_keys() == {f"new_vendor:{apex.pk}"}
    ModelVersion.objects.create(number=1, model_id="m", origin="trained", folder="m", trained_vendors=[str(apex.pk)])
    assert look().overtaken == 1
    assert open_keys() == set()
    assert look().proposed == 0


def test_a_vendor_that_is_held_out_asks_for_nothing(apex: Vendor, gold_of: Callable[..., object]) -> None:
    gold_of(apex, 250)
    VendorSide.objects.create(vendor=apex, side="test")
    assert look().proposed == 0


def test_records_of_a_merged_vendor_count_for_the_one_that_took_it_over(apex: Vendor, gold_of: Callable[..., object]) -> None:
    other = Vendor.objects.create(name="Apex Inc", merged_into=apex)
    gold_of(apex, 120)
    gold_of(other, 80)
    look()
    assert open_keys() == {f"new_vendor:{apex.pk}"}


def test_a_changed_template_needs_an_alert_and_a_hundred_records_since(apex: Vendor, gold_of: Callable[..., object]) -> None:
    ModelVersion.objects.create(number=1, model_id="m", origin="trained", folder="m", trained_vendors=[str(apex.pk)])
    gold_of(apex, 150, days_ago=20)
    gold_of(apex, 100)
    assert look().proposed == 0
    fall_of(apex)
    assert look().proposed == 0, "the records were confirmed before it was found"
    gold_of(apex, 99, days_ago=-0.01)
    assert look().proposed == 0
    gold_of(apex, 1, days_ago=-0.01)
    assert look().proposed == 1
    assert TriggerProposal.objects.get().sentence.startswith("Apex Infusion: accuracy fell by 8.0 points, and 100 records")


def test_when_the_accuracy_is_back_nothing_is_proposed_any_more(apex: Vendor, gold_of: Callable[..., object]) -> None:
    fall_of(apex)
    gold_of(apex, 100, days_ago=-0.01)
    look()
    assert open_keys() == {f"template_change:{apex.pk}"}
    fall_of(apex, Standing.OVER)
    assert look().overtaken == 1
    assert "is over" in TriggerProposal.objects.get().reason
    assert look().proposed == 0


def test_an_alert_that_a_person_resolved_still_counts(cast: Cast, apex: Vendor, gold_of: Callable[..., object]) -> None:
    fall_of(apex)
    alert = apex.alerts.get()
    resolve(user=cast.admin, alert_id=alert.pk, note="they have a new form; we label it")
    gold_of(apex, 100, days_ago=-0.01)
    look()
    assert open_keys() == {f"template_change:{apex.pk}"}


def test_a_run_that_learned_it_overtakes(apex: Vendor, gold_of: Callable[..., list[GoldRecord]]) -> None:
    fall_of(apex)
    gold_of(apex, 1, days_ago=400)
    records = gold_of(apex, 100, days_ago=-0.01)
    look()
    assert open_keys() == {"schedule", f"template_change:{apex.pk}"}
    VendorSide.objects.create(vendor=apex, side="train")
    version = frozen(1, days_ago=-0.01)
    DatasetItem.objects.bulk_create(
        DatasetItem(version=version, gold=one, vendor=apex, vendor_key=str(apex.pk), side="train") for one in records[:99]
    )
    finished(version)
    look()
    assert open_keys() == {f"template_change:{apex.pk}"}, "one of its records is missing"
    DatasetItem.objects.create(version=version, gold=records[99], vendor=apex, vendor_key=str(apex.pk), side="train")
    look()
    assert open_keys() == set()


def test_dismissed_it_is_not_proposed_again_for_the_same(cast: Cast, apex: Vendor, gold_of: Callable[..., object]) -> None:
    gold_of(apex, 210)
    look()
    [proposal] = TriggerProposal.objects.all()
    with pytest.raises(RequestInvalid, match="few words"):
        dismiss(user=cast.admin, proposal_id=proposal.pk, reason=" ")
    dismiss(user=cast.admin, proposal_id=proposal.pk, reason="their contract ends")
    gold_of(apex, 100)
    assert look().proposed == 0
    gold_of(apex, 90)
    assert look().proposed == 1, "twice as many are something new to say"
    with pytest.raises(Refused):
        dismiss(user=cast.admin, proposal_id=proposal.pk, reason="again")
    with pytest.raises(NotFound):
        dismiss(user=cast.admin, proposal_id=10**9, reason="x")


@pytest.mark.parametrize(("state", "again"), [(RunState.RUNNING, 0), (RunState.FAILED, 1), (RunState.STOPPED, 1)])
def test_started_it_is_proposed_again_only_where_its_run_came_to_nothing(
    apex: Vendor, gold_of: Callable[..., object], state: str, again: int
) -> None:
    gold_of(apex, 200)
    look()
    TriggerProposal.objects.update(state=State.STARTED, run=finished(frozen(1), state))
    assert look().proposed == again


def test_an_open_proposal_has_the_newest_numbers(apex: Vendor, gold_of: Callable[..., object]) -> None:
    gold_of(apex, 200)
    look()
    gold_of(apex, 34)
    look()
    assert TriggerProposal.objects.get().evidence["examples"] == 234


def test_the_policy_decides(cast: Cast, apex: Vendor, gold_of: Callable[..., object]) -> None:
    gold_of(apex, 60)
    policy = set_trigger_policy(user=cast.admin, values={"new_vendor_examples": 50, "hourly_rate": 30.125}, note="fewer")
    assert TriggerPolicy.objects.get().hourly_rate == policy.hourly_rate
    look()
    assert TriggerProposal.objects.get().policy == policy
    with pytest.raises(RequestInvalid):
        set_trigger_policy(user=cast.admin, values={"every_days": -1, "starts_by_itself": 2, "colour": 1})
    with pytest.raises(TypeError):
        policy.save()
