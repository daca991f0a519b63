"""The first deployment: what came with the product serves until an admin decides something else."""

from __future__ import annotations

from django.db import transaction

from invoices.models import ServingModel
from modelops.deployment.present import present
from modelops.deployment.switching import begin
from modelops.models import Deployment
from modelops.registry.shipped import register_shipped


def record_first() -> Deployment | None:
    """Write down that the shipped artifact serves, or that templates alone do; ``None`` when that is written down already.

    A new version of the product that comes with another artifact begins anew, unless something else was deployed. Idempotent.
    """
    model = register_shipped()
    with transaction.atomic():
        now = present(lock=True)
        decided = ServingModel.objects.filter(slot=ServingModel.Slot.CHAMPION).exists()
        if now.champion is not None and (decided or now.champion.model_id == (model.pk if model else None)):
            return None
        if now.champion is None and decided:
            return None
        said = "It came with the product." if model else "No model came with the product."
        return begin(now, slot=Deployment.Slot.CHAMPION, kind=Deployment.Kind.FIRST, model=model, by=None, reason=said)
