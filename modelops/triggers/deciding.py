"""Saying no to a proposal, with the reason."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from invoices.models import User
from modelops.errors import RequestInvalid
from modelops.models import TriggerProposal
from modelops.triggers.taking_up import open_proposal

MAX_REASON = 500


def dismiss(*, user: User, proposal_id: int, reason: str) -> TriggerProposal:
    """Dismiss a proposal; the same is not proposed again until there is something new to say. A data set that was made stays.

    Raises ``NotFound``, ``Refused`` (``proposal_decided``) and ``RequestInvalid`` (``reason_missing``, ``reason_too_long``).
    """
    said = reason.replace("\x00", "").strip()
    if not said:
        raise RequestInvalid("reason_missing", "Say in a few words why no run is needed; it is kept with the proposal.")
    if len(said) > MAX_REASON:
        raise RequestInvalid("reason_too_long", f"The reason has {len(said)} characters; the limit is {MAX_REASON}. Shorten it.")
    with transaction.atomic():
        proposal = open_proposal(proposal_id)
        proposal.state, proposal.reason = TriggerProposal.State.DISMISSED, said
        proposal.decided_by, proposal.decided_at = user, timezone.now()
        proposal.save(update_fields=["state", "reason", "decided_by", "decided_at"])
        record(
            Action.PROPOSAL_DECIDED,
            actor=user,
            object=Target("proposal", proposal.pk),
            after={"decision": "dismissed", "kind": proposal.kind},
        )
    return proposal
