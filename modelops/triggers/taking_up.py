"""Taking a proposal up: its data set is put together, and the run begins when that is frozen (``going_on``)."""

from __future__ import annotations

import logging

from django.db import transaction
from django.utils import timezone

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from invoices.models import User
from modelops.errors import NotFound, Refused
from modelops.models import RunState, TrainingRun, TriggerPolicy, TriggerProposal
from modelops.triggers.engine import collect_for

logger = logging.getLogger(__name__)

State = TriggerProposal.State
_AT_WORK = (RunState.QUEUED, RunState.RUNNING, RunState.STOPPING)


def take_up(*, proposal_id: int, by: User | None) -> TriggerProposal:
    """Have the data set put together. Taken up already and not held back, nothing changes; held back, it begins anew.

    Raises ``NotFound`` (``proposal_not_found``) and ``Refused`` (``proposal_decided``, and what collecting refuses).
    """
    with transaction.atomic():
        proposal = open_proposal(proposal_id)
        if proposal.taken_up_at is not None and not proposal.held_back:
            return proposal
        dataset = collect_for(proposal, by)
        proposal.dataset, proposal.held_back, proposal.preflight = dataset, "", {}
        proposal.taken_up_at, proposal.taken_up_by = timezone.now(), by
        proposal.save(update_fields=["dataset", "held_back", "preflight", "taken_up_at", "taken_up_by"])
        after = {"decision": "taken_up", "dataset": dataset.number, "kind": proposal.kind}
        record(Action.PROPOSAL_DECIDED, actor=by, object=Target("proposal", proposal.pk), after=after)
    return proposal


def take_up_by_policy(policy: TriggerPolicy) -> int:
    """Take up the oldest open proposal if the policy starts runs by itself and nothing is under way; its id, 0 for none."""
    if not policy.starts_by_itself:
        return 0
    waiting = TriggerProposal.objects.filter(state=State.OPEN)
    under_way = waiting.filter(taken_up_at__isnull=False, held_back="").exists() or TrainingRun.objects.filter(state__in=_AT_WORK).exists()
    oldest = waiting.filter(taken_up_at=None).order_by("pk").values_list("pk", flat=True).first()
    if under_way or oldest is None:
        return 0
    try:
        take_up(proposal_id=oldest, by=None)
    except Refused as error:
        logger.info("Proposal %s was not taken up: %s", oldest, error.code)
        return 0
    return oldest


def open_proposal(proposal_id: int) -> TriggerProposal:
    """The proposal, locked. Raises ``NotFound`` and ``Refused``."""
    proposals = TriggerProposal.objects.select_for_update(of=("self",)).select_related("dataset", "decided_by")
    proposal = proposals.filter(pk=proposal_id).first()
    if proposal is None:
        raise NotFound("proposal_not_found", f"There is no proposal {proposal_id}. Reload the list.")
    if proposal.state != State.OPEN:
        raise Refused("proposal_decided", f"Proposal {proposal_id} is {proposal.get_state_display().lower()} already; nothing was changed.")
    return proposal
