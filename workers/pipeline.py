"""The whole flow on one page: who announces, and which job follows.

    invoices  documents_received -> parse_document         once per document and revision
    invoices  document_parsed    -> prefill_document       once per document and revision
    invoices  document_prefilled -> open_labeling_task     once per prediction and revision
                                 -> read_with_model        likewise, where a model serves; nobody waits for it
    invoices  document_read_by_model -> open_labeling_task likewise
    labeling  gold_recorded      -> learn_vendor_template  once per gold record
    labeling  truth_changed      -> judge_labels           once per gold record, and once more when it is taken back
    invoices  template_learned   -> prefill_document       for each open, unlabeled document of the vendor
    modelops  evaluation_wanted  -> evaluate_model         once per ask; one that died is brought back when it is asked again
    modelops  run_wanted         -> train_run              once per run and attempt
    modelops  serving_changed    -> fill_in_anew           once per deployment
    modelops  shadow_wanted      -> shadow_run             once per shadow run
    modelops  alert_told         -> deliver_alert          once per message and number of times it was tried
    modelops  dataset_wanted     -> freeze_dataset         once per version
    modelops  document_removed   -> finish_removal         once per removed document

A signal is sent inside the transaction that made the change; its receiver writes the job in that transaction.
Keys make repetition harmless. Each signal has exactly one receiver, and a test says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from invoices import signals as invoices
from invoices.models import Document
from invoices.serving import serving
from labeling import signals as labeling
from labeling.sampling import open_document_ids
from modelops import signals as modelops
from modelops.models import AlertDelivery
from modelops.registry.asking import open_ask
from workers import kinds
from workers.ledger import enqueue, enqueue_many, revive
from workers.models import Job

FIRST_OF_A_BATCH = 10
"""How many documents of a batch the bell rings for at once: enough to keep every reader busy until the reaper rings for more."""


def connect() -> None:
    """Wire the pipeline; called once, when Django is ready."""
    invoices.documents_received.connect(on_documents_received)
    invoices.document_parsed.connect(on_document_parsed)
    invoices.document_prefilled.connect(on_document_prefilled)
    invoices.document_read_by_model.connect(on_document_read_by_model)
    labeling.gold_recorded.connect(on_gold_recorded)
    labeling.truth_changed.connect(on_truth_changed)
    invoices.template_learned.connect(on_template_learned)
    modelops.evaluation_wanted.connect(on_evaluation_wanted)
    modelops.run_wanted.connect(on_run_wanted)
    modelops.serving_changed.connect(on_serving_changed)
    modelops.shadow_wanted.connect(on_shadow_wanted)
    modelops.alert_told.connect(on_alert_told)
    modelops.dataset_wanted.connect(on_dataset_wanted)
    modelops.document_removed.connect(on_document_removed)


def on_documents_received(*, readings: Sequence[tuple[int, int]], **_: Any) -> None:
    """Files were stored, or are to be read once more: read them, the first ones at once."""
    wanted = [(f"parse:{pk}:{revision}", {"document_id": pk, "revision": revision}) for pk, revision in readings]
    enqueue_many(kinds.PARSE_DOCUMENT, wanted, rung_at_once=FIRST_OF_A_BATCH)


def on_document_parsed(*, document_id: int, **_: Any) -> None:
    """Words and pages are stored: fill in the record."""
    enqueue(kinds.PREFILL_DOCUMENT, f"prefill:{document_id}:{_revision(document_id)}", {"document_id": document_id})


def on_document_prefilled(*, document_id: int, prediction_id: int, **_: Any) -> None:
    """There is something to confirm: let a person see it. The model, if one serves, may still improve on it."""
    revision = _revision(document_id)
    enqueue(kinds.OPEN_LABELING_TASK, f"open:{document_id}:{revision}:{prediction_id}", {"document_id": document_id})
    if serving().models:
        enqueue(kinds.READ_WITH_MODEL, f"read:{document_id}:{revision}:{prediction_id}", {"document_id": document_id})


def on_document_read_by_model(*, document_id: int, prediction_id: int, **_: Any) -> None:
    """There is a better pre-fill: show it, unless somebody has begun."""
    enqueue(kinds.OPEN_LABELING_TASK, f"open:{document_id}:{_revision(document_id)}:{prediction_id}", {"document_id": document_id})


def on_gold_recorded(*, gold_id: int, vendor_id: int | None, **_: Any) -> None:
    """A person confirmed a record: learn from it, if its vendor is known."""
    if vendor_id is not None:
        enqueue(kinds.LEARN_VENDOR_TEMPLATE, f"learn:{vendor_id}:{gold_id}", {"vendor_id": vendor_id})


def on_truth_changed(*, document_id: int, gold_id: int, counts: bool, **_: Any) -> None:
    """What a document's labels are held to is another now: judge them anew."""
    enqueue(kinds.JUDGE_LABELS, f"judge:{gold_id}" if counts else f"judge:{gold_id}:back", {"document_id": document_id})


def on_template_learned(*, vendor_id: int, template_id: str, **_: Any) -> None:
    """The vendor is known better now: fill in its waiting documents again."""
    wanted = [(f"prefill:{pk}:{template_id[:64]}", {"document_id": pk}) for pk in open_document_ids(vendor_id)]
    enqueue_many(kinds.PREFILL_DOCUMENT, wanted)


def on_evaluation_wanted(*, model_id: int, dataset_id: int, **_: Any) -> None:
    """A model is to be judged: read the held-out documents with it, and ask the gate."""
    ask = open_ask(model_id or None, dataset_id)
    enqueue(kinds.EVALUATE_MODEL, f"evaluate:{ask.pk}", {"ask_id": ask.pk})
    revive(Job.objects.filter(key=f"evaluate:{ask.pk}"))


def on_run_wanted(*, run_id: int, attempt: int, **_: Any) -> None:
    """A training run is to begin, or to go on: carry it out."""
    enqueue(kinds.TRAIN_RUN, f"train:{run_id}:{attempt}", {"run_id": run_id, "attempt": attempt})


def on_serving_changed(*, deployment_id: int, **_: Any) -> None:
    """Another model serves: have open documents filled in by it."""
    enqueue(kinds.FILL_IN_ANEW, f"anew:{deployment_id}", {"deployment_id": deployment_id})


def on_shadow_wanted(*, shadow_id: int, **_: Any) -> None:
    """A model is to be tried in the dark."""
    enqueue(kinds.SHADOW_RUN, f"shadow:{shadow_id}", {"shadow_id": shadow_id})


def on_alert_told(*, delivery_ids: Sequence[int], **_: Any) -> None:
    """Somebody is to be told of an alert, or has not been reached yet: send it."""
    tried = AlertDelivery.objects.filter(pk__in=delivery_ids).order_by("pk").values_list("pk", "attempts")
    enqueue_many(kinds.DELIVER_ALERT, [(f"deliver:{pk}:{attempts}", {"delivery_id": pk}) for pk, attempts in tried])


def on_dataset_wanted(*, version_id: int, **_: Any) -> None:
    """A data set was asked for: put it together."""
    enqueue(kinds.FREEZE_DATASET, f"freeze:{version_id}", {"version_id": version_id})


def on_document_removed(*, removal_id: int, **_: Any) -> None:
    """A document had to go: take its lines and files away."""
    enqueue(kinds.FINISH_REMOVAL, f"remove:{removal_id}", {"removal_id": removal_id})


def _revision(document_id: int) -> int:
    return Document.objects.values_list("parse_revision", flat=True).get(pk=document_id)
