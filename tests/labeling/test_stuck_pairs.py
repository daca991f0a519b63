"""Blind labels that nobody is left to do: nothing waits for ever, and nobody who may have seen one label does the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from invoices.models import Document, User
from labeling.annotation import submit as submit_record
from labeling.assignment import lease_sql
from labeling.assignment.claims import claim_next, claim_task
from labeling.assignment.leaving import skip
from labeling.models import Adjudication, Agreement, Annotation, GoldRecord, LabelingTask, SkipReason
from labeling.sampling import open_task
from labeling.stuck_pairs import free_stuck
from labeling.submission import read_submission
from labeling.task_view import is_for
from tests.conftest import Cast
from tests.labeling.settled_pairs import pair_policy

pytestmark = pytest.mark.django_db
Pair = tuple[LabelingTask, LabelingTask]


@pytest.fixture
def make_pair(cast: Cast, make_document: Callable[..., Document]) -> Callable[..., Pair]:
    def make(**values: Any) -> Pair:
        pair_policy(**values)
        document = make_document()
        open_task(document.pk)
        return LabelingTask.objects.get(document=document, kind="label"), LabelingTask.objects.get(document=document, kind="second_label")

    return make


def people_of(task: LabelingTask) -> list[User]:
    return [user for user in User.objects.filter(is_active=True).exclude(role="admin").order_by("pk") if is_for(task, user)]


def all_leave(task: LabelingTask) -> None:
    User.objects.filter(pk__in=[user.pk for user in people_of(task)]).update(is_active=False)


def submit(task: LabelingTask, user: User, record: dict[str, Any]) -> None:
    claim_task(user=user, task_id=task.pk)
    submission = read_submission(record=record, version=0, marks={}, unsure=[], evidence={})
    submit_record(user=user, task_id=task.pk, submission=submission)


def test_nothing_is_stuck_as_long_as_somebody_may_do_it(make_pair: Any, record: dict[str, Any]) -> None:
    first, second = make_pair()
    assert free_stuck() == 0
    submit(first, people_of(first)[0], record)
    assert free_stuck() == 0
    second.refresh_from_db()
    assert second.state == "open"


def test_the_label_that_is_in_counts_alone_when_nobody_is_left_for_the_other(make_pair: Any, record: dict[str, Any]) -> None:
    first, second = make_pair()
    author = people_of(first)[0]
    submit(first, author, record)
    all_leave(second)
    assert not GoldRecord.objects.exists()
    assert free_stuck() == 1
    second.refresh_from_db()
    gold = GoldRecord.objects.get()
    assert second.state == "withdrawn"
    assert (gold.annotation, gold.provenance["total"]["source"], gold.provenance["total"]["by"]) == (
        Annotation.objects.get(),
        "confirmed",
        author.pk,
    )
    assert gold.document.status == "gold"
    assert not Agreement.objects.exists(), "one label agrees with nobody"
    assert free_stuck() == 0


def test_a_label_in_work_becomes_gold_by_itself_when_the_other_has_nobody_left(make_pair: Any, record: dict[str, Any]) -> None:
    first, second = make_pair()
    author = people_of(second)[0]
    claim_task(user=author, task_id=second.pk)
    all_leave(first)
    assert free_stuck() == 1
    submit(second, author, record)
    gold = GoldRecord.objects.get()
    assert gold.annotation is not None
    assert gold.annotation.author == author
    assert not Agreement.objects.exists()


def test_a_pair_that_nobody_has_begun_is_split_anew_between_those_who_are_there(cast: Cast, make_pair: Any, record: dict[str, Any]) -> None:
    first, second = make_pair()
    all_leave(second)
    newcomers = [User.objects.create(username=f"new{n}", role="biller") for n in range(4)]
    for one in newcomers:
        if is_for(second, one):
            one.is_active = False
            one.save()
    assert lease_sql.nobodys(9) == [second.pk]
    assert free_stuck() == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.side is not None
    assert second.side == first.side ^ 1
    one, other = people_of(first)[0], people_of(second)[0]
    submit(first, one, record)
    submit(second, other, record)
    assert Agreement.objects.get().first_author_id == one.pk


def test_without_two_people_it_is_labeled_once(cast: Cast, make_pair: Any, record: dict[str, Any]) -> None:
    first, _ = make_pair()
    alone = people_of(first)[0]
    User.objects.exclude(pk__in=[alone.pk, cast.admin.pk]).update(is_active=False)
    assert free_stuck() == 1
    view = claim_next(user=alone)
    assert view is not None
    assert view.task.pk == first.pk
    assert view.task.side is None
    submit(first, alone, record)
    assert GoldRecord.objects.get().annotation.author == alone  # type: ignore[union-attr]


def test_whoever_skipped_is_not_counted_on(cast: Cast, make_pair: Any) -> None:
    first, second = make_pair()
    for user in people_of(second):
        claim_task(user=user, task_id=second.pk)
        skip(user=user, task_id=second.pk, reason=SkipReason.ILLEGIBLE)
    assert free_stuck() == 1
    assert lease_sql.nobodys(9) == []
    assert LabelingTask.objects.filter(document=first.document_id, state="open").exists(), "the document still waits for somebody"
    assert free_stuck() == 0, "what cannot be split is not tried for ever"


def test_a_seeded_value_that_was_let_through_goes_to_a_review_and_not_to_gold(cast: Cast, make_pair: Any, record: dict[str, Any]) -> None:
    first, second = make_pair(seeded_share=1)
    seeded, other = (first, second) if first.seeded else (second, first)
    ((path, values),) = seeded.seeded.items()
    wrong = {**record, path: values["wrong"]} if "[" not in path else None
    if wrong is None:
        row, name = int(path.split("[")[1].split("]")[0]), path.rsplit(".", 1)[1]
        wrong = {**record, "line_items": [dict(item) for item in record["line_items"]]}
        wrong["line_items"][row][name] = values["wrong"]
    author = people_of(seeded)[0]
    submit(seeded, author, wrong)
    all_leave(other)
    assert free_stuck() == 1
    assert not GoldRecord.objects.exists()
    review = LabelingTask.objects.get(kind="review")
    assert (review.state, review.drawn_for, review.side, review.seeded) == ("open", "seed_missed", None, {})
    User.objects.filter(pk=cast.senior.pk).update(is_active=True)
    cast.senior.refresh_from_db()
    submit(review, cast.senior, record)
    assert GoldRecord.objects.get().provenance["total"]["source"] == "reviewed"


def test_an_adjudication_does_not_wait_for_a_third_label_that_nobody_is_left_to_do(
    cast: Cast, make_pair: Any, record: dict[str, Any]
) -> None:
    first, second = make_pair(third_label_from=1)
    one, other = people_of(first)[0], people_of(second)[0]
    submit(first, one, record)
    submit(second, other, {**record, "total": "9.00"})
    adjudication = Adjudication.objects.get()
    assert adjudication.state == Adjudication.State.WAITING
    assert free_stuck() == 0
    User.objects.exclude(pk__in=[one.pk, other.pk]).update(is_active=False)
    assert free_stuck() == 1
    adjudication.refresh_from_db()
    assert adjudication.state == Adjudication.State.OPEN
    assert adjudication.task is not None
    assert adjudication.document.status == "labeled"
    assert LabelingTask.objects.get(ordinal=2).state == "withdrawn"
