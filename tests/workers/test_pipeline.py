"""The wiring: one receiver for each signal, one job for each announcement."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.dispatch import Signal

from invoices import signals as invoices_signals
from invoices.models import Document
from labeling import signals as labeling_signals
from modelops import signals as modelops_signals
from workers.models import Job, JobStatus
from workers.pipeline import FIRST_OF_A_BATCH

SIGNALS = {
    f"{module.__name__}.{name}": signal
    for module in (invoices_signals, labeling_signals, modelops_signals)
    for name, signal in vars(module).items()
    if isinstance(signal, Signal)
}


@pytest.mark.parametrize("name", sorted(SIGNALS))
def test_every_pipeline_signal_has_exactly_one_receiver(name: str) -> None:
    receivers, async_receivers = SIGNALS[name]._live_receivers(sender=None)
    assert len(receivers) == 1
    assert receivers[0].__module__ == "workers.pipeline"
    assert not async_receivers


def jobs() -> list[tuple[str, str, str]]:
    return list(Job.objects.order_by("pk").values_list("kind", "queue", "key"))


@pytest.fixture
def document(db: None) -> Document:
    """A document that was asked to be read for the second time."""
    return Document.objects.create(sha256="c" * 64, name="c.pdf", media_type="application/pdf", size=1, parse_revision=2)


def test_a_received_document_is_read_once_per_revision(document: Document) -> None:
    for revision in (1, 1, 2):
        invoices_signals.documents_received.send(sender=None, readings=[(document.pk, revision)])
    assert jobs() == [
        ("parse_document", "documents", f"parse:{document.pk}:1"),
        ("parse_document", "documents", f"parse:{document.pk}:2"),
    ]


def test_each_document_of_a_batch_is_read_once(document: Document) -> None:
    others = [Document.objects.create(sha256=f"{n:064x}", name="d.pdf", media_type="application/pdf", size=1) for n in range(12)]
    ids = [document.pk, *(other.pk for other in others)]
    for _ in range(2):
        invoices_signals.documents_received.send(sender=None, readings=[(pk, 1) for pk in ids])
    assert jobs() == [("parse_document", "documents", f"parse:{pk}:1") for pk in ids]
    assert Job.objects.filter(rung_at__isnull=True).count() == len(ids) - FIRST_OF_A_BATCH, "the reaper rings for the rest"


def test_a_read_document_is_prefilled(document: Document) -> None:
    for _ in range(2):
        invoices_signals.document_parsed.send(sender=None, document_id=document.pk)
    assert jobs() == [("prefill_document", "model", f"prefill:{document.pk}:2")]


def test_a_prefilled_document_is_put_before_people(document: Document) -> None:
    invoices_signals.document_prefilled.send(sender=None, document_id=document.pk, prediction_id=7)
    assert jobs() == [("open_labeling_task", "light", f"open:{document.pk}:2:7")]
    assert Job.objects.get().args == {"document_id": document.pk}


def test_a_document_that_is_read_again_is_put_before_people_again(document: Document) -> None:
    invoices_signals.document_prefilled.send(sender=None, document_id=document.pk, prediction_id=7)
    Job.objects.update(status=JobStatus.DEAD)
    Document.objects.filter(pk=document.pk).update(parse_revision=3)
    invoices_signals.document_prefilled.send(sender=None, document_id=document.pk, prediction_id=7)
    assert Job.objects.get(status=JobStatus.QUEUED).key == f"open:{document.pk}:3:7"


def test_where_a_model_serves_a_prefilled_document_is_read_with_it_once_per_prediction(
    document: Document, settings: LazySettings, tmp_path: Path
) -> None:
    settings.MODEL = str(tmp_path)
    for prediction_id in (7, 7, 8):
        invoices_signals.document_prefilled.send(sender=None, document_id=document.pk, prediction_id=prediction_id)
    assert [job for job in jobs() if job[0] == "read_with_model"] == [
        ("read_with_model", "inference", f"read:{document.pk}:2:7"),
        ("read_with_model", "inference", f"read:{document.pk}:2:8"),
    ]


def test_what_the_model_read_is_put_before_people_and_not_read_again(document: Document, settings: LazySettings, tmp_path: Path) -> None:
    settings.MODEL = str(tmp_path)
    invoices_signals.document_read_by_model.send(sender=None, document_id=document.pk, prediction_id=9)
    assert jobs() == [("open_labeling_task", "light", f"open:{document.pk}:2:9")]


def test_gold_teaches_its_vendor(document: Document) -> None:
    labeling_signals.gold_recorded.send(sender=None, gold_id=5, document_id=document.pk, vendor_id=3)
    labeling_signals.gold_recorded.send(sender=None, gold_id=6, document_id=document.pk, vendor_id=None)
    assert jobs() == [("learn_vendor_template", "model", "learn:3:5")]
