"""Pausing and resuming. Nothing of a person's work is lost: what they have in hand or put away may be finished."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from invoices.models import Role, User
from labeling.errors import PersonNotFound, QueuePaused, RequestInvalid, RoleNeeded
from labeling.models import LabelingPolicy, QueuePause, Standing
from labeling.policies import current_policy

MAX_REASON = 500


def pause_queue(*, user: User, person_id: int, reason: str = "") -> QueuePause:
    """Hand a biller nothing new until somebody resumes the queue; paused already, that pause.

    Raises ``RoleNeeded``, ``PersonNotFound`` and ``RequestInvalid`` (``reason_too_long``).
    """
    person = _biller(user, person_id)
    if (length := len(reason.strip())) > MAX_REASON:
        detail = f"The reason has {length} characters; the limit is {MAX_REASON}. Shorten it."
        raise RequestInvalid("reason_too_long", detail)
    standing = Standing.objects.filter(person=person).first()
    return _pause(person, by=user, reason=reason.strip(), figures=figures_of(standing, current_policy()))


def resume_queue(*, user: User, person_id: int) -> bool:
    """Let the queue go on; answers whether it was paused. Raises ``RoleNeeded`` and ``PersonNotFound``."""
    person = _biller(user, person_id)
    with transaction.atomic():
        ended = QueuePause.objects.filter(person=person, ended_at=None).update(ended_at=timezone.now(), ended_by=user)
        if ended:
            record(Action.QUEUE_RESUMED, actor=user, object=Target("person", person.pk))
    return bool(ended)


def pause_by_policy(person: User, figures: Mapping[str, Any]) -> QueuePause | None:
    """Pause a queue because the policy does it by itself; not again for the figures that a senior has resumed it on."""
    if QueuePause.objects.filter(person=person, figures__newest=figures["newest"]).exists():
        return None
    return _pause(person, by=None, reason="", figures=figures)


def active_pause(person_id: int) -> QueuePause | None:
    """The pause of a person's queue, if it is paused."""
    return QueuePause.objects.filter(person=person_id, ended_at=None).select_related("by").first()


def refuse_paused(user: User) -> None:
    """Raise ``QueuePaused`` when this person is handed nothing new; one statement."""
    pause = active_pause(user.pk)
    if pause is not None:
        since = timezone.localtime(pause.at)
        raise QueuePaused(
            f"You are handed no new documents since {since:%Y-%m-%d %H:%M}. Nothing of your work is lost, and what you have open or put "
            "away may be finished. Talk to a senior biller; they let your queue go on.",
            {"since": pause.at.isoformat().replace("+00:00", "Z")},
        )


def figures_of(standing: Standing | None, policy: LabelingPolicy) -> dict[str, Any]:
    """What spoke for a pause, kept with it."""
    if standing is None:
        return {"judged": 0, "limit": policy.recommend_pause_below, "newest": ""}
    plain = {name: getattr(standing, name) for name in ("judged", "value", "low", "high", "newest")}
    return {**plain, "limit": policy.recommend_pause_below}


def _pause(person: User, *, by: User | None, reason: str, figures: Mapping[str, Any]) -> QueuePause:
    try:
        with transaction.atomic():
            pause = QueuePause.objects.create(person=person, by=by, reason=reason, figures=dict(figures))
            record(Action.QUEUE_PAUSED, actor=by, object=Target("person", person.pk), after=dict(figures))
    except IntegrityError:  # somebody else has paused it at the same moment, or before
        return QueuePause.objects.get(person=person, ended_at=None)
    return pause


def _biller(user: User, person_id: int) -> User:
    if not user.has_role(Role.SENIOR):
        raise RoleNeeded("Pausing a queue, and letting it go on, needs the role of a senior biller.")
    person = User.objects.filter(pk=person_id, role=Role.BILLER).first()
    if person is None:
        raise PersonNotFound(f"There is no biller {person_id}; only the queues of billers are paused. Reload the list.")
    return person
