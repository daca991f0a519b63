"""Opening a blind second label, before anybody has begun or after the first is in, and seeding a wrong value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

from invoices.models import Page, Prediction, Role, User
from labeling.drawing import draw
from labeling.draws import chance
from labeling.halves import Labeler, other_side, split
from labeling.models import LabelingPolicy, LabelingTask, TaskKind, TaskSkip, TaskState
from labeling.seeding import choose
from mlcore.errors import RecordError
from mlcore.normalize import parse_date
from mlcore.record_json import record_from_json

SEED_MISSED = "seed_missed"
"""Why a second label was asked for: a wrong value that was put in on purpose had been let through."""


def open_pair(first: LabelingTask, rank: int, reason: str, policy: LabelingPolicy) -> LabelingTask | None:
    """Give an untouched task its blind second label, each for one half of the people; ``None`` when there are not two to do it.

    It is drawn whether the second label hides the pre-fill, and whether one of the two (never both) has a wrong value in it.
    """
    side = split(_people(), chance(policy.seed, "halves", first.document_id))
    if side is None:
        return None
    LabelingTask.objects.filter(pk=first.pk).update(kind=TaskKind.LABEL, side=side, drawn_for=reason, priority=rank)
    hidden = draw(document_id=first.document_id, what="hidden", stratum="second labels", share=policy.hidden_share, policy=policy)
    second = _second(first, other_side(side), reason, policy, hidden=hidden, rank=rank)
    if draw(document_id=first.document_id, what="seeded", stratum="pair", share=policy.seeded_share, policy=policy):
        takes_second = not hidden and chance(policy.seed, "seeded side", first.document_id) < 0.5
        seed_wrong_value(second.pk if takes_second else first.pk, first.prediction, policy)
    return second


def split_anew(first: LabelingTask, second: LabelingTask, policy: LabelingPolicy) -> bool:
    """Give the two labels of a pair that nobody has begun to other halves of the people; ``False`` when there are none.

    Whoever skipped one of the two is not counted on.
    """
    skipped = set(TaskSkip.objects.filter(task__in=[first, second]).values_list("user", flat=True))
    side = split([person for person in _people() if person.id not in skipped], chance(policy.seed, "halves", first.document_id))
    if side is not None:
        LabelingTask.objects.filter(pk=first.pk).update(side=side)
        LabelingTask.objects.filter(pk=second.pk).update(side=other_side(side))
    return side is not None


def open_second_after(first: LabelingTask, author: User, reason: str, policy: LabelingPolicy) -> LabelingTask | None:
    """Have a submitted label done once more by somebody who never saw it; ``None`` when there is nobody else.

    The second one looks as old and as urgent as the first.
    """
    side = split(_people(), chance(policy.seed, "halves", first.document_id), first=author.pk)
    if side is None:
        return None
    LabelingTask.objects.filter(pk=first.pk).update(side=side)
    hidden = draw(document_id=first.document_id, what="hidden", stratum="second labels", share=policy.hidden_share, policy=policy)
    return _second(first, other_side(side), reason, policy, hidden=hidden, rank=first.priority)


def open_third(first: LabelingTask, side: int, policy: LabelingPolicy) -> LabelingTask:
    """A third label, likewise blind, for anybody who did none of the two."""
    return _second(first, side, "third", policy, hidden=False, rank=first.priority, ordinal=2)


def has_third_person(authors: Collection[int]) -> bool:
    """Whether anybody active did none of these labels."""
    return User.objects.filter(is_active=True).exclude(role=Role.ADMIN).exclude(pk__in=authors).exists()


def seed_wrong_value(task_id: int, prediction: Prediction | None, policy: LabelingPolicy) -> None:
    """Put one wrong value into the pre-fill of an untouched task; nothing happens where none can be made wrong plausibly."""
    seeds: dict[str, dict[str, str]] = {}
    if prediction is not None and len(_people()) > 1:
        try:
            record = record_from_json(prediction.record, ignore_unknown=True)
        except RecordError:
            return
        dates = _dates_on(prediction.document_id)
        seeds = choose(record, dates, chance(policy.seed, "seed", prediction.document_id))
    LabelingTask.objects.filter(pk=task_id).update(seeded=seeds)


def _second(
    first: LabelingTask, side: int, reason: str, policy: LabelingPolicy, *, hidden: bool, rank: int, ordinal: int = 1
) -> LabelingTask:
    values = {
        "side": side,
        "priority": rank,
        "due_at": first.due_at,
        "prediction": None if hidden else first.prediction,
        "hides_prefill": hidden,
        "policy_id": policy.pk,
        "drawn_for": reason,
        "state": TaskState.OPEN,
    }
    task, _ = LabelingTask.objects.get_or_create(
        document_id=first.document_id, kind=TaskKind.SECOND_LABEL, ordinal=ordinal, defaults=values
    )
    LabelingTask.objects.filter(pk=task.pk).update(created_at=first.created_at)
    return task


def _people() -> list[Labeler]:
    rows = User.objects.filter(is_active=True).exclude(role=Role.ADMIN).order_by("pk").values_list("pk", "role")
    return [Labeler(pk, role == Role.BILLER) for pk, role in rows]


def _dates_on(document_id: int) -> Iterator[dt.date]:
    """The dates that stand on the pages as one word each."""
    for words in Page.objects.filter(document=document_id).order_by("number").values_list("words", flat=True):
        for word in words:
            date = parse_date(word[0]) if any(char.isdigit() for char in word[0]) else None
            if date is not None:
                yield date
