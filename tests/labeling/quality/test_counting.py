"""What is stored equals what mlcore says of the raw labels: after new labels, lifted blindness, replaced and withdrawn truths."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from invoices.models import Document, User
from labeling.adjudication.grouping import reopen, undo_ruling
from labeling.assignment.claims import claim_task
from labeling.assignment.leaving import skip
from labeling.models import (
    Adjudication,
    Annotation,
    CountedLabel,
    GoldRecord,
    LabelingTask,
    QualityPeriod,
    QualityState,
    QualitySums,
    Ruling,
    SkipReason,
    TaskPurpose,
    WrongField,
)
from labeling.quality.changes import columns_of
from labeling.quality.counting import anything_waits, count, count_all, forget, judge_document
from labeling.task_view import is_for
from mlcore.agreement.anchoring import Suggested, anchoring_sums
from mlcore.agreement.people import accuracy_sums
from mlcore.agreement.sums import Sums
from mlcore.record_json import record_from_json
from tests.conftest import Cast
from tests.labeling.settled_pairs import Bench, changed, label, pair_policy, settle

pytestmark = pytest.mark.django_db


def stored(person: User | None, kind: str, *, month: bool = False) -> Sums:
    """The stored sums of all time; those of the months, added up, have to be the same."""
    rows = QualitySums.objects.filter(person=person, kind=kind)
    empty = Sums.empty(columns_of(kind), accuracy_sums([]).poisson)
    total = sum((Sums.from_json(columns_of(kind), row.sums) for row in rows.filter(month=None)), empty)
    assert total == sum((Sums.from_json(columns_of(kind), row.sums) for row in rows.exclude(month=None)), empty)
    return total


def raw(person: User) -> Sums:
    """What mlcore counts of this person's labels of settled pairs, from the records themselves."""
    golds = {gold.document_id: record_from_json(gold.record) for gold in GoldRecord.objects.filter(is_current=True)}
    labels = Annotation.objects.filter(author=person, document__in=golds, document__agreement__isnull=False)
    return accuracy_sums((str(one.document_id), record_from_json(one.record), golds[one.document_id]) for one in labels)


def months(person: User, *, held: bool = False) -> dict[str, int]:
    rows = QualityPeriod.objects.filter(person=person, unit="month", held=held)
    names = ("documents", "reviews", "keystrokes", "kept", "judged", "valued", "exact", "critical_valued", "critical", "unreadable")
    return {name: sum(getattr(row, name) for row in rows) for name in names}


def some_pairs(bench: Bench, cast: Cast) -> list[Document]:
    one, two = cast.biller1, cast.biller2
    return [
        bench.pair({one: {}, two: {}}),
        bench.pair({one: {"total": "95.00"}, two: {}}),
        bench.pair({one: {"invoice_number": "INV-1010", "line_items[0].quantity": "3"}, two: {"date": "2026-04-03"}}),
        bench.pair({one: {}, two: {"line_items[1].cpt_code": "96366", "total": None}}),
    ]


def test_sums_are_what_mlcore_counts_of_the_raw_labels(bench: Bench, cast: Cast) -> None:
    some_pairs(bench, cast)
    assert anything_waits()
    assert count_all() == 8
    assert not anything_waits()
    for person in (cast.biller1, cast.biller2):
        assert stored(person, "pair") == raw(person)
        assert stored(person, "pair").count("documents") == 4
        assert months(person)["judged"] == months(person)["documents"] == 4
        assert months(person)["exact"] == stored(person, "pair").count("exact")
    assert stored(cast.biller1, "pair").count("total:right") == 3
    wrong = set(WrongField.objects.filter(person=cast.biller1).values_list("name", flat=True))
    assert wrong == {"*", "total", "invoice_number", "line_items.quantity"}


def test_counting_again_changes_nothing_and_batches_come_to_the_same(bench: Bench, cast: Cast) -> None:
    documents = some_pairs(bench, cast)
    while count(limit=1):
        pass
    before = [stored(person, "pair") for person in (cast.biller1, cast.biller2)]
    periods = list(QualityPeriod.objects.order_by("pk").values())
    for document in documents:
        judge_document(document.pk)
    assert count_all() == 0
    assert [stored(person, "pair") for person in (cast.biller1, cast.biller2)] == before
    assert before == [raw(person) for person in (cast.biller1, cast.biller2)]
    assert list(QualityPeriod.objects.order_by("pk").values()) == periods


