"""What an admin should do next, from facts: one ordered list. Pure; every rule is a function, and ``RULES`` is their order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from mlcore.agreement.figures import FLOOR
from mlcore.percent import in_points

FIRST_GOLD = 50
"""Gold records from which on a first data set is worth freezing."""

NEW_GOLD = 100
"""New gold records since the newest data set from which on another one is."""

CANARY_DOCUMENTS = 200
"""Documents that a canary has to have read before somebody decides: nothing wrong in 200 leaves 1.5 % open (95 %)."""

OFF_POINTS = 0.05
OFF_VALUES = 500
"""Promises that are off by so much on average, over so many judged values, call for new calibration."""


class Urgency(IntEnum):
    """How soon."""

    NOW = 0
    TODAY = 1
    SOON = 2

    @property
    def word(self) -> str:
        """As people read it."""
        return ("At once", "Today", "Soon")[self]


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do: ``title`` (an order), ``why`` (a sentence), and the name and query of the page where it is done.

    ``detail`` and ``key`` name the page of the one thing that it is about, which goes before ``page`` where there is such a page.
    """

    urgency: Urgency
    title: str
    why: str
    page: str
    query: str = ""
    detail: str = ""
    key: int = 0


@dataclass(frozen=True, slots=True)
class OpenAlert:
    """An alert that nobody has acknowledged, muted or resolved."""

    title: str
    sentence: str
    now: bool
    pk: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model that does not serve. ``passed`` is the newest verdict, against the champion of today; ``None``: the gate was not asked."""

    number: int
    passed: bool | None
    overridden: bool = False


@dataclass(frozen=True, slots=True)
class Canary:
    """A model that reads ``share`` per cent of the documents; ``read`` so far (counted up to ``CANARY_DOCUMENTS``)."""

    number: int
    share: int
    read: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules look at. Counts are of what is open; ages are in seconds. ``None``: not known."""

    documents: bool = True
    problems: tuple[str, ...] = ()
    alerts: tuple[OpenAlert, ...] = ()
    failed: int = 0
    adjudications: int = 0
    adjudications_oldest: int = 0
    reviews: int = 0
    reviews_oldest: int = 0
    escalated: int = 0
    overdue: int = 0
    suspects: int = 0
    proposals: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    canary: Canary | None = None
    refusal: str = ""
    broken_run: int | None = None
    running: bool = False
    held_out: bool = False
    gold: int = 0
    new_gold: int = 0
    dataset: int | None = None
    dataset_used: bool = True
    judged_documents: int = 0
    passed_unchecked: bool = False
    model_serves: bool = True
    certified: bool = True
    off_by: float | None = None
    off_values: int = 0


def next_actions(facts: Facts) -> list[Action]:
    """The most urgent first, and in the order of ``RULES``. Nothing is named twice."""
    found = [action for rule in RULES for action in rule(facts)]
    return sorted(found, key=lambda action: action.urgency)


def _station(facts: Facts) -> Iterator[Action]:
    if facts.problems:
        more = f" And {len(facts.problems) - 1} more." if len(facts.problems) > 1 else ""
        yield Action(Urgency.NOW, "Mend the station", facts.problems[0] + more, "health")


def _alerts(facts: Facts) -> Iterator[Action]:
    for urgency, alerts in ((Urgency.NOW, [a for a in facts.alerts if a.now]), (Urgency.TODAY, [a for a in facts.alerts if not a.now])):
        if len(alerts) == 1:
            (alert,) = alerts
            yield Action(urgency, f"Look into an alert: {alert.title}", alert.sentence, "alerts", detail="alert", key=alert.pk)
        elif alerts:
            yield Action(urgency, f"Look into {len(alerts)} alerts", "; ".join(alert.title for alert in alerts[:3]) + ".", "alerts")


def _first_document(facts: Facts) -> Iterator[Action]:
    if not facts.documents:
        yield Action(
            Urgency.NOW, "Send in the first documents", "Nothing has come in yet; everything else follows from documents.", "documents"
        )


def _failed(facts: Facts) -> Iterator[Action]:
    if facts.failed:
        what = _counted(facts.failed, "document")
        yield Action(Urgency.TODAY, f"See to {what} that failed", "They could not be read and go no further by themselves.", "failures")


def _refusal(facts: Facts) -> Iterator[Action]:
    if facts.refusal:
        why = f"{facts.refusal.rstrip('.')}. What served before goes on."
        yield Action(Urgency.NOW, "See why a worker does not read with the model that serves", why, "serving")


def _canary(facts: Facts) -> Iterator[Action]:
    if facts.canary is None:
        return
    number, share, read = facts.canary.number, facts.canary.share, facts.canary.read
    if read >= CANARY_DOCUMENTS:
        why = f"It reads {share} % and has read {CANARY_DOCUMENTS} documents or more: enough to promote it or to take it back."
        yield Action(Urgency.TODAY, f"Decide about the canary, model {number}", why, "serving")


