"""After another model was made to serve: open documents are filled in by what serves them now, and nothing else changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction

from invoices.models import DocumentStatus, Prediction
from invoices.serving import Serving, serving
from labeling.corrections.names import is_corrected, original_name
from labeling.sampling import untouched_documents
from labeling.served_again import show_again
from mlcore.documents import Route
from mlcore.inference.model_names import authors_of, prefix_of
from modelops.models import Deployment
from workers.kinds import PREFILL_DOCUMENT, READ_WITH_MODEL
from workers.ledger import enqueue_many

AT_ONCE = 200
RUNG_AT_ONCE = 1

Row = tuple[int, str, str]
"""Id of a document, hash of its content, name of the prediction that is shown."""


@dataclass(slots=True)
class Anew:
    """``asked`` documents are read by their model, ``shown`` are shown what it had said of them before."""

    asked: int = 0
    shown: int = 0


def fill_in_anew(deployment_id: int, *, fence: Callable[[], None]) -> Anew:
    """Have every open document that nobody has begun read by its model, or shown what that model said of it before.

    After a return also what the model that was taken back had let through without a person, as long as nobody has looked at it. What a
    person corrected stays. In transactions of ``AT_ONCE`` documents, each under the ``fence``; begun again it skips what is done. A newer
    change ends it, because that one has a job of its own. Raises ``Deployment.DoesNotExist`` and what ``fence`` raises.
    """
    deployment = Deployment.objects.select_related("replaces__model").get(pk=deployment_id)
    now, done = serving(), Anew()
    for rows in _batches(deployment):
        with transaction.atomic():
            fence()
            if Deployment.objects.filter(pk__gt=deployment_id).exists():
                return done
            _fill_in(rows, now, deployment_id, done)
    return done


def _fill_in(rows: Sequence[Row], now: Serving, deployment_id: int, done: Anew) -> None:
    asked = []
    for document_id, sha256, shown in rows:
        model = now.of(sha256)
        serving_id = model.model_id if model else ""
        if is_corrected(shown) or authors_of(original_name(shown)).model == serving_id:
            continue
        if show_again(document_id, serving_id, deployment_id):
            done.shown += 1
        else:
            asked.append((f"anew:{document_id}:{deployment_id}", {"document_id": document_id}))
            done.asked += 1
    enqueue_many(READ_WITH_MODEL if now.models else PREFILL_DOCUMENT, asked, rung_at_once=RUNG_AT_ONCE)


def _batches(deployment: Deployment) -> Iterator[Sequence[Row]]:
    """Documents that are open, then those that were let through; every batch is looked up when its turn comes."""
    last = 0
    while rows := _open(last):
        yield rows
        last = rows[-1][0]
    taken_back = deployment.replaces.model if deployment.replaces and deployment.kind == Deployment.Kind.ROLLBACK else None
    if taken_back is not None:
        ids = _let_through(taken_back.model_id)
        for start in range(0, len(ids), AT_ONCE):
            yield _accepted(ids[start : start + AT_ONCE])


def _open(after: int) -> list[Row]:
    waiting = untouched_documents().filter(document__status=DocumentStatus.PREFILLED, document_id__gt=after).order_by("document_id")
    return [
        (pk, sha, shown or "")
        for pk, sha, shown in waiting.values_list("document_id", "document__sha256", "prediction__model_id")[:AT_ONCE]
    ]


def _let_through(model_id: str) -> list[int]:
    """Also what it accepted as a canary, or the last time that it served: nobody has looked at it since."""
    said = Prediction.objects.filter(model_id__startswith=prefix_of(model_id), route=Route.ACCEPTED.value)
    open_still = said.filter(document__status=DocumentStatus.PREFILLED)
    return list(open_still.order_by("document_id").values_list("document_id", flat=True).distinct())


def _accepted(ids: Sequence[int]) -> list[Row]:
    """Those whose newest prediction still is the one that let them through."""
    newest: dict[int, tuple[str, str, str]] = {}
    rows = Prediction.objects.filter(document__in=ids).order_by("pk").values_list("document_id", "document__sha256", "model_id", "route")
    for document_id, sha256, model_id, route in rows:
        newest[document_id] = (sha256, model_id, route)
    return [(pk, sha, shown) for pk, (sha, shown, route) in newest.items() if route == Route.ACCEPTED.value]