def test_a_label_is_held_until_both_are_in_and_judged_when_it_is_settled(bench: Bench, cast: Cast) -> None:
    document, tasks = bench.open()
    people = (cast.biller1, cast.biller2)
    first = next(user for user in people if is_for(tasks[0], user))
    second = next(user for user in people if user != first)
    label(tasks[0], first, changed(bench.record, {"total": "95.00"}))
    count_all()
    assert months(first, held=True)["documents"] == 1
    assert months(first)["documents"] == 0
    assert not QualitySums.objects.exists()
    label(tasks[1], second, bench.record)
    count_all()
    assert months(first, held=True)["documents"] == 0
    assert months(first)["documents"] == 1
    assert (months(first)["judged"], WrongField.objects.count()) == (0, 0), "both are in, but nothing is settled"
    settle(document, cast.senior, bench.record)
    judge_document(document.pk)
    assert (months(first)["judged"], months(first)["exact"]) == (1, 0)
    assert (months(second)["judged"], months(second)["exact"]) == (1, 1)
    assert stored(first, "pair") == raw(first)


def test_a_truth_that_is_taken_back_takes_its_counts_along_and_another_one_counts_anew(bench: Bench, cast: Cast) -> None:
    some_pairs(bench, cast)
    count_all()
    everything = {person: stored(person, "pair") for person in (cast.biller1, cast.biller2)}
    adjudication = Adjudication.objects.order_by("pk").first()
    assert adjudication is not None
    reopen(user=cast.senior, adjudication_id=adjudication.pk)
    judge_document(adjudication.document_id)
    for person in everything:
        assert stored(person, "pair") == raw(person)
        assert months(person)["judged"] == 3
        assert months(person)["documents"] == 4, "the work was done all the same"
    assert not WrongField.objects.filter(person=cast.biller1, name="total").exists()
    ruling = adjudication.differences.get().ruling
    assert ruling is not None
    undo_ruling(user=cast.senior, ruling_id=ruling.pk)
    settle(adjudication.document, cast.senior, {**bench.record, "total": "95.00"})
    judge_document(adjudication.document_id)
    for person in everything:
        assert stored(person, "pair") == raw(person)
        assert stored(person, "pair") != everything[person], "now the other one of the two was right"
    assert WrongField.objects.filter(person=cast.biller2, name="total", label__annotation__document=adjudication.document).exists()


def test_the_pipeline_judges_when_the_truth_changes(bench: Bench, cast: Cast) -> None:
    from workers.models import Job
    from workers.tasks.housekeeping import ask_for_counting_quality
    from workers.tasks.quality import count_quality, judge_labels

    some_pairs(bench, cast)
    ask_for_counting_quality()
    ask_for_counting_quality()
    assert count_quality(Job.objects.get(kind="count_quality").pk) == "done"
    jobs = Job.objects.filter(kind="judge_labels", status="queued")
    assert jobs.count() == 4
    assert {judge_labels(job.pk) for job in jobs} == {"done"}
    reopen(user=cast.senior, adjudication_id=Adjudication.objects.order_by("pk").values_list("pk", flat=True)[0])
    back = jobs.get()
    assert back.key.endswith(":back")
    assert judge_labels(back.pk) == "done"
    assert stored(cast.biller1, "pair") == raw(cast.biller1)
    assert months(cast.biller1)["judged"] == 3


def test_a_single_label_is_counted_but_not_judged(bench: Bench, cast: Cast) -> None:
    pair_policy(double_share=0)
    _, tasks = bench.open()
    label(tasks[0], cast.biller1, bench.record)
    count_all()
    assert GoldRecord.objects.exists()
    assert months(cast.biller1) | {"kept": 0} == {**dict.fromkeys(months(cast.biller1), 0), "documents": 1, "keystrokes": 40}
    assert months(cast.biller1)["kept"] > 100, "characters that the machine had right"


def test_gold_tests_count_apart_and_not_against_themselves(bench: Bench, cast: Cast) -> None:
    pair_policy(double_share=0)
    _, tasks = bench.open()
    label(tasks[0], cast.biller1, bench.record)
    GoldRecord.objects.update(annotation=None)
    known = Document.objects.get()
    test = LabelingTask.objects.create(document=known, kind="label", ordinal=7, purpose=TaskPurpose.GOLD_TEST, state="done")
    Annotation.objects.create(
        task=test, document=known, author=cast.biller2, record=changed(bench.record, {"tax": "1.00"}), request_hash="0" * 64
    )
    count_all()
    assert stored(cast.biller2, "gold_test").count("documents") == 1
    assert stored(cast.biller2, "gold_test").count("tax:right") == 0
    assert stored(cast.biller2, "pair").count("documents") == 0
    assert stored(cast.biller1, "gold_test").count("documents") == 0


