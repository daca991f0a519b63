"""Proposals that nobody has to decide about any more: another run has done it, or the reason is gone."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from modelops.models import Alert, RunState, TrainingRun, TriggerProposal
from modelops.triggers.reading import learned_since, learned_vendors

Kind = TriggerProposal.Kind


def overtake() -> int:
    """Put away what is overtaken, with the reason; how many. A statement, and two at most for each open proposal."""
    count = 0
    for proposal in TriggerProposal.objects.filter(state=TriggerProposal.State.OPEN).order_by("pk"):
        if why := _overtaken(proposal):
            open_one = TriggerProposal.objects.filter(pk=proposal.pk, state=TriggerProposal.State.OPEN)
            count += open_one.update(state=TriggerProposal.State.OVERTAKEN, decided_at=timezone.now(), reason=why[:500])
    return count


def _overtaken(proposal: TriggerProposal) -> str:
    if proposal.kind == Kind.NEW_VENDOR:
        known = proposal.vendor_id is not None and learned_vendors([proposal.vendor_id])
        return "A model has learned from this vendor meanwhile." if known else ""
    run = (
        TrainingRun.objects.filter(state=RunState.FINISHED, finished_at__gt=proposal.created_at)
        .select_related("dataset")
        .order_by("-pk")
        .first()
    )
    if proposal.kind == Kind.SCHEDULE:
        fresh = run is not None and (run.dataset.frozen_at or proposal.created_at) > proposal.created_at
        return f"Training run {run.pk} learned from data set {run.dataset.number}." if run is not None and fresh else ""
    alert = Alert.objects.filter(pk=proposal.evidence.get("alert")).first()
    if alert is not None and alert.state == Alert.State.RESOLVED and not alert.resolved_by_person:
        return f"The accuracy is back: alert {alert.pk} is over."
    if run is None or proposal.vendor_id is None:
        return ""
    since = alert.first_seen if alert is not None else proposal.created_at - dt.timedelta(days=1)
    taught = learned_since(proposal.vendor_id, since, run.dataset)
    enough = taught >= int(proposal.evidence.get("changed_examples", 1))
    return f"Training run {run.pk} learned from {taught} of its new records." if enough else ""
