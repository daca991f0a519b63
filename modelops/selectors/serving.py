"""What serves, since when, by whose word, and what a change would mean: for the screen and the API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from invoices.models import DocumentStatus
from invoices.serving import Serving, fixed_by, serving
from labeling.sampling import untouched_documents
from modelops.deployment.asking import MAX_REASON
from modelops.deployment.present import Present, before, present
from modelops.deployment.shadow import MOST_DOCUMENTS, USUAL_DOCUMENTS
from modelops.gate.permission import Standing, standing
from modelops.models import Deployment, ModelVersion, ShadowRun

HISTORY_PAGE = 20
CANDIDATES = 50
"""Newest candidates that the form offers."""


@dataclass(frozen=True)
class ServingNow:
    """What serves. ``setting`` names what says so instead of the deployments, and ``named`` is the artifact that it names.

    ``returns_to`` is the deployment that a return leads back to, ``can_return`` whether there is anything to return from. ``waiting`` is
    how many open documents, that nobody has begun, would be filled in anew.
    """

    present: Present
    serving: Serving
    setting: str
    returns_to: Deployment | None
    waiting: int

    @property
    def named(self) -> str:
        """The artifact that a setting names, ``""`` for none."""
        return str(self.serving.champion.folder) if self.setting and self.serving.champion else ""

    @property
    def can_return(self) -> bool:
        """Whether one action leads back to something."""
        return not self.setting and (self.present.canary is not None or self.returns_to is not None)

    @property
    def champion_share(self) -> int:
        """Percent of the documents that the champion reads."""
        return 100 - (self.present.canary.share if self.present.canary else 0)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model that could be promoted: what the gate says now, and its newest shadow run."""

    model: ModelVersion
    standing: Standing
    shadow: ShadowRun | None

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it may not serve as things stand; none when it may."""
        return self.standing.reasons


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Deployments, the newest first; ``older`` is the id to go on from, 0 at the end."""

    rows: Sequence[Deployment]
    older: int


def serving_now() -> ServingNow:
    """At most six statements."""
    now = present()
    return ServingNow(now, serving(), fixed_by(), before(now) if now.canary is None else now.champion, waiting_documents())


def waiting_documents() -> int:
    """Open documents that nobody has begun: those that another model would read again. One statement."""
    return untouched_documents().filter(document__status=DocumentStatus.PREFILLED).count()


def history(before_id: int = 0) -> HistoryPage:
    """One page of what served: one statement. ``before_id``: only what is older than that deployment."""
    rows = Deployment.objects.select_related("model", "by", "result", "override__by", "override__result", "replaces__model").order_by("-pk")
    found = list((rows.filter(pk__lt=before_id) if before_id else rows)[: HISTORY_PAGE + 1])
    return HistoryPage(found[:HISTORY_PAGE], found[HISTORY_PAGE - 1].pk if len(found) > HISTORY_PAGE else 0)


def offered() -> list[ModelVersion]:
    """The candidates that the form offers, the newest first: one statement."""
    return list(ModelVersion.objects.filter(state=ModelVersion.State.CANDIDATE).defer("card").order_by("-number")[:CANDIDATES])


def candidate(model: ModelVersion) -> Candidate:
    """What speaks for and against one model: up to seven statements."""
    shadow = ShadowRun.objects.filter(model=model).select_related("against").order_by("-pk").first()
    return Candidate(model, standing(model), shadow)


def model_serving(model: ModelVersion) -> dict[str, Any]:
    """What ``modelops/model_serving.html`` shows on the page of one model: its verdict, its shadow run, and the buttons."""
    return {"now": serving_now(), "candidate": candidate(model)} | serving_context()


def serving_context() -> dict[str, Any]:
    """The limits of the forms."""
    return {"most_reason": MAX_REASON, "usual_documents": USUAL_DOCUMENTS, "most_documents": MOST_DOCUMENTS}
