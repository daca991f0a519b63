"""Gold tests: who gets which, how often, and that it can be repeated."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record_read
from invoices.models import User, Veil
from labeling.annotation import Submitted, submit
from labeling.assignment.claims import claim_next
from labeling.draws import is_drawn
from labeling.models import Agreement, GoldRecord, KnownDocument, LabelingPolicy, LabelingTask, TaskSkip, Trial
from labeling.submission import read_submission
from labeling.trials.choosing import material_for
from labeling.trials.handing_out import hand_out, prepare_tests, reserve
from tests.labeling.conftest import RECORD

pytestmark = pytest.mark.django_db


def work(user: User, record: dict[str, Any] | None = None) -> tuple[LabelingTask, Submitted] | None:
    """The next task, submitted."""
    view = claim_next(user=user)
    if view is None:
        return None
    sent = read_submission(record=record or RECORD, version=0, marks={}, unsure=[], evidence={})
    return view.task, submit(user=user, task_id=view.task.pk, submission=sent)


def test_without_a_share_nothing_happens(cast: Any, settle: Any, make_task: Any) -> None:
    settle()
    make_task()
    assert work(cast.biller1) is not None
    assert prepare_tests() == 0
    assert not Trial.objects.exists()


def test_documents_are_put_by_before_they_are_needed(cast: Any, settle: Any, tests_on: Any) -> None:
    golds = [settle() for _ in range(4)]
    assert prepare_tests() == 0
    kept = Trial.objects.filter(person=cast.biller1)
    assert {trial.state for trial in kept} == {"reserved"}
    assert kept.count() == Veil.objects.filter(person=cast.biller1).count() == 2
    assert {trial.document_id for trial in kept} <= {gold.document_id for gold in golds}
    assert not Trial.objects.exclude(person=cast.biller1).exists(), "the other two labeled them, an admin is never tested"
    prepare_tests()
    assert kept.count() == 2


def test_the_share_of_a_persons_work_is_tests_and_each_draw_can_be_repeated(
    cast: Any, settle: Any, make_task: Any, tests_on: LabelingPolicy
) -> None:
    for _ in range(12):
        settle()
    for _ in range(12):
        make_task()
    prepare_tests()
    purposes = []
    for _ in range(20):
        done = work(cast.biller1)
        assert done is not None
        purposes.append(done[0].purpose)
        prepare_tests()
    assert purposes.count("gold_test") in (9, 10), purposes
    drawn = [
        is_drawn(seed=tests_on.seed, what="gold_test", stratum=f"person {cast.biller1.pk}", position=n, share=0.5) for n in range(1, 20)
    ]
    assert [purpose == "gold_test" for purpose in purposes[1:]] == drawn
    trials = list(Trial.objects.filter(person=cast.biller1, state="judged"))
    assert len({trial.document_id for trial in trials}) == len(trials)
    assert all((trial.share, trial.seed, trial.policy_id) == (0.5, tests_on.seed, tests_on.pk) for trial in trials)


def test_a_test_makes_no_gold_moves_no_document_and_is_judged(cast: Any, settle: Any, tests_on: Any) -> None:
    gold = settle(total="95.00")
    prepare_tests()
    trial = Trial.objects.get(person=cast.biller1)
    hand_out(trial)
    done = work(cast.biller1, {**RECORD, "total": "1.00", "invoice_number": "X"})
    assert done is not None
    assert (done[1].gold_id, done[1].document_status) == (None, "prefilled")
    trial.refresh_from_db()
    assert (trial.state, trial.exact, trial.wrong, trial.truth_id) == ("judged", False, ["invoice_number", "total"], gold.pk)
    assert GoldRecord.objects.get().pk == gold.pk
    gold.document.refresh_from_db()
    assert gold.document.status == "gold"
    again = read_submission(record={**RECORD, "total": "1.00", "invoice_number": "X"}, version=0, marks={}, unsure=[], evidence={})
    assert submit(user=cast.biller1, task_id=done[0].pk, submission=again) == done[1]


def test_never_what_the_person_has_seen_in_any_way(cast: Any, settle: Any, make_document: Any, tests_on: Any) -> None:
    opened, own, sent_in, fresh = (settle(make_document()) for _ in range(4))
    record_read(Action.DOCUMENT_OPENED, actor=cast.biller1, object=Target("document", opened.document_id))
    LabelingTask.objects.filter(document=own.document, kind="label").update(assignee=cast.biller1)
    type(sent_in.document).objects.filter(pk=sent_in.document_id).update(uploaded_by=cast.biller1)
    assert [one.gold.pk for one in material_for(cast.biller1)] == [fresh.pk]


def test_a_single_label_is_no_truth_to_be_tested_with_unless_a_senior_says_so(cast: Any, settle: Any, tests_on: Any) -> None:
    gold = settle()
    Agreement.objects.all().delete()
    assert material_for(cast.biller1) == []
    KnownDocument.objects.create(document=gold.document, purpose="gold_test", by=cast.senior)
    assert [one.gold.pk for one in material_for(cast.biller1)] == [gold.pk]


def test_what_is_shown_is_the_reading_from_before_anybody_labeled_it(cast: Any, settle: Any, tests_on: Any) -> None:
    gold = settle()
    first = gold.document.predictions.get()
    learned = {**RECORD, "total": "95.00"}
    gold.document.predictions.create(model_id="template:learned", record=learned, fields=[], route="review")
    assert [one.prediction.pk for one in material_for(cast.biller1)] == [first.pk]


def test_a_document_whose_vendor_the_label_corrected_would_tell_and_is_left_out(cast: Any, settle: Any, make_document: Any) -> None:
    from invoices.models import Vendor

    gold = settle()
    assert len(material_for(cast.biller1)) == 1
    type(gold.document).objects.filter(pk=gold.document_id).update(vendor=Vendor.objects.create(name="Somebody else"))
    assert material_for(cast.biller1) == []


def test_the_database_refuses_the_same_document_for_the_same_person(cast: Any, settle: Any, tests_on: Any) -> None:
    settle()
    one = material_for(cast.biller1)[0]
    reserve(cast.biller1, one, "gold_test")  # type: ignore[arg-type]
    with pytest.raises(IntegrityError), transaction.atomic():
        reserve(cast.biller1, one, "onboarding")  # type: ignore[arg-type]


def test_nobody_else_gets_sees_or_counts_it(cast: Any, settle: Any, tests_on: Any, client_of: Any) -> None:
    settle()
    prepare_tests()
    task = hand_out(Trial.objects.get(person=cast.biller1))
    for other in (cast.biller2, cast.senior, cast.admin):
        api = client_of(other)
        assert claim_next(user=other) is None
        assert api.post("/api/v1/tasks/claim/", {"task": task.pk}, format="json").status_code == 404
        assert api.get(f"/api/v1/tasks/{task.pk}/").status_code == 404
        assert task.pk not in [row["id"] for row in api.get("/api/v1/tasks/?page_size=200").json()["results"]]
        assert api.get("/api/v1/tasks/counters/").json()["left"] == 0
    assert client_of(cast.biller1).get("/api/v1/tasks/counters/").json()["left"] == 1
    assert claim_next(user=cast.biller1) is not None


def test_what_was_put_by_goes_back_when_tests_are_switched_off(cast: Any, settle: Any, tests_on: LabelingPolicy) -> None:
    settle()
    prepare_tests()
    assert Trial.objects.count() == Veil.objects.count() == 1
    LabelingPolicy.objects.create(test_share=0)
    prepare_tests()
    assert not Trial.objects.exists()
    assert not Veil.objects.exists()


def test_a_test_that_its_person_skips_is_over(cast: Any, settle: Any, tests_on: Any, client_of: Any) -> None:
    settle()
    prepare_tests()
    task = hand_out(Trial.objects.get())
    api = client_of(cast.biller1)
    api.post("/api/v1/tasks/claim/", {}, format="json")
    assert api.post(f"/api/v1/tasks/{task.pk}/skip/", {"reason": "illegible"}, format="json").status_code == 204
    prepare_tests()
    assert api.post("/api/v1/tasks/claim/", {}, format="json").status_code == 204
    assert api.get("/api/v1/tasks/counters/").json()["left"] == 1, "as a skipped document that somebody else has to take up"
    TaskSkip.objects.update(created_at=timezone.now() - dt.timedelta(days=3))
    prepare_tests()
    task.refresh_from_db()
    assert (Trial.objects.get().state, task.state) == ("skipped", "withdrawn")
    assert api.get(f"/api/v1/documents/{task.document_id}/").json()["status"] == "prefilled"


def test_a_test_whose_truth_was_taken_back_is_not_judged(cast: Any, settle: Any, tests_on: Any) -> None:
    gold = settle()
    prepare_tests()
    hand_out(Trial.objects.get(person=cast.biller1))
    GoldRecord.objects.filter(pk=gold.pk).update(is_current=False)
    done = work(cast.biller1)
    assert done is not None
    assert (done[1].gold_id, done[1].document_status) == (None, "prefilled")
    trial = Trial.objects.get(person=cast.biller1)
    assert (trial.state, trial.exact, trial.truth) == ("void", None, None)


def test_who_is_no_biller_any_more_is_tested_no_more(cast: Any, settle: Any, tests_on: Any) -> None:
    settle()
    settle()
    prepare_tests()
    task = hand_out(Trial.objects.filter(person=cast.biller1).order_by("pk")[0])
    User.objects.filter(pk=cast.biller1.pk).update(role="senior")
    prepare_tests()
    task.refresh_from_db()
    assert task.state == "withdrawn"
    assert list(Trial.objects.filter(person=cast.biller1).values_list("state", flat=True)) == ["skipped"]
