"""Every kind of job checks its lease where it writes its result: a worker that was overtaken changes nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from invoices.audit.entries import AuditVerification
from invoices.intake import receive
from invoices.models import Document, Page, Prediction, User, Vendor, VendorTemplate
from invoices.parsing import parse_document
from invoices.prefill import prefill_document
from labeling.models import AgreementTally, CountedLabel, GoldRecord, LabelingTask
from labeling.sampling import open_task
from mlcore.record_json import record_to_json
from mlcore.schema import InvoiceRecord, VendorParty
from mlcore.training.presets import DEFAULT
from modelops.deployment import shadow_reading
from modelops.models import (
    AlertDelivery,
    AlertDestination,
    CountedDay,
    CountedReading,
    DatasetItem,
    DatasetVersion,
    Deployment,
    DocumentRemoval,
    ModelEvaluation,
    ModelVersion,
    RunLine,
    ShadowDocument,
    ShadowRun,
    TrainingRun,
)
from modelops.registry.asking import open_ask
from tests.invoices.paper import invoice_pdf
from tests.labeling.agreement.frozen_pairs import freeze, some
from tests.labeling.blind_pairs import submit_label
from tests.modelops.held_out import frozen_dataset
from tests.workers.second_reader import SecondReader
from workers import ledger, tasks
from workers.celery import app
from workers.kinds import KINDS
from workers.models import Job, JobStatus

pytestmark = pytest.mark.django_db

assert tasks, "importing them registers them"


@pytest.fixture
def document() -> Document:
    """A document as it came in."""
    return receive(name="invoice.pdf", data=invoice_pdf()).document


def overtake(monkeypatch: pytest.MonkeyPatch) -> None:
    """The job is given to somebody else while it is worked on."""
    real = ledger.claim

    def claim(job_id: int) -> ledger.Lease | None:
        lease = real(job_id)
        Job.objects.filter(pk=job_id).update(fence=99)
        return lease

    monkeypatch.setattr(ledger, "claim", claim)


RESULTS = (
    *(Page, Prediction, LabelingTask, VendorTemplate, AuditVerification, AgreementTally, CountedLabel, CountedReading, CountedDay),
    ModelEvaluation,
    DatasetItem,
    RunLine,
    ShadowDocument,
)


def results() -> list[int]:
    told = (DocumentRemoval.objects.filter(finished_at=None), AlertDelivery.objects.exclude(state="waiting"))
    return [*(model.objects.count() for model in RESULTS), *(rows.count() for rows in told)]


def prepared(kind: str, document: Document) -> dict[str, int]:
    """Everything up to the stage of ``kind`` has happened; the arguments of its job."""
    if kind == "parse_document":
        return {"document_id": document.pk, "revision": 1}
    parse_document(document.pk, 1)
    if kind == "prefill_document":
        return {"document_id": document.pk}
    prefill_document(document.pk)
    if kind in ("open_labeling_task", "read_with_model"):
        return {"document_id": document.pk}
    if kind == "train_run":
        version = DatasetVersion.objects.create(number=1)  # not frozen, so that the run fails, and says so
        return {
            "run_id": TrainingRun.objects.create(dataset=version, recipe=DEFAULT.to_json(), folder="run-late", attempts=1).pk,
            "attempt": 1,
        }
    if kind == "deliver_alert":
        destination = AlertDestination.objects.create(channel="email", address="ops@example.org")
        return {"delivery_id": AlertDelivery.objects.create(destination=destination, event="trial").pk}
    if kind == "count_day":
        return {}
    if kind == "evaluate_model":
        return {"ask_id": open_ask(None, frozen_dataset().pk).pk}
    if kind == "fill_in_anew":
        return {"deployment_id": templates_again(document)}
    if kind == "shadow_run":
        model = ModelVersion.objects.create(number=1, model_id="adapter-0123456789abcdef", origin="trained", folder="nowhere")
        return {"shadow_id": ShadowRun.objects.create(model=model, wanted=5).pk}
    if kind == "count_agreement":
        freeze(some([User.objects.create(username=name) for name in ("one", "other")], 1))
        return {}
    if kind in ("count_quality", "judge_labels"):
        submit_label(document, User.objects.create(username="one"), record_to_json(InvoiceRecord()))
        return {"document_id": document.pk} if kind == "judge_labels" else {}
    if kind == "finish_removal":
        return {"removal_id": DocumentRemoval.objects.create(document=document, ground="other", reason="test").pk}
    vendor = Vendor.objects.create(name="Apex Infusion")
    record = InvoiceRecord(invoice_number="INV-204881", vendor=VendorParty(name="Apex Infusion"))
    GoldRecord.objects.create(document=document, vendor=vendor, record=record_to_json(record))
    if kind == "freeze_dataset":
        few = {"validation": 1, "test": 1, "layouts": 2, "held_layouts": 1}
        return {"version_id": DatasetVersion.objects.create(number=1, plan={"synthetic": few}).pk}
    return {"vendor_id": vendor.pk}


def templates_again(document: Document) -> int:
    """A document that a model had read is shown, and templates alone are to serve from now on."""
    said = document.predictions.get()
    values = {name: getattr(said, name) for name in ("record", "fields", "checks", "route", "examples", "parse_revision")}
    Prediction.objects.create(document=document, model_id=f"adapter-0123456789abcdef+{said.model_id}", **values)
    open_task(document.pk)
    return Deployment.objects.create(kind=Deployment.Kind.FIRST).pk


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_late_result_is_refused(kind: str, document: Document, second_reader: SecondReader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shadow_reading, "load_serving", lambda folder: second_reader)
    args = prepared(kind, document)
    before = results()
    ledger.enqueue(KINDS[kind], f"late:{kind}", args)
    job = Job.objects.get(key=f"late:{kind}")
    do: Callable[[int], str] = app.tasks[KINDS[kind].task]
    with monkeypatch.context() as patch:
        overtake(patch)
        assert do(job.pk) == "refused"
    assert results() == before
    Job.objects.filter(pk=job.pk).update(status=JobStatus.QUEUED, lease_until=None)
    assert do(job.pk) == "done"
    assert results() != before, "the same job under its own lease does write"
