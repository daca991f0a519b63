"""Fix once: whom it is offered, what it changes, and that one step takes it back."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from invoices.models import Document, Prediction, Vendor, VendorAlias
from labeling.annotation import submit
from labeling.assignment.claims import claim_task
from labeling.corrections.applying import apply, undo
from labeling.corrections.offers import Offer, offers_for
from labeling.errors import CorrectionNotFound, GoldNotFound, RequestInvalid
from labeling.models import Correction, LabelingTask, TaskKind, TaskPurpose
from labeling.sampling import open_task
from labeling.submission import read_submission
from tests.conftest import Cast
from tests.labeling.conftest import RECORD, prediction_fields

pytestmark = pytest.mark.django_db
Make = Callable[..., LabelingTask]


@pytest.fixture
def make(make_document: Callable[..., Document]) -> Make:
    """An open task whose pre-fill read the date of ``printed`` month first and the vendor's name as ``name``."""

    def build(*, printed: str = "03/04/2026", date: str = "2026-03-04", name: str = "Apex Infusion", **document: Any) -> LabelingTask:
        made = make_document(prefill=False, **document)
        record = copy.deepcopy(RECORD) | {"date": date}
        record["vendor"]["name"] = name
        fields = [{**field, "raw": printed} if field["path"] == "date" else field for field in prediction_fields(record)]
        Prediction.objects.create(document=made, model_id="template:test", record=record, fields=fields, checks=[], route="review")
        return LabelingTask.objects.get(pk=open_task(made.pk))

    return build


def label(cast: Cast, task: LabelingTask, **changes: Any) -> int:
    """The biller labels it with other header values; answers the gold record."""
    assert task.prediction is not None
    record = copy.deepcopy(task.prediction.record)
    for path, value in changes.items():
        if path == "vendor":
            record["vendor"]["name"] = value
        else:
            record[path] = value
    claim_task(user=cast.biller1, task_id=task.pk)
    submission = read_submission(record=record, version=0, marks={}, unsure=[], evidence={})
    done = submit(user=cast.biller1, task_id=task.pk, submission=submission)
    assert done.gold_id is not None
    return done.gold_id


def offered(cast: Cast, gold: int, before: int | None = None) -> Offer:
    (offer,) = offers_for(user=cast.biller1, gold_id=gold, vendor_before=before)
    return offer


def test_the_order_of_dates_is_offered_to_the_vendors_open_documents(cast: Cast, make: Make) -> None:
    labeled, same, other_way, unambiguous, other_vendor = (
        make(),
        make(printed="05/06/2026", date="2026-05-06"),
        make(printed="05/06/2026", date="2026-06-05"),
        make(printed="05/16/2026", date="2026-05-16"),
        make(vendor="Zenith"),
    )
    offer = offered(cast, label(cast, labeled, date="2026-04-03"))
    assert (offer.kind, offer.before, offer.after) == ("date_order", "month first", "day first")
    assert [candidate.document.pk for candidate in offer.candidates] == [same.document_id]
    (change,) = offer.candidates[0].changes
    assert (change.path, change.before, change.after) == ("date", "2026-05-06", "2026-06-05")
    assert {other_way.pk, unambiguous.pk, other_vendor.pk}.isdisjoint({candidate.document.pk for candidate in offer.candidates})


def test_a_name_that_the_person_corrected_is_offered_to_those_that_were_read_alike(cast: Cast, make: Make) -> None:
    apex = Vendor.objects.create(name="Apex Infusion", status="confirmed")
    VendorAlias.objects.create(vendor=apex, name="Apex Infusion", key="apexinfusion")
    labeled = make(name="Therapy where you live", vendor="Therapy where you live")
    alike = make(name="THERAPY WHERE YOU LIVE", vendor="Therapy where you live")
    other = make(name="Zenith", vendor="Zenith")
    Vendor.objects.filter(name="Therapy where you live").update(status="proposed")
    before = labeled.document.vendor_id
    gold = label(cast, labeled, vendor="Apex Infusion")
    offer = offered(cast, gold, before)
    assert [candidate.document.pk for candidate in offer.candidates] == [alike.document_id]
    assert [(c.path, c.after) for c in offer.candidates[0].changes] == [("vendor", "Apex Infusion"), ("vendor.name", "Apex Infusion")]
    done = apply(user=cast.biller1, gold_id=gold, kind="alias", documents=[alike.document_id, other.document_id], vendor_before=before)
    alike.document.refresh_from_db()
    other.document.refresh_from_db()
    assert alike.document.vendor == apex
    assert other.document.vendor != apex
    assert VendorAlias.objects.get(name=done.alias).vendor == apex
    undo(user=cast.biller1, correction_id=done.pk)
    alike.document.refresh_from_db()
    assert alike.document.vendor_id == before
    assert not VendorAlias.objects.filter(name=done.alias).exists()


