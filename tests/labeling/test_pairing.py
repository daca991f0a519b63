"""From two submissions to an agreement, an adjudication or a third label; sampling and what it opens."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from invoices.models import Document, DocumentStatus, Prediction, User
from labeling.annotation import Submitted
from labeling.annotation import submit as submit_record
from labeling.assignment.claims import claim_next, claim_task
from labeling.errors import TaskNotFound
from labeling.models import (
    Adjudication,
    Agreement,
    Annotation,
    Difference,
    Draw,
    GoldRecord,
    LabelingPolicy,
    LabelingTask,
    TaskKind,
)
from labeling.sampling import open_document_ids, open_task
from labeling.seeding import seeded_record
from labeling.signals import gold_recorded
from labeling.submission import read_submission
from labeling.task_view import is_for
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
Pair = tuple[LabelingTask, LabelingTask]


def policy(**values: Any) -> LabelingPolicy:
    nothing = {"double_share": 0, "new_vendor_share": 0, "new_biller_share": 0, "audit_share": 0, "hidden_share": 0}
    return LabelingPolicy.objects.create(**{**nothing, **values})


def person_for(task: LabelingTask, cast: Cast) -> User:
    return next(user for user in (cast.biller1, cast.biller2) if is_for(task, user))


def submit(task: LabelingTask, user: User, record: dict[str, Any]) -> Submitted:
    claim_task(user=user, task_id=task.pk)
    submission = read_submission(record=record, version=0, marks={}, unsure=[], evidence={})
    return submit_record(user=user, task_id=task.pk, submission=submission)


def seeded_label(task: LabelingTask, record: dict[str, Any]) -> dict[str, Any]:
    """The label of somebody who lets the wrong value of the task stand."""
    return seeded_record(record, task.seeded)


@pytest.fixture
def make_pair(cast: Cast, make_document: Callable[..., Document]) -> Callable[..., Pair]:
    def make(**values: Any) -> Pair:
        policy(**{"double_share": 1, **values})
        document = make_document()
        open_task(document.pk)
        return LabelingTask.objects.get(document=document, kind="label"), LabelingTask.objects.get(document=document, kind="second_label")

    return make


def test_two_labels_that_agree_are_gold_with_both_names(make_pair: Any, cast: Cast, record: dict[str, Any]) -> None:
    announced: list[int] = []

    def note(gold_id: int, **_: Any) -> None:
        announced.append(gold_id)

    gold_recorded.connect(note)
    try:
        first, second = make_pair()
        one, other = person_for(first, cast), person_for(second, cast)
        assert submit(second, other, record) == Submitted(Annotation.objects.get().pk, None, "prefilled")
        assert not announced
        done = submit(first, one, {**record, "vendor": {**record["vendor"], "address": "12 ELM ST., DAYTON, OH"}})
    finally:
        gold_recorded.disconnect(note)
    assert done.document_status == "gold"
    gold = GoldRecord.objects.get()
    assert announced == [gold.pk] == [done.gold_id]
    assert gold.provenance["total"] == {"source": "agreed", "by": one.pk, "also_by": other.pk, "model_id": "template:test"}
    agreement = Agreement.objects.get()
    assert (agreement.first_author_id, agreement.second_author_id) == (one.pk, other.pk), "in the order of the tasks, not of the submits"
    assert agreement.critical
    assert not Adjudication.objects.exists(), "a difference in form alone closes itself"
    with pytest.raises(TypeError):
        agreement.save()


def test_what_each_person_had_before_them_is_kept(make_pair: Any, cast: Cast, record: dict[str, Any]) -> None:
    first, second = make_pair(hidden_share=1)
    assert second.hides_prefill
    assert second.prediction is None
    assert first.prediction is not None
    submit(first, person_for(first, cast), record)
    submit(second, person_for(second, cast), record)
    assert (Agreement.objects.get().first_prefill, Agreement.objects.get().second_prefill) == ("unchanged", "hidden")


def test_a_disagreement_is_put_before_a_senior_and_makes_no_gold(make_pair: Any, cast: Cast, record: dict[str, Any]) -> None:
    first, second = make_pair()
    wrong = copy.deepcopy(record) | {"total": "9.00"}
    wrong["line_items"] = wrong["line_items"][:1]
    submit(first, person_for(first, cast), record)
    done = submit(second, person_for(second, cast), wrong)
    assert (done.gold_id, done.document_status) == (None, "labeled")
    adjudication = Adjudication.objects.get()
    assert adjudication.state == Adjudication.State.OPEN
    assert adjudication.task is not None
    assert adjudication.task.kind == TaskKind.ADJUDICATE
    found = {difference.name: difference for difference in adjudication.differences.all()}
    assert set(found) == {"total", "line_items"}
    total = found["total"]
    assert (total.value_first, total.value_second, total.value_machine, total.critical, total.choice) == (
        "90.00",
        "9.00",
        "90.00",
        True,
        "",
    )
    assert found["line_items"].cause == found["line_items"].cause_typed == "row"
    assert json.loads(found["line_items"].value_machine or "")["cpt_code"] == "96365"
    assert not GoldRecord.objects.exists()
    for user in (cast.biller1, cast.biller2):
        with pytest.raises(TaskNotFound):
            claim_task(user=user, task_id=adjudication.task.pk)


def test_form_alone_beside_a_real_difference_is_settled_already(make_pair: Any, cast: Cast, record: dict[str, Any]) -> None:
    first, second = make_pair()
    submit(first, person_for(first, cast), record)
    submit(second, person_for(second, cast), {**record, "total": "9.00", "invoice_number": "INV1001"})
    adjudication = Adjudication.objects.get()
    letter = "a" if adjudication.a_is_first else "b"
    number = Difference.objects.filter(name="invoice_number").first()
    if number is not None:
        assert (number.cause, number.choice, number.value, number.settled_by) == ("format", letter, "INV-1001", None)
    assert Difference.objects.get(name="total").choice == ""


def test_policy_asks_for_a_third_label_by_somebody_else(make_pair: Any, cast: Cast, record: dict[str, Any]) -> None:
    first, second = make_pair(third_label_from=1)
    submit(first, person_for(first, cast), record)
    done = submit(second, person_for(second, cast), {**record, "total": "9.00"})
    assert done.document_status == "prefilled", "the third one is blind too"
    adjudication = Adjudication.objects.get()
    assert (adjudication.state, adjudication.task) == (Adjudication.State.WAITING, None)
    third = LabelingTask.objects.get(kind="second_label", ordinal=2)
    for user in (cast.biller1, cast.biller2):
        assert claim_next(user=user) is None
        with pytest.raises(TaskNotFound):
            claim_task(user=user, task_id=third.pk)
    submit(third, cast.senior, record)
    adjudication.refresh_from_db()
    assert adjudication.state == Adjudication.State.OPEN
    assert adjudication.third is not None
    assert adjudication.third.author == cast.senior
    assert adjudication.task is not None
    assert Agreement.objects.get().second.author != cast.senior, "the pair stays the first two"


def test_the_same_person_never_gets_both(make_pair: Any, cast: Cast, record: dict[str, Any]) -> None:
    first, second = make_pair()
    one = person_for(first, cast)
    LabelingTask.objects.update(side=-1)
    claim_task(user=one, task_id=first.pk)
    with pytest.raises(TaskNotFound):
        claim_task(user=one, task_id=second.pk)
    assert claim_next(user=one, prefetch=True, current=first.pk) is None
    submit(first, one, record)
    assert claim_next(user=one) is None
    assert claim_next(user=person_for(second, cast) if person_for(second, cast) != one else cast.biller2) is not None


def test_a_pair_is_opened_once_and_keeps_its_draws(cast: Cast, make_document: Any) -> None:
    policy(double_share=1, hidden_share=0.5)
    documents = [make_document() for _ in range(10)]
    for _ in range(2):
        for document in documents:
            open_task(document.pk)
    assert LabelingTask.objects.count() == 20
    assert Draw.objects.filter(what="double").count() == 10
    assert LabelingTask.objects.filter(hides_prefill=True).count() == 5
    assert all(task.prediction is None for task in LabelingTask.objects.filter(hides_prefill=True))


def test_strata_get_their_share_exactly(cast: Cast, make_document: Any) -> None:
    policy(double_share=0.1)
    for vendor in ("Apex Infusion", "Borealis Home Care"):
        for _ in range(20):
            open_task(make_document(vendor=vendor).pk)
    for vendor in ("Apex Infusion", "Borealis Home Care"):
        assert LabelingTask.objects.filter(kind="second_label", document__vendor__name=vendor).count() == 2


def test_the_first_documents_of_a_vendor_have_their_own_share(cast: Cast, make_document: Any) -> None:
    policy(double_share=0, new_vendor_share=1, new_vendor_documents=3)
    for _ in range(5):
        open_task(make_document().pk)
    assert list(LabelingTask.objects.filter(kind="second_label").values_list("drawn_for", flat=True)) == ["new_vendor"] * 3


def test_with_one_person_there_is_no_second_label(make_document: Any) -> None:
    User.objects.create_user("alone")
    policy(double_share=1)
    open_task(make_document().pk)
    assert LabelingTask.objects.count() == 1


def test_a_new_person_is_checked_by_somebody_else(cast: Cast, make_document: Any, record: dict[str, Any]) -> None:
    policy(new_biller_share=1, new_biller_documents=2)
    tasks = [LabelingTask.objects.get(pk=open_task(make_document().pk)) for _ in range(3)]
    for task in tasks[:2]:
        assert submit(task, cast.biller1, record).gold_id is None
    assert submit(tasks[2], cast.biller1, record).gold_id is not None, "the third is not one of the first two"
    seconds = list(LabelingTask.objects.filter(kind="second_label").order_by("pk"))
    assert [task.drawn_for for task in seconds] == ["new_biller"] * 2
    assert [task.created_at for task in seconds] == [task.created_at for task in tasks[:2]], "as old as the first"
    assert claim_next(user=cast.biller1) is None
    done = submit(seconds[0], cast.biller2, record)
    assert done.gold_id is not None


def test_templates_do_not_fill_in_again_what_is_labeled_twice(make_pair: Any, make_document: Any) -> None:
    first, _ = make_pair()
    policy()
    single = make_document()
    open_task(single.pk)
    assert first.document.vendor_id is not None
    assert open_document_ids(first.document.vendor_id) == [single.pk]


def test_a_better_pre_fill_is_for_both_or_for_neither(make_pair: Any, cast: Cast) -> None:
    first, second = make_pair()

    def read(name: str) -> Prediction:
        made = Prediction.objects.create(document=first.document, model_id=name, record={}, fields=[], route="review")
        open_task(first.document_id)
        return made

    better = read("model-1+template:x")
    assert set(LabelingTask.objects.values_list("prediction", flat=True)) == {better.pk}
    claim_task(user=person_for(second, cast), task_id=second.pk)
    read("model-2+template:x")
    assert set(LabelingTask.objects.values_list("prediction", flat=True)) == {better.pk}


def certified(folder: Path) -> str:
    passed = {
        "certified": True,
        "precision": 0.95,
        "confidence": 0.95,
        "threshold": 0.8,
        "count": 100,
        "accepted": 60,
        "right": 1.0,
        "bound": 0.95,
    }
    (folder / "thresholds.json").write_text(json.dumps({"accepted": passed, "review": None}), encoding="utf-8")
    return str(folder)


@pytest.mark.parametrize(("share", "kinds"), [(0, []), (1, ["audit"])])
def test_what_a_certified_model_accepts_needs_nobody_but_an_audit(
    cast: Cast, make_document: Any, client_of: Any, settings: Any, tmp_path: Path, share: float, kinds: list[str], record: dict[str, Any]
) -> None:
    settings.MODEL = certified(tmp_path)
    policy(audit_share=share)
    document = make_document(prefill=False)
    open_task(document.pk)
    Prediction.objects.create(document=document, model_id="countersign-1+template:x", record=record, fields=[], route="accepted")
    open_task(document.pk)
    open_task(document.pk)
    assert list(LabelingTask.objects.filter(state="open").values_list("kind", flat=True)) == kinds
    document.refresh_from_db()
    assert document.status == DocumentStatus.PREFILLED
    assert not GoldRecord.objects.exists()
    route = client_of(cast.biller1).get(f"/api/v1/documents/{document.pk}/prediction/").json()["route"]
    assert route == (None if kinds else "accepted"), "whoever may audit it is not told that it was accepted"
    view = claim_next(user=cast.biller1)
    assert (view is not None) == bool(kinds)
    if view is not None:
        done = submit(view.task, cast.biller1, record)
        assert GoldRecord.objects.filter(pk__in=[done.gold_id]).get().provenance["total"]["source"] == "audited"


@pytest.mark.parametrize(("route", "kind"), [("review", "review"), ("flagged", "label")])
def test_with_a_certified_model_the_route_says_who_looks(
    cast: Cast, make_document: Any, settings: Any, tmp_path: Path, route: str, kind: str
) -> None:
    settings.MODEL = certified(tmp_path)
    document = make_document(prefill=False)
    Prediction.objects.create(document=document, model_id="countersign-1+template:x", record={}, fields=[], route=route)
    open_task(document.pk)
    assert LabelingTask.objects.get().kind == kind
    assert (claim_next(user=cast.biller1) is None) == (kind == "review")
    found = claim_next(user=cast.senior, kind=kind)
    assert (found is not None) == (kind == "review")


def test_without_a_certificate_everything_is_labeled(cast: Cast, make_document: Any, settings: Any) -> None:
    settings.MODEL = "none"
    document = make_document(prefill=False)
    Prediction.objects.create(document=document, model_id="countersign-1+template:x", record={}, fields=[], route="accepted")
    open_task(document.pk)
    assert LabelingTask.objects.get().kind == "label"


def test_a_wrong_value_that_is_caught_is_gold_and_one_let_through_is_not(cast: Cast, make_document: Any, record: dict[str, Any]) -> None:
    policy(seeded_share=1)
    caught, missed = (LabelingTask.objects.get(pk=open_task(make_document().pk)) for _ in range(2))
    for task in (caught, missed):
        (values,) = task.seeded.values()
        assert values["right"] != values["wrong"]
    assert submit(caught, cast.biller1, record).gold_id is not None
    assert submit(missed, cast.biller1, seeded_label(missed, record)).gold_id is None
    second = LabelingTask.objects.get(kind="second_label")
    assert (second.drawn_for, second.seeded) == ("seed_missed", {})
    submit(second, cast.biller2, record)
    assert Adjudication.objects.count() == 1


def test_a_seeded_value_is_shown_everywhere_as_the_pre_fill(cast: Cast, make_document: Any, client_of: Any) -> None:
    policy(seeded_share=1)
    task = LabelingTask.objects.get(pk=open_task(make_document().pk))
    ((path, values),) = task.seeded.items()
    api = client_of(cast.biller1)
    body = api.post("/api/v1/tasks/claim/", {}, format="json").json()["prediction"]
    field = next(field for field in body["fields"] if field["path"] == path)
    assert (field["value"], field["confidence"]) == (values["wrong"], 0.9)
    seen = api.get(f"/api/v1/documents/{task.document_id}/prediction/").json()
    assert (seen["record"], seen["fields"]) == (body["record"], body["fields"])
    others = client_of(cast.biller2).get(f"/api/v1/documents/{task.document_id}/prediction/").json()
    assert others["record"] == body["record"], "whoever might still get it sees the same"
    assert api.post(f"/api/v1/tasks/{task.pk}/release/", {}, format="json").status_code == 204
    assert api.get(f"/api/v1/documents/{task.document_id}/prediction/").json()["record"] == body["record"], "given back, it is not known"


def test_a_hidden_pre_fill_is_shown_nowhere_to_who_labels_without_it(make_pair: Any, cast: Cast, client_of: Any, client: Any) -> None:
    first, second = make_pair(hidden_share=1)
    labeler = person_for(second, cast)
    api = client_of(labeler)
    assert api.get(f"/api/v1/documents/{second.document_id}/prediction/").status_code == 404, "nor to who only looks, and takes it then"
    assert api.post("/api/v1/tasks/claim/", {"task": second.pk}, format="json").json()["prediction"] is None
    assert api.get(f"/api/v1/documents/{second.document_id}/prediction/").status_code == 404
    assert api.post(f"/api/v1/tasks/{second.pk}/release/", {}, format="json").status_code == 204
    assert api.get(f"/api/v1/documents/{second.document_id}/prediction/").status_code == 404
    other = person_for(first, cast)
    assert client_of(other).get(f"/api/v1/documents/{second.document_id}/prediction/").json()["record"]["total"] == "90.00"
    client.force_login(labeler)
    for address in (f"/documents/{second.document_id}/", "/documents/", f"/documents/rows/?ids={second.document_id}"):
        page = client.get(address).content.decode()
        assert "INV-1001" not in page
        assert "90.00" not in page


def test_a_new_persons_submit_says_what_each_statement_is_for(cast: Cast, make_document: Any, record: dict[str, Any]) -> None:
    """A single label under a policy that draws for new people costs one statement more: how many they have done."""
    policy(new_biller_share=0.3, new_biller_documents=0)
    task = LabelingTask.objects.get(pk=open_task(make_document().pk))
    claim_task(user=cast.biller1, task_id=task.pk)
    submission = read_submission(record=record, version=0, marks={}, unsure=[], evidence={})
    with CaptureQueriesContext(connection) as statements:
        submit_record(user=cast.biller1, task_id=task.pk, submission=submission)
    work = [q["sql"] for q in statements.captured_queries if not q["sql"].lstrip().startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))]
    assert len([sql for sql in work if "workers_job" not in sql]) <= 7, work
