"""Gold tests: put by ahead of time, drawn by what a person submits, and handed out as any other task.

The work is done beside the people's requests (``workers.schedules``): a submit costs nothing more, and a claim finds the task on an index
of its own. A document that is put by for a person is shown to that person as open from that moment on (``invoices.veils``), which is
soon after its truth was settled: to them it never was anything else.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from invoices.models import Document, Role, User, Veil
from labeling.assignment.strategies import priority
from labeling.draws import is_drawn
from labeling.due import due_after
from labeling.models import Annotation, LabelingPolicy, LabelingTask, TaskKind, TaskPurpose, TaskSkip, TaskState, Trial, TrialTurns
from labeling.policies import current_policy
from labeling.sampling import mean_confidence
from labeling.trials.choosing import Material, choose, material_for

WHAT = "gold_test"
STOCK = 2
"""Documents put by for each person."""

APART = 100
"""``ordinal`` of the tasks of trials, apart from those of the work on the document."""

SKIPPED_SHOWN = dt.timedelta(days=2)
"""So long a skipped test stands in its person's list, as a document does that somebody else has to take up."""

_MOST_AT_ONCE = 20
"""Tests handed to one person in one pass: after a long standstill nobody gets nothing but tests."""


def prepare_tests() -> int:
    """Stock up, draw for what was submitted since the last time, and hand out what was drawn; answers how many were handed out.

    Idempotent: without anything new submitted, nothing is drawn. Several at once wait for each other, person by person.
    """
    policy = current_policy()
    tested = User.objects.filter(role=Role.BILLER, is_active=True)
    _close_given_up(tested)
    _put_back(Trial.objects.exclude(person__in=tested) if policy.test_share > 0 else Trial.objects.all())
    if policy.test_share <= 0:
        return 0
    return sum(_prepare(person, policy) for person in tested.order_by("pk"))


def reserve(person: User, one: Material, purpose: TaskPurpose) -> Trial:
    """Put a document by: from now on this person sees it as open. Raises ``IntegrityError`` when the person had it before."""
    trial = Trial.objects.create(person=person, document=one.document, purpose=purpose, prediction=one.prediction)
    Veil.objects.get_or_create(person=person, document=one.document)
    return trial


def hand_out(trial: Trial, *, rank: int | None = None) -> LabelingTask:
    """Open the task of a trial, as old, as urgent and as soon due as the document is, unless ``rank`` says otherwise."""
    document = Document.objects.only("received_at").get(pk=trial.document_id)
    usual = priority(waiting=timezone.now() - document.received_at, confidence=mean_confidence(trial.prediction))
    task = LabelingTask.objects.create(
        document_id=trial.document_id,
        kind=TaskKind.LABEL,
        ordinal=APART,
        purpose=trial.purpose,
        reserved_for_id=trial.person_id,
        prediction=trial.prediction,
        policy_id=trial.policy_id,
        priority=usual if rank is None else rank,
        due_at=due_after(document.received_at, trial.policy or LabelingPolicy()),
    )
    first = LabelingTask.objects.filter(document=trial.document_id).order_by("pk").values_list("created_at", flat=True)[0]
    LabelingTask.objects.filter(pk=task.pk).update(created_at=first)
    Trial.objects.filter(pk=trial.pk).update(task=task, state=Trial.State.OPEN)
    return task


def _prepare(person: User, policy: LabelingPolicy) -> int:
    with transaction.atomic():
        turns = _turns(person)
        drawn = _drawn(person, policy, turns)
        handed = 0
        for position in drawn[:_MOST_AT_ONCE]:
            trial = _put_by(person).first() or _stock(person, policy)
            if trial is None:
                break
            trial.position, trial.share, trial.seed, trial.policy_id = position, policy.test_share, policy.seed, policy.pk
            trial.save(update_fields=["position", "share", "seed", "policy"])
            hand_out(trial)
            handed += 1
        for _ in range(STOCK - _put_by(person).count()):
            if _stock(person, policy) is None:
                break
    return handed


def _turns(person: User) -> TrialTurns:
    """Up to where was drawn, locked. Whoever has worked before tests began is drawn for from now on."""
    newest = Annotation.objects.filter(author=person).order_by("-submitted_at", "-pk").values_list("pk", flat=True).first()
    TrialTurns.objects.get_or_create(person=person, defaults={"last": newest or 0})
    return TrialTurns.objects.select_for_update().get(person=person)


def _drawn(person: User, policy: LabelingPolicy, turns: TrialTurns) -> list[int]:
    """The positions, of those submitted since the last time, that a test follows on. A test counts as a position like any work."""
    labels = Annotation.objects.filter(author=person, pk__gt=turns.last).exclude(task__purpose=TaskPurpose.ONBOARDING)
    new = list(labels.order_by("pk").values_list("pk", flat=True))
    if not new:
        return []
    before = turns.position
    turns.position, turns.last = before + len(new), new[-1]
    turns.save(update_fields=["position", "last"])
    stratum = f"person {person.pk}"
    return [
        position
        for position in range(before + 1, turns.position + 1)
        if is_drawn(seed=policy.seed, what=WHAT, stratum=stratum, position=position, share=policy.test_share)
    ]


def _put_by(person: User) -> QuerySet[Trial]:
    kept = Trial.objects.filter(person=person, purpose=TaskPurpose.GOLD_TEST, state=Trial.State.RESERVED)
    return kept.select_related("prediction").order_by("pk")


def _stock(person: User, policy: LabelingPolicy) -> Trial | None:
    one = choose(person, material_for(person), policy.seed)
    return reserve(person, one, TaskPurpose.GOLD_TEST) if one else None


def _put_back(trials: QuerySet[Trial]) -> None:
    """What was put by and is not needed any more is a document like any other again."""
    kept = trials.filter(purpose=TaskPurpose.GOLD_TEST, state=Trial.State.RESERVED)
    with transaction.atomic():
        for trial in kept.select_for_update():
            Veil.objects.filter(person=trial.person_id, document=trial.document_id).delete()
            trial.delete()


def _close_given_up(tested: QuerySet[User]) -> None:
    """End what its person skipped, a gold test some time later: a skipped task of work does not go at once either. And what is in the
    hands of people who are no billers any more. A step of the onboarding may show then; to its person a test stays as it was."""
    skips = TaskSkip.objects.filter(task=OuterRef("task"), user=OuterRef("person"))
    given_up = Q(Exists(skips), purpose=TaskPurpose.ONBOARDING) | Q(Exists(skips.filter(created_at__lt=timezone.now() - SKIPPED_SHOWN)))
    for trial in Trial.objects.filter(given_up | ~Q(person__in=tested), state=Trial.State.OPEN):
        with transaction.atomic():
            if LabelingTask.objects.filter(trial=trial, state=TaskState.OPEN).update(state=TaskState.WITHDRAWN):
                Trial.objects.filter(pk=trial.pk).update(state=Trial.State.SKIPPED)
                if trial.purpose == TaskPurpose.ONBOARDING:
                    Veil.objects.filter(person=trial.person_id, document=trial.document_id).delete()
