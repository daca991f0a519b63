"""What the workers say of a deployed model: that they read with it, or why they cannot."""

from __future__ import annotations

from django.db.models.functions import Now

from modelops.models import Deployment


def taken_up(model_id: str) -> None:
    """A worker reads with the model. One UPDATE; nothing for a model that was not deployed."""
    Deployment.objects.filter(ended_at=None, model__model_id=model_id).update(taken_up_at=Now(), refusal="")


def refused(model_id: str, reason: str) -> None:
    """A worker cannot read with the model and goes on with what it read with before. One UPDATE."""
    Deployment.objects.filter(ended_at=None, model__model_id=model_id).update(refusal=reason[:600])