def test_what_cannot_be_read_is_set_aside(bench: Bench, cast: Cast) -> None:
    document = bench.pair({cast.biller1: {}, cast.biller2: {}})
    GoldRecord.objects.update(record={"total": "a lot", "line_items": 7})
    count_all()
    assert (months(cast.biller1)["unreadable"], months(cast.biller1)["judged"], months(cast.biller1)["documents"]) == (1, 0, 1)
    assert stored(cast.biller1, "pair").count("documents") == 0
    GoldRecord.objects.update(record=bench.record)
    forget()
    count_all()
    assert months(cast.biller1)["judged"] == 1
    assert CountedLabel.objects.filter(annotation__document=document, unreadable=True).count() == 0


def test_a_pre_fill_of_another_form_suggests_nothing(bench: Bench, cast: Cast) -> None:
    document = bench.pair({cast.biller1: {}, cast.biller2: {}})
    LabelingTask.objects.filter(document=document).update(seeded={"line_items[9].total": {"right": "1", "wrong": "2"}})
    count_all()
    assert months(cast.biller1)["judged"] == 0, "a label with a wrong value on purpose says nothing of accuracy"
    assert not QualitySums.objects.filter(kind="suggested").exists()


def test_sums_of_another_form_are_counted_anew(bench: Bench, cast: Cast) -> None:
    some_pairs(bench, cast)
    count_all()
    QualitySums.objects.update(sums={"of": "another schema"})
    QualityState.objects.update(columns="another schema")
    judge_document(Document.objects.order_by("pk").values_list("pk", flat=True)[0])
    count_all()
    assert stored(cast.biller1, "pair") == raw(cast.biller1)
    assert months(cast.biller1)["documents"] == 4


def test_anchoring_counts_what_was_shown_and_what_was_hidden(bench: Bench, cast: Cast) -> None:
    pair_policy(hidden_share=1, seeded_share=1)
    document, (task1, task2) = bench.open()
    assert task2.hides_prefill
    assert len(task1.seeded) == 1
    one = next(user for user in (cast.biller1, cast.biller2) if is_for(task1, user))
    two = next(user for user in (cast.biller1, cast.biller2) if user != one)
    path, values = next(iter(task1.seeded.items()))
    let_stand = changed(bench.record, {path: values["wrong"]})
    label(task1, one, let_stand)
    label(task2, two, bench.record)
    settle(document, cast.senior, bench.record)
    count_all()
    true = record_from_json(bench.record)
    wrong = record_from_json(let_stand)
    assert stored(one, "suggested") == anchoring_sums([Suggested(str(document.pk), wrong, wrong, true, {path})])
    assert stored(None, "suggested") == stored(one, "suggested")
    assert stored(two, "unseen") == stored(None, "unseen") == anchoring_sums([Suggested(str(document.pk), wrong, true, true, {path})])
    assert stored(two, "hidden").count("documents") == 1
    assert stored(one, "shown").count("documents") == 0, "the first label is always shown the pre-fill: no chance in it"


def test_a_seeded_second_label_is_in_no_arm(bench: Bench, cast: Cast) -> None:
    pair_policy(hidden_share=0, seeded_share=1, seed=4)
    for _ in range(6):
        bench.pair({cast.biller1: {}, cast.biller2: {}})
    count_all()
    seconds = LabelingTask.objects.filter(kind="second_label")
    seeded = sum(bool(task.seeded) for task in seconds)
    assert 0 < seeded < 6
    assert sum(stored(person, "shown").count("documents") for person in (cast.biller1, cast.biller2)) == 6 - seeded


def test_skips_are_held_like_labels(bench: Bench, cast: Cast) -> None:
    document, tasks = bench.open()
    user = next(user for user in (cast.biller1, cast.biller2) if is_for(tasks[0], user))
    claim_task(user=user, task_id=tasks[0].pk)
    skip(user=user, task_id=tasks[0].pk, reason=SkipReason.ILLEGIBLE)
    count_all()
    rows = QualityPeriod.objects.filter(person=user, unit="month")
    assert [(row.held, row.skips) for row in rows] == [(True, {"illegible": 1})]
    LabelingTask.objects.filter(document=document).update(state="withdrawn")
    count_all()
    assert {(row.held, str(row.skips)) for row in rows.all()} == {(True, "{}"), (False, "{'illegible': 1}")}


def test_the_work_of_a_batch_does_not_grow_with_its_labels(bench: Bench, cast: Cast) -> None:
    counts: list[int] = []
    for pairs in (3, 9):
        for _ in range(pairs):
            bench.pair({cast.biller1: {"total": "95.00"}, cast.biller2: {}})
        count(limit=1)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            count()
        counts.append(len(seen))
    assert counts[1] <= counts[0] + 2, counts
    assert Ruling.objects.count() == 12
