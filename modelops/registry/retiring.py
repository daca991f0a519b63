"""Putting a model away, and taking it back among the candidates."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from invoices.models import User
from modelops.errors import NotFound, Refused
from modelops.models import Deployment, ModelVersion


def retire(number: int, *, by: User) -> ModelVersion:
    """Put a candidate away: it cannot be promoted until it is taken back. One that is put away already stays so.

    Raises ``NotFound``, and ``Refused`` (``model_serves``) for the champion and for a model that reads a share of the documents.
    """
    with transaction.atomic():
        model = locked(number)
        if model.state == ModelVersion.State.RETIRED:
            return model
        if model.state == ModelVersion.State.CHAMPION or Deployment.objects.filter(model=model, ended_at=None).exists():
            raise Refused("model_serves", f"Model {number} serves. Promote another one or roll back first.")
        return _changed(model, ModelVersion.State.RETIRED, by)


def take_back(number: int, *, by: User) -> ModelVersion:
    """Make a retired model a candidate again; the gate decides about it anew. Raises ``NotFound``."""
    with transaction.atomic():
        model = locked(number)
        if model.state != ModelVersion.State.RETIRED:
            return model
        return _changed(model, ModelVersion.State.CANDIDATE, by)


def locked(number: int) -> ModelVersion:
    """The model of that number, for the caller's transaction alone. Raises ``NotFound``."""
    model = ModelVersion.objects.select_for_update(of=("self",)).filter(number=number).first()
    if model is None:
        raise NotFound("model_not_found", f"There is no model {number}.")
    return model


def _changed(model: ModelVersion, state: ModelVersion.State, by: User) -> ModelVersion:
    before = model.state
    model.state = state
    retired = state == ModelVersion.State.RETIRED
    model.retired_at, model.put_away_by = (timezone.now(), by) if retired else (None, None)
    model.save(update_fields=["state", "retired_at", "put_away_by"])
    record(Action.MODEL_RETIRED, actor=by, object=Target("model", model.pk), before={"state": before}, after={"state": model.state})
    return model