def test_applied_it_is_a_new_pre_fill_and_undone_the_earlier_one(cast: Cast, make: Make) -> None:
    labeled, task = make(), make(printed="05/06/2026", date="2026-05-06")
    gold = label(cast, labeled, date="2026-04-03")
    before = task.prediction
    assert before is not None
    done = apply(user=cast.biller1, gold_id=gold, kind="date_order", documents=[task.document_id])
    task.refresh_from_db()
    newest = task.document.predictions.order_by("-pk")[0]
    assert task.prediction == newest != before
    assert newest.record["date"] == "2026-06-05"
    assert next(field for field in newest.fields if field["path"] == "date")["note"].startswith("Order of dates corrected as on")
    assert Prediction.objects.get(pk=before.pk).record["date"] == "2026-05-06"
    assert offers_for(user=cast.biller1, gold_id=gold) == []
    undone = undo(user=cast.biller1, correction_id=done.pk)
    assert (undone.restored, undone.left) == (1, 0)
    task.refresh_from_db()
    assert task.prediction is not None
    newest = task.document.predictions.order_by("-pk")[0]
    assert task.prediction.record == newest.record == before.record
    assert undo(user=cast.biller1, correction_id=done.pk) == undone
    assert len(offers_for(user=cast.biller1, gold_id=gold)) == 1


def test_blind_pairs_work_and_tests_are_never_touched(cast: Cast, make: Make) -> None:
    labeled = make()
    paired, drawn, held, test, free = (make(printed="05/06/2026", date="2026-05-06") for _ in range(5))
    LabelingTask.objects.create(document=paired.document, kind=TaskKind.SECOND_LABEL, prediction=paired.prediction)
    LabelingTask.objects.filter(pk=drawn.pk).update(drawn_for="double")
    LabelingTask.objects.filter(pk=test.pk).update(purpose=TaskPurpose.ONBOARDING)
    claim_task(user=cast.biller2, task_id=held.pk)
    gold = label(cast, labeled, date="2026-04-03")
    assert [candidate.document.pk for candidate in offered(cast, gold).candidates] == [free.document_id]
    everything = [task.document_id for task in (paired, drawn, held, test, free)]
    done = apply(user=cast.biller1, gold_id=gold, kind="date_order", documents=everything)
    assert list(done.items.values_list("document", flat=True)) == [free.document_id]
    for task in (paired, drawn, held, test):
        assert task.document.predictions.count() == 1


def test_what_was_begun_meanwhile_keeps_the_correction(cast: Cast, make: Make) -> None:
    labeled, task = make(), make(printed="05/06/2026", date="2026-05-06")
    gold = label(cast, labeled, date="2026-04-03")
    done = apply(user=cast.biller1, gold_id=gold, kind="date_order", documents=[task.document_id])
    claim_task(user=cast.biller2, task_id=task.pk)
    undone = undo(user=cast.senior, correction_id=done.pk)
    assert (undone.restored, undone.left) == (0, 1)
    task.refresh_from_db()
    assert task.prediction is not None
    assert task.prediction.record["date"] == "2026-06-05"


def test_it_is_for_who_confirmed_the_record_and_for_seniors(cast: Cast, make: Make) -> None:
    labeled, task = make(), make(printed="05/06/2026", date="2026-05-06")
    gold = label(cast, labeled, date="2026-04-03")
    with pytest.raises(GoldNotFound):
        offers_for(user=cast.biller2, gold_id=gold)
    with pytest.raises(GoldNotFound):
        apply(user=cast.biller2, gold_id=gold, kind="date_order", documents=[task.document_id])
    done = apply(user=cast.senior, gold_id=gold, kind="date_order", documents=[task.document_id])
    with pytest.raises(CorrectionNotFound):
        undo(user=cast.biller1, correction_id=done.pk)
    with pytest.raises(RequestInvalid):
        apply(user=cast.senior, gold_id=gold, kind="date_order", documents=[task.document_id])
    assert Correction.objects.count() == 1


def test_an_unchanged_label_offers_nothing(cast: Cast, make: Make) -> None:
    labeled = make()
    make(printed="05/06/2026", date="2026-05-06")
    assert offers_for(user=cast.biller1, gold_id=label(cast, labeled)) == []


def test_an_offer_costs_the_same_statements_for_many_documents(cast: Cast, make: Make) -> None:
    labeled = make()
    make(printed="05/06/2026", date="2026-05-06")
    gold = label(cast, labeled, date="2026-04-03")
    with CaptureQueriesContext(connection) as few:
        offered(cast, gold)
    for _ in range(12):
        make(printed="05/06/2026", date="2026-05-06")
    with CaptureQueriesContext(connection) as more:
        assert len(offered(cast, gold).candidates) == 13
    assert len(more) == len(few) <= 12


def test_through_the_api(cast: Cast, client_of: Any, make: Make) -> None:
    labeled, task = make(), make(printed="05/06/2026", date="2026-05-06")
    gold = label(cast, labeled, date="2026-04-03")
    api = client_of(cast.biller1)
    (offer,) = api.get(f"/api/v1/corrections/?gold={gold}").json()["offers"]
    assert offer["page"] == f"/corrections/{gold}/date_order/"
    assert offer["documents"][0]["changes"] == [{"path": "date", "before": "2026-05-06", "after": "2026-06-05"}]
    wanted = {"gold": gold, "kind": "date_order", "documents": [task.document_id]}
    assert client_of(cast.biller2).post("/api/v1/corrections/", wanted, format="json").status_code == 404
    done = api.post("/api/v1/corrections/", wanted, format="json").json()
    assert done["documents"] == 1
    assert client_of(cast.biller2).post(f"/api/v1/corrections/{done['id']}/undo/").status_code == 404
    assert api.post(f"/api/v1/corrections/{done['id']}/undo/").json() == {"restored": 1, "left": 0}
