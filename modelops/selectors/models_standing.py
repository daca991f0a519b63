"""How models stand: what serves, what may, what was trained, what asks for the next run. Each function is one or two statements."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db.models import Exists, Max, OuterRef

from invoices.models import Prediction
from labeling.models import GoldRecord
from modelops.dashboard.actions import CANARY_DOCUMENTS, NEW_GOLD, Canary, Candidate, OpenAlert
from modelops.dashboard.board import Deployed, RunCost
from modelops.gate.permission import Standing, standing
from modelops.models import (
    Alert,
    DatasetItem,
    DatasetVersion,
    Deployment,
    ModelVersion,
    RunState,
    Side,
    TrainingRun,
    TriggerProposal,
    VendorSide,
)

MOST_MARKS = 60
"""Deployments and runs that are drawn, the newest."""

MOST_CANDIDATES = 3
"""Candidates that are looked at, the newest."""

LATEST_READINGS = 5_000
"""Newest predictions among which those of a model are counted."""


def active_deployments() -> dict[str, Deployment]:
    """What serves now, by slot."""
    rows = Deployment.objects.filter(ended_at__isnull=True).select_related("model", "replaces__model", "by")
    return {row.slot: row for row in rows}


def deployed_between(start: dt.date, end: dt.date) -> list[Deployed]:
    """Changes of what serves, oldest first."""
    rows = Deployment.objects.filter(at__date__gte=start, at__date__lte=end).select_related("model").order_by("-at", "-pk")[:MOST_MARKS]
    return [Deployed(row.at.date(), deployment_label(row)) for row in reversed(rows)]


def deployment_label(row: Deployment) -> str:
    """``Model 4``, ``Back to model 3``, ``Canary: model 5, 10 %``, ``Templates alone``."""
    name = f"model {row.model.number}" if row.model else "templates alone"
    if row.slot == Deployment.Slot.CANARY and row.kind == Deployment.Kind.ROLLBACK:
        return "Canary taken back"
    if row.slot == Deployment.Slot.CANARY:
        return f"Canary: {name}, {row.share} %"
    return f"Back to {name}" if row.kind == Deployment.Kind.ROLLBACK else name[:1].upper() + name[1:]


def candidates() -> list[Candidate]:
    """The newest candidates, three at most, and what their newest verdict is worth now: five statements for each."""
    rows = ModelVersion.objects.filter(state=ModelVersion.State.CANDIDATE).order_by("-number")[:MOST_CANDIDATES]
    return [_candidate(model, standing(model)) for model in rows]


def _candidate(model: ModelVersion, found: Standing) -> Candidate:
    if found.result is None or found.stale:
        return Candidate(model.number, None)
    return Candidate(model.number, found.result.passed and not found.reasons, overridden=found.override is not None and not found.reasons)


def canary_of(deployment: Deployment | None) -> Canary | None:
    """The canary and how much it has read. Counted among the newest readings, up to ``CANARY_DOCUMENTS``: two statements."""
    if deployment is None or deployment.model is None:
        return None
    return Canary(deployment.model.number, deployment.share, readings_of(deployment.model.model_id, CANARY_DOCUMENTS))


def readings_of(model_id: str, most: int) -> int:
    """How many of the newest readings a model had a part in, ``most`` at most: two statements, both off the primary key."""
    newest = Prediction.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    rows = Prediction.objects.filter(pk__gt=newest - LATEST_READINGS, model_id__startswith=model_id).order_by("-pk")
    return len(rows.values_list("pk", flat=True)[:most])


def latest_run() -> tuple[int | None, bool]:
    """The newest run where it stopped or failed, and whether one is under way."""
    rows = TrainingRun.objects.order_by("-pk").values_list("pk", "state")[:20]
    running = any(state in (RunState.QUEUED, RunState.RUNNING, RunState.STOPPING) for _, state in rows)
    broken = rows[0][0] if rows and rows[0][1] in (RunState.FAILED, RunState.STOPPED) else None
    return broken, running


def run_costs(start: dt.date, end: dt.date) -> list[RunCost]:
    """What runs cost that ended in these days, oldest first; at most the newest 60."""
    rows = TrainingRun.objects.filter(finished_at__date__gte=start, finished_at__date__lte=end, cost__isnull=False).order_by("-finished_at")
    found = rows.values_list("finished_at", "pk", "cost")[:MOST_MARKS]
    return [RunCost(at.date(), pk, Decimal(cost)) for at, pk, cost in reversed(found) if at is not None and cost is not None]


def open_alerts() -> list[OpenAlert]:
    """Alerts that nobody has taken up, the most urgent and newest first; 50 at most."""
    rows = Alert.objects.filter(state=Alert.State.OPEN).order_by("-last_seen").values_list("title", "sentence", "severity", "pk")[:50]
    found = [OpenAlert(title, sentence, severity == Alert.Severity.NOW, pk) for title, sentence, severity, pk in rows]
    return sorted(found, key=lambda alert: not alert.now)


def open_proposals() -> list[str]:
    """Why runs are proposed that nobody has decided about."""
    rows = TriggerProposal.objects.filter(state=TriggerProposal.State.OPEN).order_by("-pk").values_list("sentence", flat=True)
    return list(rows[:20])


def newest_dataset() -> tuple[int | None, bool, int]:
    """Number of the newest frozen data set, whether a run used it, and how many gold records are newer, ``NEW_GOLD`` or more at most."""
    used = TrainingRun.objects.filter(dataset=OuterRef("pk"))
    found = DatasetVersion.objects.filter(state=DatasetVersion.State.FROZEN).annotate(used=Exists(used)).order_by("-number").first()
    if found is None:
        return None, True, 0
    last = DatasetItem.objects.filter(version=found).aggregate(last=Max("gold"))["last"] or 0
    newer = GoldRecord.objects.filter(pk__gt=last, is_current=True).order_by("pk").values_list("pk", flat=True)[: 10 * NEW_GOLD]
    return found.number, bool(getattr(found, "used", True)), len(newer)


def has_held_out() -> bool:
    """Whether any vendor is held out."""
    return VendorSide.objects.filter(side=Side.TEST).exists()
