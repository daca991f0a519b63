"""The queues of people: how right each is, whether a pause is recommended, and which are paused."""

from __future__ import annotations

from dataclasses import dataclass

from invoices.models import Role, User
from labeling.models import QueuePause, Standing
from labeling.pausing.advice import is_recommended
from labeling.policies import current_policy

PAST = 20


@dataclass(frozen=True, slots=True)
class QueueOf:
    """One biller's queue. ``standing`` is ``None`` while nothing of theirs was judged."""

    person: User
    standing: Standing | None
    pause: QueuePause | None
    recommended: bool


@dataclass(frozen=True)
class Queues:
    """Every active biller, those first for whom something is to be decided; ``past`` are ended pauses, the newest first."""

    rows: list[QueueOf]
    past: list[QueuePause]
    limit: float


def queue_of(person: User) -> QueueOf | None:
    """One biller's queue; ``None`` for whoever has none to pause. Three queries."""
    if person.role != Role.BILLER or not person.is_active:
        return None
    standing = Standing.objects.filter(person=person).first()
    pause = QueuePause.objects.filter(person=person, ended_at=None).select_related("by").first()
    return QueueOf(person, standing, pause, pause is None and is_recommended(standing, current_policy()))


def queues() -> Queues:
    """Four queries."""
    policy = current_policy()
    people = User.objects.filter(role=Role.BILLER, is_active=True).select_related("standing").order_by("username")
    paused = {pause.person_id: pause for pause in QueuePause.objects.filter(ended_at=None).select_related("by")}
    rows = []
    for one in people:
        standing: Standing | None = getattr(one, "standing", None)
        pause = paused.get(one.pk)
        rows.append(QueueOf(one, standing, pause, pause is None and is_recommended(standing, policy)))
    rows.sort(key=lambda row: (not row.recommended, row.pause is None))
    past = QueuePause.objects.exclude(ended_at=None).select_related("person", "by", "ended_by").order_by("-ended_at")
    return Queues(rows, list(past[:PAST]), policy.recommend_pause_below)
