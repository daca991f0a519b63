"""Reading recent documents in the dark. Needs torch: a worker calls it.

Both readings of a document stand on the same template of its vendor, the one behind the reading that serves, so that a template which
has learned from a document since does not flatter the candidate.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, Min, OuterRef
from django.utils import timezone

from invoices.models import Document, DocumentStatus, Prediction, VendorTemplate
from invoices.parsing import document_text
from invoices.prefill import learned
from invoices.serving import accepts_documents, is_certified, load_serving
from labeling.corrections.names import is_corrected, original_name
from labeling.models import Annotation, GoldRecord
from labeling.routing import work_for
from mlcore.documents import Extraction
from mlcore.errors import MlcoreError, RecordError
from mlcore.inference.extractor import TemplatedExtractor
from mlcore.inference.model_names import authors_of
from mlcore.record_json import record_from_json
from mlcore.schema import InvoiceRecord
from modelops.deployment.shadow import OPEN, fail_shadow
from modelops.deployment.shadow_compare import LOST, WON, difference
from modelops.deployment.shadow_summary import summarise
from modelops.folders import artifact_folder
from modelops.models import DocumentRemoval, ShadowDocument, ShadowRun

_STATES = (DocumentStatus.PREFILLED, DocumentStatus.LABELED, DocumentStatus.GOLD)

Fence = Callable[[], None]


@dataclass(frozen=True, slots=True)
class _Pair:
    """A document with what serves said of it."""

    document: Document
    before: Prediction
    truth: InvoiceRecord | None


def read_in_the_dark(shadow_id: int, *, at_once: int, fence: Fence) -> None:
    """Carry a shadow run out, or go on with it: ``at_once`` documents at a time, each batch stored under the ``fence``.

    A run that is finished, failed or taken away is left alone; one that is taken away meanwhile ends with the batch
    (``ShadowRun.DoesNotExist``). A model that cannot be loaded fails the run. Stores no prediction.
    """
    run = ShadowRun.objects.select_related("model", "against").get(pk=shadow_id)
    if run.state not in OPEN:
        return
    _choose(run, fence)
    done = set(ShadowDocument.objects.filter(run=run).values_list("document_id", flat=True))
    left = [pk for pk in run.chosen if pk not in done]
    folder = artifact_folder(run.model)
    try:
        extractor = load_serving(folder) if left else None
    except MlcoreError as error:
        with transaction.atomic():
            fence()
            fail_shadow(shadow_id, f"{str(run.model).capitalize()} cannot read: {error}")
        return
    certified, began = is_certified(folder), time.monotonic()
    for start in range(0, len(left), at_once):
        assert extractor is not None
        rows = _read(run, left[start : start + at_once], extractor, certified=certified)
        with transaction.atomic():
            fence()
            _still_there(run)
            ShadowDocument.objects.bulk_create(rows, ignore_conflicts=True)
    seconds = (time.monotonic() - began) / len(left) if left else None
    with transaction.atomic():
        fence()
        _still_there(run)
        summary = summarise(run, seconds=seconds)
        ShadowRun.objects.filter(pk=run.pk).update(state=ShadowRun.State.FINISHED, summary=summary, finished_at=timezone.now(), error="")


def _choose(run: ShadowRun, fence: Fence) -> None:
    """The newest documents that something was read of, once for the run, so that it goes on with the same ones."""
    with transaction.atomic():
        fence()
        _still_there(run)
        if not run.chosen:
            removed = DocumentRemoval.objects.filter(document=OuterRef("pk"))
            found = Document.objects.filter(~Exists(removed), status__in=_STATES, parsed_at__isnull=False, predictions__isnull=False)
            run.chosen = list(found.order_by("-pk").values_list("pk", flat=True).distinct()[: run.wanted])
        ShadowRun.objects.filter(pk=run.pk).update(state=ShadowRun.State.RUNNING, chosen=run.chosen)


def _still_there(run: ShadowRun) -> None:
    ShadowRun.objects.select_for_update(of=("self",)).only("pk").get(pk=run.pk)


def _read(run: ShadowRun, ids: Sequence[int], extractor: TemplatedExtractor, *, certified: bool) -> list[ShadowDocument]:
    pairs = _pairs(run, ids)
    templates = [_template(pair.before) for pair in pairs]
    texts = [document_text(pair.document) for pair in pairs]
    known = [learned(template) for template in templates]
    found = extractor.extract(texts, known) if pairs else []
    return [_compared(run, pair, said, certified=certified) for pair, said in zip(pairs, found, strict=True)]


def _pairs(run: ShadowRun, ids: Sequence[int]) -> list[_Pair]:
    """Documents that are still there with a reading of the model that serves, else the reading that people were shown."""
    documents = Document.objects.filter(pk__in=ids, status__in=_STATES).select_related("vendor").defer("text_signature")
    golds = dict(GoldRecord.objects.filter(document__in=ids, is_current=True).values_list("document_id", "record"))
    serving_id = run.against.model_id if run.against else ""
    labeled = dict(Annotation.objects.filter(document__in=ids).values_list("document_id").annotate(Min("submitted_at")))
    chosen: dict[int, Prediction] = {}
    for prediction in Prediction.objects.filter(document__in=ids).order_by("pk"):
        first_label = labeled.get(prediction.document_id)
        if is_corrected(prediction.model_id) or (first_label is not None and prediction.created_at > first_label):
            continue
        known = chosen.get(prediction.document_id)
        if known is None or _is_by(prediction, serving_id) or not _is_by(known, serving_id):
            chosen[prediction.document_id] = prediction
    pairs = [_Pair(one, chosen[one.pk], _record(golds.get(one.pk))) for one in documents if one.pk in chosen]
    return sorted(pairs, key=lambda pair: -pair.document.pk)


def _is_by(prediction: Prediction, serving_id: str) -> bool:
    return authors_of(original_name(prediction.model_id)).model == serving_id


def _template(before: Prediction) -> VendorTemplate | None:
    name = authors_of(original_name(before.model_id)).template
    return VendorTemplate.objects.filter(template_id=name).order_by("pk").first() if name else None


def _record(data: object) -> InvoiceRecord | None:
    try:
        return record_from_json(data, ignore_unknown=True) if isinstance(data, dict) else None
    except RecordError:
        return None


def _compared(run: ShadowRun, pair: _Pair, said: Extraction, *, certified: bool) -> ShadowDocument:
    before = pair.before
    found = difference(_record(before.record) or InvoiceRecord(), said.record, pair.truth)
    return ShadowDocument(
        run=run,
        document=pair.document,
        route_before=before.route,
        route_after=said.route.value,
        changed=[one.to_json() for one in found.changed],
        judged=found.judged,
        right_before=found.right_before,
        right_after=found.right_after,
        won=found.count(WON),
        lost=found.count(LOST),
        work_before=work_for(route=before.route, model_id=before.model_id, certified=accepts_documents(before.model_id)).value,
        work_after=work_for(route=said.route.value, model_id=said.model_id, certified=certified).value,
    )
