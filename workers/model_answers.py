"""Between the ledger and the serving model: which of the claimed documents are read, together, and what ends each job."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from functools import partial

from invoices.model_reading import Reading, store_reading, wanted_reading
from labeling.sampling import begun_document_ids
from mlcore.documents import Extraction
from mlcore.errors import ModelServerAway
from mlcore.inference.extractor import TemplatedExtractor
from workers import model_process
from workers.ledger import Lease
from workers.together import Finish

logger = logging.getLogger(__name__)


def model_answers(leases: Sequence[Lease], extractor: TemplatedExtractor) -> Iterator[tuple[Lease, Finish]]:
    """Read the documents of the jobs in one batch. What nobody needs any more is not read, and its job is done.

    That is a document labeled, in somebody's hands, read before by this model and template, or twice in the batch.
    When the batch fails, each document is read by itself, so that only the one at fault fails; when a model server is away,
    no document is at fault, and all of them are tried again later.
    """
    begun = begun_document_ids([lease.args["document_id"] for lease in leases])
    wanted: dict[int, tuple[Lease, Reading]] = {}
    for lease in leases:
        document_id = lease.args["document_id"]
        if document_id in begun or document_id in wanted:
            yield lease, _nothing
            continue
        try:
            reading = wanted_reading(document_id, extractor.model_id)
        except Exception as error:  # that document's fault, or its absence
            yield lease, partial(_fail, error)
            continue
        if reading is None:
            yield lease, _nothing
        else:
            wanted[document_id] = (lease, reading)
    if wanted:
        yield from _read(list(wanted.values()), extractor)


def _read(wanted: Sequence[tuple[Lease, Reading]], extractor: TemplatedExtractor) -> Iterator[tuple[Lease, Finish]]:
    began = time.monotonic()
    readings = [reading for _, reading in wanted]
    try:
        extractions = _extract(readings, extractor)
    except Exception as error:
        if len(wanted) == 1 or isinstance(error, ModelServerAway):
            raise
        logger.warning("A batch of %s documents failed (%s); each is read by itself.", len(wanted), type(error).__name__)
        for lease, reading in wanted:
            yield lease, partial(_read_alone, lease, reading, extractor)
        return
    model_process.report_batch(len(wanted), time.monotonic() - began)
    for (lease, reading), extraction in zip(wanted, extractions, strict=True):
        yield lease, partial(_store, lease, reading, extractor.model_id, extraction)


def _read_alone(lease: Lease, reading: Reading, extractor: TemplatedExtractor) -> None:
    began = time.monotonic()
    [extraction] = _extract([reading], extractor)
    model_process.report_batch(1, time.monotonic() - began)
    _store(lease, reading, extractor.model_id, extraction)


def _extract(readings: Sequence[Reading], extractor: TemplatedExtractor) -> list[Extraction]:
    try:
        extractions = extractor.extract([reading.text for reading in readings], [reading.template for reading in readings])
    except ModelServerAway as error:
        model_process.set_aside(error)
        raise
    if len(extractions) != len(readings):
        raise ValueError(f"The model answered {len(extractions)} times for {len(readings)} documents.")
    return extractions


def _store(lease: Lease, reading: Reading, serving_id: str, extraction: Extraction) -> None:
    if not begun_document_ids([reading.document_id]):
        store_reading(reading, serving_id, extraction, fence=lease.check)


def _nothing() -> None:
    return None


def _fail(error: Exception) -> None:
    raise error
