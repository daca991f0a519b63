"""Suspect gold: what is found, what seniors say to it, and that the standing record stands until a review supersedes it."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from invoices.models import AuditEntry, Document, DocumentStatus
from labeling.annotation import submit
from labeling.assignment.claims import claim_task
from labeling.errors import RequestInvalid, RoleNeeded, SuspectDecided, SuspectNotFound
from labeling.gold_writing import write_gold
from labeling.models import GoldRecord, LabelingTask, SuspectGold
from labeling.submission import read_submission
from labeling.suspects.deciding import say_right, send_to_review
from labeling.suspects.disputed import disputed_gold
from labeling.suspects.finding import confidences_of, look_over, reason_key
from mlcore.record_json import record_from_json
from tests.conftest import Cast
from tests.labeling.blind_pairs import submit_label
from tests.labeling.conftest import RECORD

pytestmark = pytest.mark.django_db

Gold = Callable[..., GoldRecord]


@pytest.fixture
def gold(cast: Cast, make_document: Callable[..., Document]) -> Gold:
    """A gold record of its own document by the first biller; ``changes`` are of the record."""
    numbers = iter(range(2001, 3000))

    def make(**changes: Any) -> GoldRecord:
        document = make_document()
        read = {**copy.deepcopy(RECORD), "invoice_number": f"INV-{next(numbers)}"}
        document.predictions.update(record=read)
        record = {**read, **changes}
        label = submit_label(document, cast.biller1, record)
        return write_gold(
            label, document_id=document.pk, record=record, vendor_id=document.vendor_id, evidence={}, provenance={}, supersedes=None
        )

    return make


def codes(gold: GoldRecord) -> list[str]:
    return [reason["code"] for reason in SuspectGold.objects.get(gold=gold).reasons]


def test_each_ground_brings_a_record_before_a_senior(gold: Gold) -> None:
    fine = [gold() for _ in range(4)]
    unsure = gold()
    fields = unsure.document.predictions.get()
    type(fields).objects.filter(pk=fields.pk).update(
        fields=[{**field, "confidence": 0.05 if field["path"] == "total" else 0.9} for field in fields.fields]
    )
    sums = gold(total="95.00")
    unlike = gold(vendor={"name": "Apex Infusion", "address": "9 Oak Ave, Dayton, OH"})
    assert look_over() == 7
    state = dict(SuspectGold.objects.values_list("gold", "state"))
    assert {state[one.pk] for one in (unsure, sums, unlike)} == {"open"}
    assert "low_confidence" in codes(unsure)
    assert {"low_confidence", "total_mismatch"} & set(codes(sums))
    assert "unlike_address" in codes(unlike)
    unlike_reason = next(one for one in SuspectGold.objects.get(gold=unlike).reasons if one["code"] == "unlike_address")
    assert unlike_reason["value"] == "9 Oak Ave, Dayton, OH"
    assert [other["value"] for other in unlike_reason["others"]] == ["12 Elm St, Dayton, OH"] * 3
    assert set(disputed_gold().values_list("pk", flat=True)) == {unsure.pk, sums.pk, unlike.pk}
    assert {state[one.pk] for one in fine} == {"clear"}


def test_a_reader_that_is_sure_of_another_value_speaks_against_the_record(gold: Gold) -> None:
    one = gold(total="95.00")
    reading = one.document.predictions.get()
    found = confidences_of(record_from_json(one.record), reading)
    assert found["total"] == pytest.approx(0.1)
    assert found["subtotal"] == pytest.approx(0.9)


def test_a_machine_does_not_speak_against_what_two_people_settled(gold: Gold) -> None:
    one = gold(date="2026-03-05")
    GoldRecord.objects.filter(pk=one.pk).update(provenance={"date": {"source": "agreed"}})
    look_over()
    assert codes(one) == []


def test_only_a_reading_from_before_the_first_label_counts(gold: Gold) -> None:
    one = gold()
    low = [{"path": "total", "value": "90.00", "confidence": 0.01, "evidence": [], "raw": "", "note": ""}]
    one.document.predictions.create(model_id="model-that-learned", record=RECORD, fields=low, route="review")
    look_over()
    assert "low_confidence" not in codes(one)


def test_every_record_is_looked_at_once_and_again_after_a_week(gold: Gold) -> None:
    for _ in range(5):
        gold()
    assert [look_over(new=3), look_over(new=3), look_over(new=3)] == [3, 2, 0]
    SuspectGold.objects.update(looked_at=timezone.now() - dt.timedelta(days=8))
    assert [look_over(again=4), look_over(again=4), look_over(again=4)] == [4, 1, 0]


def test_what_a_pass_costs_does_not_grow_with_what_was_looked_at(gold: Gold) -> None:
    def cost() -> int:
        gold()
        with CaptureQueriesContext(connection) as statements:
            assert look_over() == 1
        return len(statements)

    first = cost()
    for _ in range(20):
        gold()
    look_over()
    assert cost() == first


def test_a_record_that_is_said_to_be_right_does_not_come_back_for_the_same_evidence(gold: Gold, cast: Cast) -> None:
    one = gold(total="95.00")
    look_over()
    say_right(user=cast.senior, gold_id=one.pk, note="The invoice is added up wrong; that is what it says.")
    kept = SuspectGold.objects.get()
    assert (kept.state, kept.decided_by) == ("right", cast.senior)
    assert not disputed_gold().exists()
    SuspectGold.objects.update(looked_at=timezone.now() - dt.timedelta(days=8))
    look_over()
    assert SuspectGold.objects.get(gold=one).state == "right"
    for _ in range(3):
        gold(vendor={"name": "Apex Infusion", "address": "44 New Rd, Dayton, OH"})
    SuspectGold.objects.filter(gold=one).update(looked_at=timezone.now() - dt.timedelta(days=8))
    look_over()
    back = SuspectGold.objects.get(gold=one)
    assert back.state == "open", "there is new evidence: the address is unlike the others'"
    assert "unlike_address:vendor.address" in {reason_key(reason) for reason in back.reasons} - set(back.heard)
    entry = AuditEntry.objects.get(action="suspect.decided")
    assert entry.after is not None
    assert (entry.person_name, entry.object_id, entry.after["decision"]) == ("senior", str(one.pk), "right")


def test_a_review_stands_beside_the_record_and_supersedes_it_when_it_is_submitted(gold: Gold, cast: Cast) -> None:
    one = gold(total="95.00")
    look_over()
    task = send_to_review(user=cast.senior, gold_id=one.pk)
    assert send_to_review(user=cast.admin, gold_id=one.pk).pk == task.pk
    one.refresh_from_db()
    assert one.is_current
    assert Document.objects.get(pk=one.document_id).status == DocumentStatus.GOLD
    assert disputed_gold().get().pk == one.pk
    view = claim_task(user=cast.senior, task_id=task.pk)
    assert view.task.prediction is not None
    assert view.task.prediction.record == one.record
    assert task.doubts.filter(name="total").exists()
    sent = read_submission(record={**one.record, "total": "90.00"}, version=0, marks={}, unsure=[], evidence={})
    done = submit(user=cast.senior, task_id=task.pk, submission=sent)
    one.refresh_from_db()
    newer = GoldRecord.objects.get(supersedes=one)
    assert newer.pk == done.gold_id
    assert (one.is_current, newer.supersedes_id, newer.is_current) == (False, one.pk, True)
    assert newer.provenance["total"]["source"] == "reviewed"
    assert newer.provenance["total"]["suspect"] == one.pk
    assert newer.provenance["total"]["change"] == "corrected"
    look_over()
    assert SuspectGold.objects.get(gold=one).state == "settled"
    assert not disputed_gold().filter(pk=one.pk).exists()


def test_who_may_decide_and_what_is_refused(gold: Gold, cast: Cast) -> None:
    one, clear = gold(total="95.00"), gold()
    look_over()
    SuspectGold.objects.filter(gold=clear).update(state="clear")
    with pytest.raises(RoleNeeded):
        say_right(user=cast.biller1, gold_id=one.pk, note="fine")
    with pytest.raises(RoleNeeded):
        send_to_review(user=cast.biller1, gold_id=one.pk)
    for note, code in (("  ", "note_missing"), ("x" * 501, "note_too_long")):
        with pytest.raises(RequestInvalid) as refused:
            say_right(user=cast.senior, gold_id=one.pk, note=note)
        assert refused.value.code == code
    for missing in (clear.pk, 999_999):
        with pytest.raises(SuspectNotFound):
            send_to_review(user=cast.senior, gold_id=missing)
    say_right(user=cast.senior, gold_id=one.pk, note="It says so.")
    with pytest.raises(SuspectDecided):
        send_to_review(user=cast.admin, gold_id=one.pk)
    assert not LabelingTask.objects.filter(kind="review").exists()


def test_a_document_that_is_being_labeled_blind_is_left_alone(gold: Gold) -> None:
    one = gold(total="95.00")
    LabelingTask.objects.create(document=one.document, kind="second_label", side=0)
    assert look_over() == 0
    assert not SuspectGold.objects.exists()
