"""Making a model serve: as the champion, or as a canary beside it. Nothing serves without a pass of the gate or an override."""

from __future__ import annotations

from django.db import transaction

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from invoices.models import User
from modelops.deployment.asking import check_asked, check_share, verify
from modelops.deployment.present import Present, expect, name_of, present
from modelops.deployment.switching import begin, put_right
from modelops.errors import Refused, RequestInvalid
from modelops.gate.permission import permission_to_serve
from modelops.models import Deployment, ModelVersion


def promote(model: ModelVersion, *, by: User | None, reason: str = "", share: int = 100, expected: int | None = None) -> Deployment:
    """Make a model the champion, or with a ``share`` under 100 (percent of the documents) the canary beside it.

    ``expected`` is the ``Present.version`` that was decided on: of two people at once one wins. Open documents that nobody has begun are
    read again (``serving_changed``); a canary that was there ends. Raises ``Refused``: ``deployment_changed``, ``serving_is_fixed``,
    ``artifact_damaged``, ``artifact_refused``, ``already_serves``, and what the gate says against it; ``RequestInvalid``; ``AdminNeeded``.
    """
    reason, share = check_asked(by, reason), check_share(share)
    verify(model)
    with transaction.atomic():
        now = present(lock=True)
        expect(now, expected)
        if now.champion is not None and now.champion.model_id == model.pk and put_right(model):
            return now.champion  # it was registered again from a sound copy
        _refuse_same(now, model, share)
        allowed = permission_to_serve(model)
        passed = allowed.override is None
        row = begin(
            now,
            slot=Deployment.Slot.CHAMPION if share == 100 else Deployment.Slot.CANARY,
            kind=Deployment.Kind.PROMOTION if share == 100 else Deployment.Kind.CANARY,
            model=model,
            by=by,
            share=share,
            result=allowed.result if passed else None,
            override=allowed.override,
            reason=reason,
        )
        said = {"model": model.model_id, "share": share, "deployment": row.pk, "passed": passed, "gate_result": allowed.result.pk}
        record(
            Action.MODEL_PROMOTED if share == 100 else Action.CANARY_STARTED,
            actor=by,
            object=Target("model", model.pk),
            before={"serves": name_of(now.model)},
            after=said,
        )
    return row


def serve_templates_alone(*, by: User | None, reason: str, expected: int | None = None) -> Deployment:
    """Let no model read. It needs a reason, and no gate: nothing that a machine accepted alone comes of it. Raises as ``promote``."""
    reason = check_asked(by, reason)
    if not reason:
        raise RequestInvalid("reason_missing", "Say why no model is to serve; it stands in the history.")
    with transaction.atomic():
        now = present(lock=True)
        expect(now, expected)
        if now.champion is not None and now.model is None and now.canary is None:
            raise Refused("already_serves", "Templates alone serve already.")
        row = begin(now, slot=Deployment.Slot.CHAMPION, kind=Deployment.Kind.PROMOTION, model=None, by=by, reason=reason)
        record(
            Action.MODEL_PROMOTED,
            actor=by,
            object=Target("deployment", row.pk),
            before={"serves": name_of(now.model)},
            after={"serves": name_of(None), "deployment": row.pk},
        )
    return row


def _refuse_same(now: Present, model: ModelVersion, share: int) -> None:
    if now.model is not None and now.model.pk == model.pk:
        beside = " Roll back to end the canary beside it." if now.canary else ""
        raise Refused("already_serves", f"{str(model).capitalize()} serves already.{beside}")
    if now.canary is not None and now.canary.model_id == model.pk and now.canary.share == share:
        raise Refused("already_serves", f"{str(model).capitalize()} reads {share} % of the documents already.")
