"""From a frozen data set to the run, and what holds it back."""

from __future__ import annotations

import logging
from collections.abc import Collection

from django.db import transaction

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from invoices.models import User
from modelops.errors import ModelopsError, Refused
from modelops.models import DatasetVersion, TrainingRun, TriggerProposal
from modelops.triggers.engine import start_through_preflight
from modelops.triggers.taking_up import open_proposal

logger = logging.getLogger(__name__)

State = DatasetVersion.State


def go_on() -> int:
    """Start the run of every proposal whose data set is frozen, and say of the others why not; how many started.

    One statement when none waits.
    """
    waiting = TriggerProposal.objects.filter(state=TriggerProposal.State.OPEN, taken_up_at__isnull=False, held_back="")
    ready = waiting.exclude(dataset__state=State.COLLECTING).order_by("pk").values_list("pk", flat=True)
    return sum(_go_on(pk) for pk in list(ready))


def start(*, proposal_id: int, by: User, confirmed: Collection[str] = ()) -> TrainingRun:
    """Start the run of a proposal whose data set is frozen, with these warnings of its preflight confirmed.

    Raises ``NotFound``, ``Refused`` (``dataset_not_ready``, and with the preflight in ``extra`` what that refuses).
    """
    proposal = _ready(proposal_id)
    assert proposal.dataset is not None, "it is frozen"
    with transaction.atomic():
        run = start_through_preflight(proposal, proposal.dataset, by, confirmed)
        after = {"decision": "started", "run": run.pk, "kind": proposal.kind}
        record(Action.PROPOSAL_DECIDED, actor=by, object=Target("proposal", proposal.pk), after=after)
    return run


def _ready(proposal_id: int) -> TriggerProposal:
    with transaction.atomic():
        proposal = open_proposal(proposal_id)
    if proposal.dataset is None or proposal.dataset.state != State.FROZEN:
        raise Refused("dataset_not_ready", "Its data set is not frozen yet. It goes on by itself when it is.")
    return proposal


def _go_on(proposal_id: int) -> bool:
    proposal = TriggerProposal.objects.select_related("dataset", "taken_up_by").get(pk=proposal_id)
    dataset = proposal.dataset
    if dataset is None or dataset.state == State.FAILED:
        error = dataset.error if dataset is not None else "Its data set is gone."
        _hold_back(proposal, f"The data set could not be put together: {error}"[:600], {})
        return False
    try:
        with transaction.atomic():
            run = start_through_preflight(proposal, dataset, proposal.taken_up_by, ())
            after = {"decision": "started", "run": run.pk, "kind": proposal.kind}
            record(Action.PROPOSAL_DECIDED, actor=proposal.taken_up_by, object=Target("proposal", proposal.pk), after=after)
    except ModelopsError as error:
        if error.code != "proposal_decided":
            _hold_back(proposal, error.detail, error.extra.get("preflight") or {})
        return False
    except OSError as error:
        _hold_back(proposal, f"The files of data set {dataset.number} cannot be read ({type(error).__name__}). Put a new one together.", {})
        return False
    return True


def _hold_back(proposal: TriggerProposal, why: str, preflight: object) -> None:
    """It stays open, with the reason, until somebody looks."""
    open_one = TriggerProposal.objects.filter(pk=proposal.pk, state=TriggerProposal.State.OPEN)
    open_one.update(held_back=why[:600], preflight=preflight)
    logger.info("Proposal %s is held back", proposal.pk)
