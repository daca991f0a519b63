"""What the button does: take the proposal up, or begin its run where the data set is frozen already."""

from __future__ import annotations

from collections.abc import Collection

from invoices.models import User
from modelops.models import DatasetVersion, TriggerProposal
from modelops.triggers.going_on import start
from modelops.triggers.taking_up import take_up


def start_proposal(*, user: User, proposal_id: int, confirmed: Collection[str] = ()) -> bool:
    """Begin the run now where its data set is frozen, else have one put together; whether the run began.

    A data set that was frozen before newer records were confirmed is used as it is where warnings are ``confirmed``: that is what the
    person was shown. Raises as ``take_up`` and ``going_on.start``.
    """
    proposal = TriggerProposal.objects.select_related("dataset").filter(pk=proposal_id).first()
    frozen = proposal is not None and proposal.dataset is not None and proposal.dataset.state == DatasetVersion.State.FROZEN
    if frozen and confirmed:
        start(proposal_id=proposal_id, by=user, confirmed=confirmed)
        return True
    take_up(proposal_id=proposal_id, by=user)
    return False
