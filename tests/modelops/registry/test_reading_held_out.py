"""An evaluation asks a model that serves without reading what it would be asked, once, and has nothing read."""

from __future__ import annotations

from pathlib import Path

from mlcore.documents import DocumentText, GoldExample
from mlcore.evaluation.samples import Sample
from mlcore.schema import InvoiceRecord
from mlcore.serving import ServingExtractor
from modelops.registry.reading_held_out import ModelAndTemplates, read_all
from tests.mlcore.conftest import typewritten
from tests.mlcore.rescoring.conftest import DOUBTFUL
from tests.mlcore.rescoring.knowing import MODEL_ALONE, NeverReads


def test_a_model_that_reads_nothing_is_asked_once(tmp_path: Path) -> None:
    model = NeverReads()
    extractor = ServingExtractor("adapter-0", model, reads_as="reader-0", rescorer=MODEL_ALONE, weigher=model, reads=False)
    documents = {"doubtful": typewritten(DOUBTFUL), "empty": DocumentText(())}
    samples = [Sample(name, GoldExample(document, InvoiceRecord(), name)) for name, document in documents.items()]
    first = read_all(ModelAndTemplates(extractor), samples, tmp_path / "kept.jsonl", lambda done, of: None)
    assert list(first.extractions) == extractor.extract(list(documents.values()), [None] * 2)
    assert first.seconds is not None
    assert first.seconds.n == 1, "a document in which nothing is open costs nothing and is not timed"
    asked = len(model.asked)
    again = read_all(ModelAndTemplates(extractor), samples, tmp_path / "kept.jsonl", lambda done, of: None)
    assert again.extractions == first.extractions
    assert again.seconds is None
    assert len(model.asked) == asked, "what was weighed is kept"