def _candidates(facts: Facts) -> Iterator[Action]:
    for candidate in facts.candidates:
        canary = facts.canary is not None and facts.canary.number == candidate.number
        if (candidate.passed or candidate.overridden) and not canary:
            why = (
                "It passed the gate against what serves today."
                if candidate.passed
                else "It did not pass, and an admin let it through in writing."
            )
            title = f"Promote model {candidate.number}, or dismiss it"
            yield Action(Urgency.TODAY, title, why, "models", detail="model", key=candidate.number)
        elif candidate.passed is None:
            why = "It was never held to the gate against what serves today, and cannot serve before."
            title = f"Have model {candidate.number} evaluated"
            yield Action(Urgency.SOON, title, why, "models", detail="model", key=candidate.number)


def _runs(facts: Facts) -> Iterator[Action]:
    if facts.broken_run is not None:
        why = "It did not reach its end; it can go on from its last checkpoint."
        title = f"Let training run {facts.broken_run} go on, or give it up"
        yield Action(Urgency.TODAY, title, why, "runs", detail="run", key=facts.broken_run)


def _proposals(facts: Facts) -> Iterator[Action]:
    if facts.proposals and not facts.running:
        title = "Confirm a proposed training run" if len(facts.proposals) == 1 else f"Decide about {len(facts.proposals)} proposed runs"
        yield Action(Urgency.TODAY, title, facts.proposals[0], "triggers")


def _people_wait(facts: Facts) -> Iterator[Action]:
    if facts.adjudications:
        what = _counted(facts.adjudications, "document")
        old = f" The oldest has waited {_age(facts.adjudications_oldest)}." if facts.adjudications_oldest else ""
        yield Action(
            Urgency.TODAY, f"Adjudicate {what}", f"Two labels differ, and only a senior can say what is right.{old}", "adjudications"
        )
    if facts.reviews:
        old = f" The oldest has waited {_age(facts.reviews_oldest)}." if facts.reviews_oldest else ""
        why = f"The machine was not sure enough to let them through.{old}"
        yield Action(Urgency.TODAY, f"Review {_counted(facts.reviews, 'document')}", why, "review")
    if facts.overdue:
        yield Action(
            Urgency.NOW, f"Get {_counted(facts.overdue, 'task')} done", "Past the day on which they were due.", "queue", query="tab=due"
        )
    if facts.escalated:
        why = "A biller passed them on."
        yield Action(Urgency.TODAY, f"Take {_counted(facts.escalated, 'task')} that need a senior", why, "queue", query="tab=escalated")
    if facts.suspects:
        what = _counted(facts.suspects, "gold record")
        yield Action(Urgency.SOON, f"Check {what}", "Something speaks against them, and models learn from gold.", "suspects")


def _truth(facts: Facts) -> Iterator[Action]:
    if facts.documents and facts.passed_unchecked:
        why = "Documents went through without a person and none of them was checked, so the accuracy of all is not known."
        yield Action(Urgency.TODAY, "Have accepted documents audited", why, "policy")
    elif facts.documents and facts.judged_documents < FLOOR:
        why = f"Accuracy is known from {FLOOR} settled documents on; there are {facts.judged_documents} in these days."
        yield Action(Urgency.SOON, f"Settle {_counted(FLOOR - facts.judged_documents, 'document')} more", why, "queue")


def _datasets(facts: Facts) -> Iterator[Action]:
    if facts.gold and not facts.held_out:
        why = "A model is measured on vendors that nothing was ever learned from; until there is one, synthetic documents stand in."
        yield Action(Urgency.SOON, "Hold out a vendor", why, "datasets")
    if facts.dataset is None and facts.gold >= FIRST_GOLD:
        yield Action(Urgency.SOON, "Freeze the first data set", f"There are {facts.gold:,} gold records to learn from.", "datasets")
    elif facts.dataset is not None and facts.new_gold >= NEW_GOLD:
        why = f"{facts.new_gold:,} gold records are newer than data set {facts.dataset}."
        yield Action(Urgency.SOON, "Freeze another data set", why, "datasets")
    elif facts.dataset is not None and not facts.dataset_used and not facts.running:
        yield Action(Urgency.SOON, f"Train on data set {facts.dataset}", "It is frozen, and no model has learned from it.", "runs")


def _confidence(facts: Facts) -> Iterator[Action]:
    if facts.off_by is not None and facts.off_by >= OFF_POINTS and facts.off_values >= OFF_VALUES:
        why = f"What it promises is off by {in_points(facts.off_by)} on average, over {facts.off_values:,} values that were checked."
        yield Action(Urgency.SOON, "Calibrate the model that serves", why, "models")
    if facts.model_serves and not facts.certified and facts.documents:
        why = "Acceptance is not certified for the model that serves: every document is seen by a person."
        yield Action(Urgency.SOON, "See what it would take to let documents through", why, "thresholds")


RULES: tuple[Callable[[Facts], Iterator[Action]], ...] = (
    *(_station, _alerts, _refusal, _first_document, _canary, _candidates, _runs, _proposals),
    *(_people_wait, _failed, _truth, _datasets, _confidence),
)


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _age(seconds: int) -> str:
    if seconds < 3600:
        return _counted(max(1, seconds // 60), "minute")
    return _counted(seconds // 3600, "hour") if seconds < 2 * 86400 else _counted(seconds // 86400, "day")
