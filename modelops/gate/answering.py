"""Doing what was asked: evaluate a model, then have it judged. What could not be done is said where it was asked."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.db.models.functions import Now

from modelops.errors import ModelopsError
from modelops.gate.judging import judge
from modelops.models import EvaluationAsk
from modelops.registry.evaluating import evaluate


def answer_ask(ask_id: int, fence: Callable[[], None]) -> None:
    """Evaluate and judge. Done twice, it is done once; interrupted, it goes on.

    A refusal (``ModelopsError``) is an answer: the ask failed, with the reason. Whatever else goes wrong is written there and raised, to
    be tried again; so is ``under_way``. ``fence`` is called in every transaction that writes.
    """
    ask = EvaluationAsk.objects.select_related("model", "dataset", "asked_by").get(pk=ask_id)
    if ask.state in (EvaluationAsk.State.DONE, EvaluationAsk.State.FAILED):
        return

    def told(done: int, count: int) -> None:
        _write(ask_id, fence, state=EvaluationAsk.State.READING, done=done, documents=count, error="")

    try:
        if ask.model is None:
            evaluate(None, ask.dataset, listen=told, by=ask.asked_by, fence=fence)
        else:
            judge(ask.model, ask.dataset, ask.asked_by, listen=told, fence=fence)
    except ModelopsError as error:
        if error.code == "under_way":
            raise
        _write(ask_id, fence, state=EvaluationAsk.State.FAILED, error=error.detail[:600])
        return
    _write(ask_id, fence, state=EvaluationAsk.State.DONE, error="")


def _write(ask_id: int, fence: Callable[[], None], **values: object) -> None:
    with transaction.atomic():
        fence()
        EvaluationAsk.objects.filter(pk=ask_id).update(changed_at=Now(), **values)
