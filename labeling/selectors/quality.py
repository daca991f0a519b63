"""One person's quality: accuracy against settled truth, what the pre-fill does to them, what the work takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from invoices.models import Role, User
from labeling.errors import PersonNotFound
from labeling.guidelines.fields import FIELDS
from labeling.models import CountedLabel, QualityPeriod, SkipReason
from labeling.quality.changes import SUGGESTED, UNSEEN
from labeling.selectors.quality_rows import Totals, Window, periods_of, sums_of
from labeling.selectors.quality_trend import Trend, trend_of
from mlcore.agreement.anchoring import Anchoring, anchoring_of
from mlcore.agreement.figures import Figure, Measured
from mlcore.agreement.people import LabelerAccuracy, accuracy_of, effect_of_showing

SOURCES = (CountedLabel.Source.PAIR, CountedLabel.Source.GOLD_TEST, CountedLabel.Source.ONBOARDING)
_ARMS = (CountedLabel.Sight.SHOWN.value, CountedLabel.Sight.HIDDEN.value)
_SPLIT = ("seeded", "natural")


@dataclass(frozen=True, slots=True)
class PersonQuality:
    """Everything that is measured of one person in a window.

    ``by_source`` says where the truth came from and is empty on a person's own page, as is the split of ``anchoring`` in seeded and
    natural: whoever labels is not told which documents were tests and which values were made wrong (``own``).
    """

    person: User
    window: Window
    own: bool
    totals: Totals
    accuracy: LabelerAccuracy
    by_source: dict[str, LabelerAccuracy]
    effect: dict[str, Figure]
    anchoring: dict[str, Anchoring]
    trend: Trend

    @property
    def surest(self) -> list[str]:
        """Labels of the fields that are right more often than this person's values as a whole, beyond chance."""
        return self._apart(1)

    @property
    def hardest(self) -> list[str]:
        """Labels of the fields that are right less often than this person's values as a whole, beyond chance."""
        return self._apart(-1)

    def _apart(self, side: int) -> list[str]:
        whole, found = self.accuracy.values, []
        if not isinstance(whole, Measured):
            return []
        for name, figure in self.accuracy.fields.items():
            if not isinstance(figure, Measured) or figure.low is None or figure.high is None:
                continue
            if figure.low > whole.value if side > 0 else figure.high < whole.value:
                found.append((side * -figure.value, FIELDS[name]))
        return [label for _, label in sorted(found)]

    def to_json(self) -> dict[str, Any]:
        """The answer of the API."""
        totals = self.totals
        anchoring = {name: _anchoring_json(one, split=not self.own) for name, one in self.anchoring.items()}
        answer: dict[str, Any] = {
            "user": user_json(self.person),
            "window": self.window.name,
            "documents": totals.documents,
            "reviews": totals.reviews,
            "judged": totals.judged,
            "unreadable": totals.unreadable,
            "accuracy": self.accuracy.to_json(),
            "effect": {name: figure.to_json() for name, figure in self.effect.items()},
            "anchoring": anchoring,
            "seconds": totals.seconds.to_json(),
            "keystrokes": {"typed": totals.keystrokes, "saved": totals.kept},
            "skips": {"total": totals.skipped, "reasons": {r: totals.skips.get(r, 0) for r in SkipReason.values}},
            "trend": {"unit": self.trend.unit, "points": [point.to_json() for point in self.trend.points]},
        }
        if not self.own:
            answer["sources"] = {source: accuracy.to_json() for source, accuracy in self.by_source.items()}
        return answer


def person_quality(person: User, window: Window, *, viewer: User, own: bool = False) -> PersonQuality:
    """What is measured of ``person``: four statements at most, rows by months and not by labels.

    ``own`` is the form for the person themselves. Whoever looks at themselves, in whatever form, sees all of their labels; of others
    those whose documents are not blind.
    """
    alone = viewer.pk if viewer.pk == person.pk else None
    months = list(periods_of([person.pk], window, unit=QualityPeriod.Unit.MONTH, alone=alone))
    sums = sums_of(person.pk, window, (*SOURCES, *_ARMS, SUGGESTED))
    unseen = sums_of(None, window, [UNSEEN])[UNSEEN]
    settled = sums[SOURCES[0]]
    for source in SOURCES[1:]:
        settled += sums[source]
    return PersonQuality(
        person=person,
        window=window,
        own=own,
        totals=Totals.of(months),
        accuracy=accuracy_of(settled),
        by_source={} if own else {source.value: accuracy_of(sums[source]) for source in SOURCES},
        effect=effect_of_showing(*(sums[arm] for arm in _ARMS)),
        anchoring=anchoring_of(sums[SUGGESTED], unseen),
        trend=trend_of(person.pk, window, months, alone=alone),
    )


def person_seen_by(viewer: User, user_id: int) -> User:
    """A person whose quality ``viewer`` may see. Raises ``PersonNotFound``, also for somebody who exists and is another's to see."""
    found = User.objects.filter(pk=user_id).first() if viewer.pk == user_id or viewer.has_role(Role.SENIOR) else None
    if found is None:
        raise PersonNotFound(f"There is no person {user_id} whose quality you may see. Yours is at quality/me/.")
    return found


def user_json(person: User) -> dict[str, Any]:
    """Who it is."""
    return {"id": person.pk, "username": person.username, "name": person.get_full_name() or person.username, "role": person.role}


def _anchoring_json(meter: Anchoring, *, split: bool) -> dict[str, Any]:
    return {name: value for name, value in meter.to_json().items() if split or name not in _SPLIT}
