"""Keeping proposals: one waits for each key, and what was dismissed is not proposed again until there is something new to say."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction

from mlcore.alerting.wanting import Wanted
from modelops.models import RunState, TriggerPolicy, TriggerProposal

State = TriggerProposal.State
_IN_VAIN = (RunState.FAILED, RunState.STOPPED)


def propose(wanted: Sequence[Wanted], policy: TriggerPolicy) -> list[TriggerProposal]:
    """Keep what is wanted and new; those that were made. An open one of the same key gets the newer numbers."""
    made = []
    for one in wanted:
        waiting = TriggerProposal.objects.filter(key=one.key, state=State.OPEN)
        if waiting.update(sentence=one.sentence[:600], evidence=dict(one.evidence), occasion=one.occasion[:80]):
            continue
        if not _said_before(one) and (proposal := _new(one, policy)) is not None:
            made.append(proposal)
    return made


def _said_before(one: Wanted) -> bool:
    """Whether the same was proposed and dismissed, or its run is at work or finished. One that failed may be asked for again."""
    last = TriggerProposal.objects.filter(key=one.key).select_related("run").order_by("-pk").first()
    if last is None:
        return False
    if last.state == State.STARTED and last.run is not None and last.run.state not in (*_IN_VAIN, RunState.FINISHED):
        return True
    failed = last.state == State.STARTED and (last.run is None or last.run.state in _IN_VAIN)
    return last.occasion == one.occasion and not failed


def _new(one: Wanted, policy: TriggerPolicy) -> TriggerProposal | None:
    try:
        with transaction.atomic():
            return TriggerProposal.objects.create(
                kind=one.kind,
                key=one.key,
                vendor_id=one.vendor,
                sentence=one.sentence[:600],
                evidence=dict(one.evidence),
                occasion=one.occasion[:80],
                policy=policy if policy.pk else None,
            )
    except IntegrityError:  # another look has proposed it at the same moment
        return None
