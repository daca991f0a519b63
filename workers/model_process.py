"""The models in the process that reads with them: loaded once, kept, and exchanged when others are to serve.

Before each batch ``readers`` asks what serves, which is one query. Another choice is taken up between two batches: the base in memory
stays, its adapter is swapped. What cannot be loaded is no reason to end, nor to stop: the process says why, goes on with what it
read with before, and looks again after ``LOOK_AGAIN_SECONDS``, so that a mended artifact is taken up without a restart. Without
anything from before, the jobs stay in the queue. A model server that is away is looked for again after ``SERVER_AGAIN_SECONDS``.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field

from django.db.models import F
from django.db.models.functions import Now

from invoices.serving import Served, Serving, Source, load_serving, serving
from mlcore.errors import ArtifactError, MlcoreError, ModelServerAway
from mlcore.inference.bases import Bases
from mlcore.inference.extractor import TemplatedExtractor
from modelops.deployment.taking_up import refused, taken_up
from workers import instance
from workers.models import ModelReport
from workers.performing import place_of
from workers.readers import Readers
from workers.unread import ask_for_unread

logger = logging.getLogger(__name__)

LOOK_AGAIN_SECONDS = 300.0
SERVER_AGAIN_SECONDS = 30.0

NONE_CHOSEN = "No model is installed or named (COUNTERSIGN_MODEL); documents are filled in from templates alone."
NONE_DEPLOYED = "Templates alone were deployed; documents are filled in without a model."


@dataclass(slots=True)
class _Kept:
    """``unmet``: the choice is not what reads, and is looked at again."""

    readers: Readers = field(default_factory=lambda: Readers(None))
    unmet: bool = False
    look_again_at: float = 0.0
    bases: Bases = field(default_factory=Bases)


_kept = _Kept()


def readers() -> Readers | None:
    """What reads now: what serves, taken up when it is another choice than before; ``None`` while there is nothing that can be used.

    Where templates alone were deployed nothing reads either, but that is what was wanted: the answer has no models. Once a model is
    taken up, the open documents that it has not read are asked for.
    """
    choice = serving()
    if choice != _kept.readers.choice or (_kept.unmet and time.monotonic() >= _kept.look_again_at):
        _take_up(choice)
    deployed_none = choice.source is Source.DEPLOYED and not choice.models
    return _kept.readers if _kept.readers.names or deployed_none else None


def set_aside(error: ModelServerAway) -> None:
    """Read nothing until the model server is back: it is looked for after ``SERVER_AGAIN_SECONDS``."""
    _kept.readers = Readers(None, choice=_kept.readers.choice)
    _kept.unmet = True
    _kept.look_again_at = time.monotonic() + SERVER_AGAIN_SECONDS
    _unusable(str(error))


def report_batch(documents: int, seconds: float) -> None:
    """Add a batch to what the health page shows."""
    mine = ModelReport.objects.filter(worker=_worker())
    mine.update(documents=F("documents") + documents, last_batch=documents, last_seconds=seconds, changed_at=Now())


def _take_up(choice: Serving) -> None:
    before = _kept.readers
    _kept.unmet, _kept.look_again_at = False, time.monotonic() + LOOK_AGAIN_SECONDS
    if not choice.models:
        _kept.readers = Readers(None, choice=choice)
        _kept.bases.keep(())
        if choice.source is Source.DEPLOYED:
            _report(ModelReport.State.READY, message=NONE_DEPLOYED)
        else:
            _unusable(NONE_CHOSEN)
        return
    _report(ModelReport.State.LOADING)
    problems: list[str] = []
    champion = _loaded(choice.champion, before, problems) if choice.champion else None
    if champion is None and choice.champion is not None:
        champion = before.champion
    canary = _loaded(choice.canary, before, problems) if choice.canary else None
    _kept.readers = Readers(champion, canary, choice.share, choice)
    _kept.unmet = bool(problems)
    _kept.bases.keep(_kept.readers.names)
    if not _kept.readers.names:
        _unusable(" ".join(problems))
        return
    _report(ModelReport.State.READY, model_id=_kept.readers.names[0], message=_going_on(problems, champion))
    if set(_kept.readers.names).difference(before.names):
        asked = ask_for_unread(_kept.readers)
        logger.info("%s more open documents wait to be read with %s", asked, " and ".join(_kept.readers.names))


def _loaded(wanted: Served, before: Readers, problems: list[str]) -> TemplatedExtractor | None:
    """The model, loaded unless this process reads with it already; ``None``, and a sentence in ``problems``, when it cannot be used."""
    for known in (before.champion, before.canary):
        if known is not None and known.model_id == wanted.model_id:
            taken_up(known.model_id)
            return known
    begun = time.monotonic()
    try:
        found = load_serving(wanted.folder, _kept.bases)
        if wanted.promised and found.model_id != wanted.promised:
            raise ArtifactError(f"{wanted.folder} holds {found.model_id}, deployed was {wanted.promised}; put the artifact back.")
    except MlcoreError as error:
        if isinstance(error, ModelServerAway):
            _kept.look_again_at = time.monotonic() + SERVER_AGAIN_SECONDS
        problem = str(error)
    except Exception as error:  # a library's own fault, a lack of memory: what read before goes on
        problem = f"The model in {wanted.folder} could not be loaded: {type(error).__name__} at {place_of(error)}."
    else:
        logger.info("The model %s reads after %.1f s", found.model_id, time.monotonic() - begun)
        taken_up(found.model_id)
        return found
    logger.warning("A model was not taken up: %s", problem)
    refused(wanted.model_id, problem)
    problems.append(problem)
    return None


def _going_on(problems: list[str], champion: TemplatedExtractor | None) -> str:
    if not problems:
        return ""
    on = f"{champion.model_id} goes on reading." if champion else "Templates alone fill the other documents in."
    return f"What was deployed could not be taken up: {' '.join(problems)[:480]} {on}"


def _unusable(message: str) -> None:
    logger.warning("No model reads here: %s", message)
    _report(ModelReport.State.UNUSABLE, message=message)


def _report(state: ModelReport.State, *, model_id: str = "", message: str = "") -> None:
    told = {"state": state, "model_id": model_id, "message": message[:600], "changed_at": Now()}
    counts = {"documents": 0, "last_batch": 0, "last_seconds": 0.0}
    if worker := _worker():
        ModelReport.objects.update_or_create(worker=worker, defaults=told | counts)


def _worker() -> str:
    return instance.worker_of(instance.this.name)
