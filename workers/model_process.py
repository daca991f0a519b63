"""The model in the process that reads with it: loaded once and kept, and what the health page is told of it.

An artifact that cannot be loaded is no reason to end: the process says why, leaves the jobs in the queue, and looks
again after ``LOOK_AGAIN_SECONDS``, so that a mended artifact is taken up without a restart. A model server that is away is
looked for again after ``SERVER_AGAIN_SECONDS``.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from pathlib import Path

from django.db.models import F
from django.db.models.functions import Now

from invoices.serving import load_serving, serving_model
from mlcore.errors import MlcoreError, ModelServerAway
from mlcore.inference.extractor import TemplatedExtractor
from workers import instance
from workers.models import ModelReport
from workers.performing import place_of
from workers.unread import ask_for_unread

logger = logging.getLogger(__name__)

LOOK_AGAIN_SECONDS = 300.0
SERVER_AGAIN_SECONDS = 30.0

NONE_CHOSEN = "No model is installed or named (COUNTERSIGN_MODEL); documents are filled in from templates alone."


@dataclass(slots=True)
class _Kept:
    extractor: TemplatedExtractor | None = None
    look_again_at: float = 0.0


_kept = _Kept()


def extractor() -> TemplatedExtractor | None:
    """The serving model, loaded on the first call; ``None`` while there is none that can be used.

    Once it is loaded, the open documents that it has not read are asked for.
    """
    if _kept.extractor is None and time.monotonic() >= _kept.look_again_at:
        _load(serving_model())
    return _kept.extractor


def set_aside(error: ModelServerAway) -> None:
    """Read nothing until the model server is back: it is looked for after ``SERVER_AGAIN_SECONDS``."""
    _kept.extractor = None
    _kept.look_again_at = time.monotonic() + SERVER_AGAIN_SECONDS
    _unusable(str(error))


def report_batch(documents: int, seconds: float) -> None:
    """Add a batch to what the health page shows."""
    mine = ModelReport.objects.filter(worker=_worker())
    mine.update(documents=F("documents") + documents, last_batch=documents, last_seconds=seconds, changed_at=Now())


def _load(artifact: Path | None) -> None:
    _kept.look_again_at = time.monotonic() + LOOK_AGAIN_SECONDS
    if artifact is None:
        _unusable(NONE_CHOSEN)
        return
    _report(ModelReport.State.LOADING)
    begun = time.monotonic()
    try:
        _kept.extractor = load_serving(artifact)
    except MlcoreError as error:
        if isinstance(error, ModelServerAway):
            _kept.look_again_at = time.monotonic() + SERVER_AGAIN_SECONDS
        _unusable(str(error))
        return
    except Exception as error:  # a library's own fault, a lack of memory: templates go on without the model
        _unusable(f"The model in {artifact} could not be loaded: {type(error).__name__} at {place_of(error)}.")
        return
    logger.info("The model %s reads after %.1f s", _kept.extractor.model_id, time.monotonic() - begun)
    _report(ModelReport.State.READY, model_id=_kept.extractor.model_id)
    asked = ask_for_unread(_kept.extractor.model_id)
    logger.info("%s more open documents wait to be read with it", asked)


def _unusable(message: str) -> None:
    logger.warning("No model reads here: %s", message)
    _report(ModelReport.State.UNUSABLE, message=message[:600])


def _report(state: ModelReport.State, *, model_id: str = "", message: str = "") -> None:
    told = {"state": state, "model_id": model_id, "message": message, "changed_at": Now()}
    counts = {"documents": 0, "last_batch": 0, "last_seconds": 0.0}
    if worker := _worker():
        ModelReport.objects.update_or_create(worker=worker, defaults=told | counts)


def _worker() -> str:
    return instance.worker_of(instance.this.name)
