"""Going back to what served before, in one action."""

from __future__ import annotations

from django.db import transaction

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from invoices.models import User
from modelops.deployment.asking import check_asked, verify
from modelops.deployment.present import before, expect, name_of, present
from modelops.deployment.switching import begin, end_canary
from modelops.errors import Refused
from modelops.models import Deployment


def roll_back(*, by: User | None, reason: str = "", expected: int | None = None) -> Deployment:
    """End the canary if there is one, else return the champion's slot to what served before it; the row that says so.

    Open documents that nobody has begun are filled in anew by what serves then (``serving_changed``): what is in the queue is read with
    it, and what it has read before is shown again. Nothing that was labeled changes. Raises as ``promote`` does, and ``Refused``
    (``nothing_before``); the gate is not asked.
    """
    reason = check_asked(by, reason)
    _verify_target()
    with transaction.atomic():
        now = present(lock=True)
        expect(now, expected)
        if now.canary is not None:
            row = end_canary(now.canary, by=by, reason=reason)
            serves, served = now.model, now.canary.model
        else:
            target = before(now)
            if target is None:
                raise Refused("nothing_before", f"Nothing served before {name_of(now.model)}, so there is nothing to go back to.")
            row = begin(now, slot=Deployment.Slot.CHAMPION, kind=Deployment.Kind.ROLLBACK, model=target.model, by=by, reason=reason)
            serves, served = target.model, now.model
        record(
            Action.MODEL_ROLLED_BACK,
            actor=by,
            object=Target("deployment", row.pk),
            before={"serves": name_of(served)},
            after={"serves": name_of(serves), "deployment": row.pk},
        )
    return row


def _verify_target() -> None:
    """Before anything is locked, because it reads files: an artifact that was damaged meanwhile is not returned to."""
    now = present()
    target = before(now) if now.canary is None else None
    if target is not None and target.model is not None:
        verify(target.model)
