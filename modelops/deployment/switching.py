"""Writing down that another model serves. Called by the services that decide it, inside their transaction."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from invoices.models import ServingModel, User
from modelops import signals
from modelops.deployment.present import Present, changed, present
from modelops.models import Deployment, ModelVersion


def begin(now: Present, *, slot: str, kind: str, model: ModelVersion | None, by: User | None, **details: Any) -> Deployment:
    """End what is in the slot and begin anew; announces ``serving_changed``. Raises ``Refused`` when somebody was quicker.

    A champion ends the canary beside it. ``details`` are further values of the row.
    """
    replaced = now.canary if slot == Deployment.Slot.CANARY else now.champion
    ends = [slot] if slot == Deployment.Slot.CANARY else [slot, Deployment.Slot.CANARY]
    Deployment.objects.filter(slot__in=ends, ended_at=None).update(ended_at=timezone.now())
    row = _created(slot=slot, kind=kind, model=model, by=by, replaces=replaced, **details)
    if slot == Deployment.Slot.CHAMPION:
        _crown(model)
        ServingModel.objects.filter(slot=ServingModel.Slot.CANARY).delete()
    if kind != Deployment.Kind.FIRST:  # what came with the product, or that nothing did, serves without a row
        _serve(slot, model, row.share)
    signals.serving_changed.send(sender=Deployment, deployment_id=row.pk)
    return row


def end_canary(canary: Deployment, *, by: User | None, reason: str) -> Deployment:
    """Take the canary back; the row that says so has no length. Announces ``serving_changed``."""
    at = timezone.now()
    Deployment.objects.filter(pk=canary.pk).update(ended_at=at)
    row = Deployment.objects.create(
        slot=Deployment.Slot.CANARY,
        kind=Deployment.Kind.ROLLBACK,
        model=None,
        share=canary.share,
        replaces=canary,
        by=by,
        reason=reason,
        ended_at=at,
    )
    ServingModel.objects.filter(slot=ServingModel.Slot.CANARY).delete()
    signals.serving_changed.send(sender=Deployment, deployment_id=row.pk)
    return row


def put_right(model: ModelVersion) -> bool:
    """Have what serves read from where the registry has its files now; ``False`` when it is read from there already."""
    serves = ServingModel.objects.filter(model_id=model.model_id).exclude(folder=model.folder)
    return bool(serves.update(folder=model.folder, changed_at=timezone.now()))


def _created(**values: Any) -> Deployment:
    try:
        with transaction.atomic():
            return Deployment.objects.create(**values)
    except IntegrityError:
        now = present()
        if (now.canary if values["slot"] == Deployment.Slot.CANARY else now.champion) is not None:
            raise changed(now) from None  # of two who were the first ever, one was quicker
        raise


def _crown(model: ModelVersion | None) -> None:
    State = ModelVersion.State
    others = ModelVersion.objects.filter(state=State.CHAMPION)
    if model is not None:
        others = others.exclude(pk=model.pk)
    others.update(state=State.RETIRED, retired_at=timezone.now())
    if model is not None:
        ModelVersion.objects.filter(pk=model.pk).update(state=State.CHAMPION, retired_at=None, put_away_by=None)


def _serve(slot: str, model: ModelVersion | None, share: int) -> None:
    """The row that every process reads. What came with the product serves without one, so that it is found where it is."""
    if slot == Deployment.Slot.CHAMPION and model is not None and model.origin == ModelVersion.Origin.SHIPPED:
        ServingModel.objects.filter(slot=slot).delete()
        return
    named = {"model_id": model.model_id, "folder": model.folder} if model else {"model_id": "", "folder": ""}
    ServingModel.objects.update_or_create(slot=slot, defaults={**named, "share": share, "changed_at": timezone.now()})
