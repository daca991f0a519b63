"""Between the ledger and the serving model: which of the claimed documents are read, together, and what ends each job."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from functools import partial

from django.db import transaction

from invoices.model_reading import Reading, store_reading, wanted_reading
from labeling.sampling import begun_document_ids
from mlcore.documents import Extraction
from mlcore.errors import ModelServerAway
from mlcore.inference.extractor import TemplatedExtractor
from workers import model_process
from workers.ledger import Lease
from workers.readers import Readers
from workers.together import Finish

logger = logging.getLogger(__name__)


def model_answers(leases: Sequence[Lease], readers: Readers) -> Iterator[tuple[Lease, Finish]]:
    """Read the documents of the jobs, those of one model in one batch. What nobody needs any more is not read, and its job is done.

    That is a document labeled, in somebody's hands, read before by this model and template, twice in the batch, or one that is to be
    filled in from its template alone. When the batch fails, each document is read by itself, so that only the one at fault fails; when
    a model server is away, no document is at fault, and all of them are tried again later.
    """
    documents = [lease.args["document_id"] for lease in leases]
    begun, whose = begun_document_ids(documents), readers.each(documents)
    batches: dict[str, dict[int, tuple[Lease, Reading]]] = {}
    for lease in leases:
        document_id = lease.args["document_id"]
        reader = whose[document_id]
        if reader is None or document_id in begun or document_id in batches.get(reader.model_id, {}):
            yield lease, _nothing
            continue
        try:
            reading = wanted_reading(document_id, reader.model_id)
        except Exception as error:  # that document's fault, or its absence
            yield lease, partial(_fail, error)
            continue
        if reading is None:
            yield lease, _nothing
        else:
            batches.setdefault(reader.model_id, {})[document_id] = (lease, reading)
    for reader in (readers.champion, readers.canary):
        if reader is not None and (batch := batches.get(reader.model_id)):
            yield from _read(list(batch.values()), reader, readers)


def _read(wanted: Sequence[tuple[Lease, Reading]], extractor: TemplatedExtractor, readers: Readers) -> Iterator[tuple[Lease, Finish]]:
    began = time.monotonic()
    readings = [reading for _, reading in wanted]
    try:
        extractions = _extract(readings, extractor)
    except Exception as error:
        if len(wanted) == 1 or isinstance(error, ModelServerAway):
            raise
        logger.warning("A batch of %s documents failed (%s); each is read by itself.", len(wanted), type(error).__name__)
        for lease, reading in wanted:
            yield lease, partial(_read_alone, lease, reading, extractor, readers)
        return
    model_process.report_batch(len(wanted), time.monotonic() - began)
    for (lease, reading), extraction in zip(wanted, extractions, strict=True):
        yield lease, partial(_store, lease, reading, readers, extractor.model_id, extraction)


def _read_alone(lease: Lease, reading: Reading, extractor: TemplatedExtractor, readers: Readers) -> None:
    began = time.monotonic()
    [extraction] = _extract([reading], extractor)
    model_process.report_batch(1, time.monotonic() - began)
    _store(lease, reading, readers, extractor.model_id, extraction)


def _extract(readings: Sequence[Reading], extractor: TemplatedExtractor) -> list[Extraction]:
    try:
        extractions = extractor.extract([reading.text for reading in readings], [reading.template for reading in readings])
    except ModelServerAway as error:
        model_process.set_aside(error)
        raise
    if len(extractions) != len(readings):
        raise ValueError(f"The model answered {len(extractions)} times for {len(readings)} documents.")
    return extractions


def _store(lease: Lease, reading: Reading, readers: Readers, serving_id: str, extraction: Extraction) -> None:
    """Unless somebody has begun, or another model was made to serve while this one was reading: then that one has been asked."""
    with transaction.atomic():
        if not readers.are_stale(serving_id) and not begun_document_ids([reading.document_id]):
            store_reading(reading, serving_id, extraction, fence=lease.check)


def _nothing() -> None:
    return None


def _fail(error: Exception) -> None:
    raise error
