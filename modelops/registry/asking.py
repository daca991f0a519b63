"""Asking for an evaluation and a verdict. A worker does both (``modelops.gate.answering``)."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from invoices.models import User
from modelops.errors import Refused
from modelops.models import DatasetVersion, EvaluationAsk, ModelVersion
from modelops.signals import evaluation_wanted

OPEN = (EvaluationAsk.State.WAITING, EvaluationAsk.State.READING)


def ask_for_evaluation(model: ModelVersion | None, dataset: DatasetVersion, *, by: User | None = None) -> EvaluationAsk:
    """Have a worker evaluate the model (``None``: the templates alone) on the held-out documents of ``dataset`` and ask the gate.

    While one is open, asking again is the same one. Raises ``Refused`` for a version that is not frozen, or has no held-out document.
    """
    if dataset.state != DatasetVersion.State.FROZEN:
        raise Refused("dataset_not_frozen", f"Data set {dataset.number} is not frozen; choose one that is.")
    if not dataset.test_documents:
        raise Refused(
            "nothing_held_out",
            f"Data set {dataset.number} has no held-out document, so no model can be judged on it. Put vendors with confirmed documents "
            "on the held-out side and make another version.",
        )
    with transaction.atomic():
        ask = open_ask(model.pk if model is not None else None, dataset.pk, by=by)
        evaluation_wanted.send(None, model_id=model.pk if model is not None else 0, dataset_id=dataset.pk)
    return ask


def open_ask(model_id: int | None, dataset_id: int, *, by: User | None = None) -> EvaluationAsk:
    """The open one for the two, made if there is none."""
    opened = EvaluationAsk.objects.filter(model=model_id, dataset=dataset_id, state__in=OPEN)
    found = opened.first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return EvaluationAsk.objects.create(model_id=model_id, dataset_id=dataset_id, asked_by=by)
    except IntegrityError:
        return opened.get()


def fail_ask(ask_id: int, message: str) -> None:
    """Say of an open one that it could not be done; asked for anew it is another one."""
    EvaluationAsk.objects.filter(pk=ask_id, state__in=OPEN).update(state=EvaluationAsk.State.FAILED, error=message[:600], changed_at=Now())


def newest_judgeable() -> DatasetVersion | None:
    """The newest frozen version with held-out documents."""
    frozen = DatasetVersion.objects.filter(state=DatasetVersion.State.FROZEN, test_documents__gt=0)
    return frozen.order_by("-number").first()
