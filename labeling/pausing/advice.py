"""Whether a person's queue should be paused: only when even the upper end of the interval of their accuracy lies below the limit."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from invoices.models import Role, User
from labeling.models import LabelingPolicy, QueuePause, Standing
from labeling.pausing.judged import judged_labels, judged_mark
from labeling.pausing.pausing import figures_of, pause_by_policy
from labeling.policies import current_policy
from mlcore.agreement.figures import Measured
from mlcore.agreement.people import accuracy_of, accuracy_sums

AT_ONCE = 4
"""People counted anew in one pass."""

COUNT_AGAIN_AFTER = dt.timedelta(days=1)
"""Adjudications and reviews change the truth about older labels."""


def refresh_standings(at_once: int = AT_ONCE) -> int:
    """Count billers anew who have newer judged labels, or were counted a day ago; answers how many. Pauses where the policy says so."""
    policy = current_policy()
    people = list(User.objects.filter(role=Role.BILLER, is_active=True).select_related("standing").order_by("pk"))
    counted = 0
    for person in sorted(people, key=_counted_at):
        if counted >= at_once:
            break
        mark = judged_mark(person.pk)
        known: Standing | None = getattr(person, "standing", None)
        if mark == "0-0" or (known and known.newest == mark and known.at > timezone.now() - COUNT_AGAIN_AFTER):
            continue
        standing = count_standing(person, mark)
        counted += 1
        if policy.pause_by_itself and is_recommended(standing, policy):
            pause_by_policy(person, figures_of(standing, policy))
    return counted


def count_standing(person: User, mark: str) -> Standing:
    """How right the person's newest judged labels are, stored: the share of values that are right, with its 95 % interval."""
    judged = judged_labels(person.pk)
    figure = accuracy_of(accuracy_sums(judged)).values
    measured = figure if isinstance(figure, Measured) else None
    values = {
        "judged": len(judged),
        "value": measured.value if measured else None,
        "low": measured.low if measured else None,
        "high": measured.high if measured else None,
        "newest": mark,
    }
    return Standing.objects.update_or_create(person=person, defaults=values)[0]


def is_recommended(standing: Standing | None, policy: LabelingPolicy) -> bool:
    """Whether a pause is recommended: chance alone must not accuse anybody."""
    return standing is not None and standing.high is not None and standing.high < policy.recommend_pause_below


def recommended_count() -> int:
    """For how many people whose queue goes on a pause is recommended: two statements."""
    paused = QueuePause.objects.filter(ended_at=None).values("person")
    low = Standing.objects.filter(high__lt=current_policy().recommend_pause_below, person__is_active=True, person__role=Role.BILLER)
    return low.exclude(person__in=paused).count()


def _counted_at(person: User) -> dt.datetime:
    known: Standing | None = getattr(person, "standing", None)
    return known.at if known else dt.datetime.min.replace(tzinfo=dt.UTC)
